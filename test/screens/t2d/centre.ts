/** A centre in databases of its own that can be lost, an office that brings its records as files, and a console. */
import { randomBytes } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { administrationOf } from '../../../src/cli/administration/ports.ts';
import { ConsoleT2d } from '../../../src/cli/console-t2d.ts';
import { serverKeys } from '../../../src/cli/server-keys.ts';
import { DataFolder } from '../../../src/config.ts';
import { XmError } from '../../../src/core/errors.ts';
import { demand, type Operator, trialOperator } from '../../../src/core/operator.ts';
import type { Value } from '../../../src/core/record.ts';
import { fileNameOf } from '../../../src/core/t2d.ts';
import { PostgresAccountStore } from '../../../src/db/account-store.ts';
import { Database } from '../../../src/db/database.ts';
import { PostgresLicenceStore } from '../../../src/db/system/licence.ts';
import { createSealer } from '../../../src/sdc/sealer.ts';
import { textForm } from '../../../src/sdc/text-form.ts';
import { clone } from '../../db/databases.ts';
import { identity } from '../../sdc/identity.ts';
import { StandIn } from '../stand-in.ts';
import { Gate } from './gate.ts';

export const matricule = 1_024;
const dayMs = 86_400_000;
/** What was last changed so long ago is whole. */
const longAgo = 60;

export class Centre {
  /** As tests look at them, whatever becomes of the gate. */
  readonly system: Database;
  readonly documents: Database;
  /** Between the console and PostgreSQL. */
  readonly gate: Gate;
  readonly home = mkdtempSync(join(tmpdir(), 'xms-t2d-'));
  readonly data: DataFolder;
  readonly #keys: ReturnType<typeof serverKeys>;
  readonly #office = identity();
  readonly #behind: { readonly system: Database; readonly documents: Database };
  readonly #columns: readonly string[];
  readonly #opened: ConsoleT2d[] = [];
  #numero = 0;

  static async open(): Promise<Centre> {
    const [system, documents] = await Promise.all([clone('XMServerSystem'), clone('XMServerData')]);
    const { host, port } = system.settings;
    const gate = await Gate.open(host, port);
    const columns = await documents.query<{ name: string }>(
      `select column_name as name from information_schema.columns where table_name = 'Naissance'`,
    );
    const centre = new Centre(
      system,
      documents,
      gate,
      columns.map(({ name }) => name),
    );
    await centre.#enrol();
    return centre;
  }

  private constructor(system: Database, documents: Database, gate: Gate, columns: readonly string[]) {
    this.system = system;
    this.documents = documents;
    this.gate = gate;
    this.#columns = columns;
    this.data = new DataFolder(join(this.home, 'XMSData'));
    this.#keys = serverKeys(this.data, Date.now());
    const behind = ({ settings }: Database) =>
      new Database({ ...settings, host: '127.0.0.1', port: gate.port }, 'test console');
    this.#behind = { system: behind(system), documents: behind(documents) };
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map(one => one.close()));
    await Promise.all([this.#behind.system.close(), this.#behind.documents.close()]);
    await this.gate.close();
    rmSync(this.home, { recursive: true, force: true });
  }

  /** A console of this centre. */
  ports({ privilege = 3, readOnly = false }: { privilege?: 2 | 3; readOnly?: boolean } = {}): StandIn {
    const ports = new StandIn();
    ports.privilege = privilege;
    ports.readOnly = readOnly;
    ports.t2d = this.t2d(privilege, readOnly);
    ports.stores = {
      administration: administrationOf(this.system, this.documents),
      accounts: new PostgresAccountStore(this.system),
      licence: new PostgresLicenceStore(this.system, { file: 'none', pem: undefined }),
      get security(): never {
        throw new Error('not of these screens');
      },
    };
    return ports;
  }

  /** T2D as the console's installation has it. */
  t2d(privilege: 2 | 3 = 3, readOnly = false): ConsoleT2d {
    const operator: Operator = {
      id: 1,
      userName: trialOperator.userName,
      name: trialOperator.name,
      privilege,
    };
    const t2d = new ConsoleT2d(
      { ...this.#behind, keys: this.#keys },
      {
        demand(act) {
          if (readOnly) throw new XmError('read-only');
          demand(operator, act);
          return operator;
        },
        watched: this.data.at('t2d'),
      },
    );
    this.#opened.push(t2d);
    return t2d;
  }

  folder(name: string): string {
    const folder = join(this.home, name);
    mkdirSync(folder);
    return folder;
  }

  /** Births of the office, each as a file of its own; returns their names. */
  async lay(folder: string, count: number, more: Readonly<Record<string, Value>> = {}): Promise<string[]> {
    const recipient = this.#keys.signer.certificate;
    const sealed = await createSealer({ signer: this.#office }).seal(
      Array.from({ length: count }, () => ({
        recipient,
        message: {
          service: 'EXPORT',
          id: randomBytes(8),
          recipient: recipient.keyId,
          at: Math.floor(Date.now() / 1_000),
          table: 'Naissance',
          records: [this.#birth(more)],
        },
      })),
    );
    return sealed.map(({ sdc }) => {
      const name = fileNameOf({ matricule, direction: 'up' }, sdc, Date.now());
      layFile(join(folder, name), `${textForm(sdc)}\n`);
      return name;
    });
  }

  async births(): Promise<number> {
    const [row] = await this.documents.query<{ n: number }>('select count(*)::int as n from "Naissance"');
    return row?.n ?? 0;
  }

  /** Acts of T2D, the newest first. */
  journal(): Promise<{ act: string; operator: string; detail: Record<string, unknown> }[]> {
    return this.system.query(
      `select act, operator, detail from journal where act like 't2d%' order by id desc`,
    );
  }

  /** Nothing is filed until what is returned is called. */
  async hold(): Promise<() => void> {
    const [held, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    void this.documents.transaction(async connection => {
      await connection.query('lock table "Naissance" in exclusive mode');
      held.resolve();
      await free.promise;
    });
    await held.promise;
    return free.resolve;
  }

  #birth(more: Readonly<Record<string, Value>>): Map<string, Value> {
    const record = new Map<string, Value>(this.#columns.map(name => [name, null]));
    this.#numero++;
    record.set('Numero', this.#numero).set('Status', 2).set('Nom', `Essomba ${this.#numero}`);
    for (const [name, value] of Object.entries(more)) record.set(name, value);
    return record;
  }

  async #enrol(): Promise<void> {
    const { keyId, spki } = this.#office;
    const { system } = this;
    await system.query(`insert into client (matricule, nom, status) values ($1, 'Mbalmayo II', 2)`, [
      matricule,
    ]);
    await system.query('insert into account (client) values ($1)', [matricule]);
    await system.query(
      `insert into access_right (client, table_name, may_write) values ($1, 'Naissance', true)`,
      [matricule],
    );
    await system.query(
      `insert into certificate (key_id, client, spki, der, not_before, not_after) values ($1, $2, $3, $4, $5, $6)`,
      [keyId, matricule, spki, spki, new Date(Date.now() - dayMs), new Date(Date.now() + dayMs)],
    );
  }
}

export function layFile(file: string, content: string): void {
  writeFileSync(file, content);
  const old = Date.now() / 1_000 - longAgo;
  utimesSync(file, old, old);
}

/** SDCs of a folder. */
export function sdcs(...folder: readonly string[]): string[] {
  return readdirSync(join(...folder)).filter(name => name.endsWith('.sdc'));
}

export function textOf(...file: readonly string[]): string {
  return readFileSync(join(...file), 'utf8');
}
