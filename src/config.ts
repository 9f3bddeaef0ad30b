/**
 * The only reader of the environment, and of the settings stored in the data folder.
 *
 * The data folder (XMSData, guide §2.4) holds everything that belongs to one installation on this machine:
 * config.json, secrets/, certificates/, postgres/, log/, run/ and, in trial use, station/.
 */
import { chmodSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import Conf, { type Schema } from 'conf';
import { XmError } from './core/errors.ts';
import { type Language, languages } from './core/language.ts';

export interface DatabaseServer {
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
}

const schema: Schema<Settings> = {
  database: {
    type: 'object',
    properties: { host: { type: 'string' }, port: { type: 'integer' }, user: { type: 'string' } },
    required: ['host', 'port', 'user'],
  },
  language: { enum: [...languages] },
  ports: {
    type: 'object',
    properties: { postgres: { type: 'integer' }, broker: { type: 'integer' } },
    required: ['postgres', 'broker'],
  },
};

const subFolders = ['secrets', 'certificates', 'log', 'run'] as const;

export class DataFolder {
  readonly path: string;
  readonly #store: Conf<Settings>;

  /** Opens the folder; makes it and its sub-folders (mode 0700) where they do not exist. Throws `data-folder`. */
  constructor(path: string) {
    this.path = resolve(path);
    try {
      mkdirSync(this.path, { recursive: true });
      for (const name of subFolders) mkdirSync(join(this.path, name), { recursive: true, mode: 0o700 });
      // A folder that was there before may be open to others.
      chmodSync(join(this.path, 'secrets'), 0o700);
      this.#store = new Conf<Settings>({
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

  get settings(): Settings {
    return this.#store.store;
  }

  set(changes: Partial<Settings>): void {
    this.#store.set(changes);
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

/** Where package.json, sql/ and bin/ lie, wherever this file was bundled to. */
export function packageFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  // src/config.ts and dist/*.js both lie one folder below.
  return dirname(here);
}
