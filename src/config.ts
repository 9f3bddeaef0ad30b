/**
 * The only reader of the environment, and of the settings stored in the data folder.
 *
 * The data folder (XMSData, guide §2.4) holds everything that belongs to one installation on this machine:
 * config.json, secrets/, certificates/, postgres/, log/, run/ and, in trial use, station/.
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import Conf, { type Schema } from 'conf';
import { XmError } from './core/errors.ts';
import { type Language, languages } from './core/language.ts';

interface DatabaseServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** What config.json holds. Passwords are not here: they stand in secrets/. */
export interface Settings {
  /** Absent: embedded PostgreSQL and broker. */
  readonly database?: DatabaseServer;
  readonly language?: Language;
  /** Ports of the embedded services, kept so that running stations and engines find them again. */
  readonly ports?: { readonly postgres: number; readonly broker: number };
  /** Name of this folder's engine: its row in the table of engines, and its session at the broker. */
  readonly engine?: string;
}

/** What config.json of a station holds. */
export interface StationSettings {
  readonly matricule: number;
  readonly database: DatabaseServer & { readonly name: string };
  readonly broker: { readonly url: string; readonly userName: string };
  /** Records of one SDC, where the client's profile allows several; absent: 1. */
  readonly batch?: number;
}

const server = {
  type: 'object',
  properties: { host: { type: 'string' }, port: { type: 'integer' }, user: { type: 'string' } },
  required: ['host', 'port', 'user'],
} as const;

const schema: Schema<Settings> = {
  database: server,
  language: { enum: [...languages] },
  ports: {
    type: 'object',
    properties: { postgres: { type: 'integer' }, broker: { type: 'integer' } },
    required: ['postgres', 'broker'],
  },
  engine: { type: 'string' },
};

const stationSchema: Schema<StationSettings> = {
  matricule: { type: 'integer', minimum: 1 },
  database: {
    ...server,
    properties: { ...server.properties, name: { type: 'string' } },
    required: [...server.required, 'name'],
  },
  broker: {
    type: 'object',
    properties: { url: { type: 'string' }, userName: { type: 'string' } },
    required: ['url', 'userName'],
  },
  batch: { type: 'integer', minimum: 1, maximum: 250 },
};

/** A folder with its settings (config.json) and its sub-folders, secrets/ among them. */
class SettingsFolder<T extends StationSettings | Settings> {
  readonly path: string;
  readonly #store: Conf<T>;

  /** Opens the folder; makes it and its sub-folders (mode 0700) where they do not exist. Throws `data-folder`. */
  protected constructor(path: string, schema: Schema<T>, subFolders: readonly string[]) {
    this.path = resolve(path);
    try {
      mkdirSync(this.path, { recursive: true });
      for (const name of subFolders) mkdirSync(join(this.path, name), { recursive: true, mode: 0o700 });
      // A folder that was there before may be open to others.
      chmodSync(join(this.path, 'secrets'), 0o700);
      this.#store = new Conf<T>({
        cwd: this.path,
        configName: 'config',
        projectName: 'xmserver',
        configFileMode: 0o600,
        schema,
      });
    } catch (error) {
      throw new XmError('data-folder', { folder: path, detail: (error as Error).message }, { cause: error });
    }
  }

  /** A path inside the folder. */
  at(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /** As they stand in the file now: other processes write it, too. */
  get settings(): Partial<T> {
    return this.#store.store;
  }

  set(changes: Partial<T>): void {
    this.#store.store = { ...this.#store.store, ...changes };
  }

  /** A secret of secrets/; undefined where there is none of that name. */
  secret(name: string): string | undefined {
    return textOf(this.at('secrets', name))?.trim();
  }

  keepSecret(name: string, value: string): void {
    const file = this.at('secrets', name);
    writeFileSync(`${file}.new`, `${value}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

/** The folder of a server: XMSData. */
export class DataFolder extends SettingsFolder<Settings> {
  constructor(path: string) {
    super(path, schema, ['secrets', 'certificates', 'log', 'run']);
  }
}

/** The folder of a station: station/ in XMSData. */
export class StationFolder extends SettingsFolder<StationSettings> {
  /** Makes the folder where it does not exist. */
  constructor(path: string) {
    super(path, stationSchema, ['secrets', 'certificates']);
  }
}

/** `$XDG_DATA_HOME/XMSData`, by the XDG base directory rules; on Windows below the local application data. */
export function defaultDataFolder(): string {
  if (process.platform === 'win32') {
    return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'XMcomm', 'XMSData');
  }
  const xdg = process.env.XDG_DATA_HOME;
  // The rules say that a relative path is to be ignored.
  return join(xdg?.startsWith('/') ? xdg : join(homedir(), '.local', 'share'), 'XMSData');
}

/** The language of the environment (LC_ALL, LC_MESSAGES, LANG); French unless it says English. */
export function environmentLanguage(): Language {
  const locale = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '';
  return /^en/i.test(locale) ? 'en' : 'fr';
}

/** What the environment says of the terminal. */
export function terminalEnvironment(): { readonly noColour: boolean; readonly term: string } {
  return { noColour: (process.env.NO_COLOR ?? '') !== '', term: process.env.TERM ?? '' };
}

/** PGPASSWORD, as libpq's own programs read it; undefined where it is not set. */
export function environmentDatabasePassword(): string | undefined {
  return process.env.PGPASSWORD;
}

/** XMS_BROKER_PASSWORD: of the broker account that `xmserver init` is given. */
export function environmentBrokerPassword(): string | undefined {
  return process.env.XMS_BROKER_PASSWORD;
}

/**
 * The passphrase of this installation's private keys: the systemd credential `xms-passphrase` (`LoadCredential=` in the
 * unit); undefined where there is none. Throws where there is one that cannot be read: keys in clear are no substitute.
 */
export function environmentPassphrase(): string | undefined {
  const folder = process.env.CREDENTIALS_DIRECTORY;
  const text = folder ? textOf(join(folder, 'xms-passphrase')) : undefined;
  return text === undefined ? undefined : text.split(/\r?\n/, 1)[0];
}

/** Undefined where there is no such file. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Where package.json, sql/ and bin/ lie, wherever this file was bundled to. */
export function packageFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  // src/config.ts and dist/*.js both lie one folder below.
  return dirname(here);
}
