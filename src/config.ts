/**
 * The only reader of the settings stored in the data folder.
 *
 * The data folder (XMSData, guide §2.4) holds everything that belongs to one installation on this machine:
 * config.json, secrets/, certificates/, postgres/, log/, run/ and, in trial use, station/.
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Conf from 'conf';
import { type DatabaseServer, sslModes } from './core/database-server.ts';
import { XmError } from './core/errors.ts';
import { type Language, languages } from './core/language.ts';
import { packageFolder } from './environment.ts';
import { faultIn, type ObjectRule, type Rule } from './settings-schema.ts';

/** How a broker is reached; files are PEM, their paths as seen from this folder. */
export interface BrokerConnection {
  /** The authorities that may vouch for the broker, and no others; absent: the system's and our own. */
  readonly ca?: string;
  /** For a broker that asks its clients for one. */
  readonly certificate?: string;
  readonly key?: string;
  /** Seconds. */
  readonly keepAliveS?: number;
  /** TLS groups, the preferred one first, as OpenSSL lists them: only the first costs bytes in each handshake. */
  readonly groups?: string;
}

/** What config.json holds. Passwords are not here: they stand in secrets/. */
export interface Settings {
  /** Absent: embedded PostgreSQL and broker. */
  readonly database?: DatabaseServer;
  /** Address and account are in the database, for all machines; this is how it is reached from here. */
  readonly broker?: BrokerConnection;
  readonly language?: Language;
  /** Ports of the embedded services, kept so that running stations and engines find them again. */
  readonly ports?: { readonly postgres: number; readonly broker: number };
  /** Name of this folder's engine: its row in the table of engines, and its session at the broker. */
  readonly engine?: string;
}

/** What config.json of a station holds. */
export interface StationSettings {
  readonly matricule: number;
  /** `embedded`: the station's own PostgreSQL, which every command starts where it does not run. */
  readonly database: DatabaseServer & { readonly name: string; readonly embedded?: boolean };
  readonly broker: BrokerConnection & { readonly url: string; readonly userName: string };
  /** Records of one SDC, where the client's profile allows several; absent: 1. */
  readonly batch?: number;
  /** False: a fresh ephemeral key for each SDC (docs/sdc.md, "Outside, compact"). */
  readonly sessionKeys?: boolean;
  /** False: the topic is named in each message, also where the broker offers aliases (MQTT 5). */
  readonly topicAlias?: boolean;
}

const server = {
  type: 'object',
  properties: {
    host: { type: 'string' },
    port: { type: 'integer' },
    user: { type: 'string' },
    sslmode: { enum: [...sslModes] },
    ca: { type: 'string' },
  },
  required: ['host', 'port', 'user'],
} as const;

const brokerProperties = {
  ca: { type: 'string' },
  certificate: { type: 'string' },
  key: { type: 'string' },
  // In MQTT it is a number of 16 bits; 0 would switch it off, and a dead connection would never be found out.
  keepAliveS: { type: 'integer', minimum: 1, maximum: 65_535 },
  groups: { type: 'string' },
} as const;

const settingsRules: Readonly<Record<keyof Settings, Rule>> = {
  database: server,
  broker: { type: 'object', properties: brokerProperties },
  language: { enum: [...languages] },
  ports: {
    type: 'object',
    properties: { postgres: { type: 'integer' }, broker: { type: 'integer' } },
    required: ['postgres', 'broker'],
  },
  engine: { type: 'string' },
};

const stationRules: Readonly<Record<keyof StationSettings, Rule>> = {
  matricule: { type: 'integer', minimum: 1 },
  database: {
    ...server,
    properties: { ...server.properties, name: { type: 'string' }, embedded: { type: 'boolean' } },
    required: [...server.required, 'name'],
  },
  broker: {
    type: 'object',
    properties: { ...brokerProperties, url: { type: 'string' }, userName: { type: 'string' } },
    required: ['url', 'userName'],
  },
  batch: { type: 'integer', minimum: 1, maximum: 250 },
  sessionKeys: { type: 'boolean' },
  topicAlias: { type: 'boolean' },
};

/** A folder with its settings (config.json) and its sub-folders, secrets/ among them. */
class SettingsFolder<T extends StationSettings | Settings> {
  readonly path: string;
  readonly #store: Conf<T>;
  readonly #rule: ObjectRule;

  /** Opens the folder; makes it and its sub-folders (mode 0700) where they do not exist. Throws `data-folder`. */
  protected constructor(path: string, properties: ObjectRule['properties'], subFolders: readonly string[]) {
    this.path = resolve(path);
    this.#rule = { type: 'object', properties };
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
      });
    } catch (error) {
      throw new XmError('data-folder', { folder: path, detail: (error as Error).message }, { cause: error });
    }
    this.#checked(this.#store.store);
  }

  /** A path inside the folder. */
  at(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /** As they stand in the file now: other processes write it, too. Throws `data-folder`. */
  get settings(): Partial<T> {
    return this.#checked(this.#store.store);
  }

  /** Throws `data-folder`. */
  set(changes: Partial<T>): void {
    this.#store.store = this.#checked({ ...this.#store.store, ...changes });
  }

  #checked(settings: T): T {
    const fault = faultIn(settings, this.#rule);
    if (fault === undefined) return settings;
    throw new XmError('data-folder', { folder: this.path, detail: `config.json: ${fault}` });
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
    super(path, settingsRules, ['secrets', 'certificates', 'log', 'run']);
  }
}

/** The folder of a station: station/ in XMSData. */
export class StationFolder extends SettingsFolder<StationSettings> {
  /** Makes the folder where it does not exist. */
  constructor(path: string) {
    super(path, stationRules, ['secrets', 'certificates']);
  }
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

/** The vendor's public key, against which licence keys are checked: part of the program, not of the data folder. */
export function vendorLicenceKey(): { readonly file: string; readonly pem: string | undefined } {
  const file = join(packageFolder(), 'deploy', 'vendor-licence.pub');
  return { file, pem: textOf(file) };
}
