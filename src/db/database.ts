/** One PostgreSQL database: a pool, transactions, and faults told apart. */
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { XmError } from '../core/errors.ts';
import { Client } from './client.ts';

export interface DatabaseSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** `tlsOptions`; absent: as PGSSLMODE says. */
  readonly ssl?: false | ConnectionOptions;
  /** PostgreSQL itself refuses what would write: `read-only`. */
  readonly readOnly?: boolean;
}

export type Row = Record<string, unknown>;

export type DatabaseError = pg.DatabaseError;

/** What can run a statement: the pool, or one connection inside a transaction. */
export interface Queryable {
  query<R extends Row = Row>(text: string, parameters?: readonly unknown[]): Promise<R[]>;
}

/** A server that vanishes under a running statement says nothing; the kernel would go on for a quarter of an hour. */
const longestQueryMs = 120_000;

export class Database implements Queryable {
  readonly settings: DatabaseSettings;
  readonly #pool: pg.Pool;

  /** Connects when first used. `applicationName` shows in pg_stat_activity. */
  constructor(settings: DatabaseSettings, applicationName: string, max = 8) {
    this.settings = settings;
    this.#pool = new pg.Pool({
      ...connectionOptions(settings, applicationName),
      Client,
      max,
      idleTimeoutMillis: 30_000,
      query_timeout: longestQueryMs,
      // Statements that do not wait for each other's answers go out together, and are done in their order.
      pipeline: true,
    });
    // A connection lost while idle is replaced at the next use, which tells if there is none to be had.
    this.#pool.on('error', () => undefined);
    // One lost in anybody's hands: the next statement tells. From its first moment on, for the end may come together
    // with the welcome, before whoever waited for it gets it; an error that nobody hears would end the process.
    this.#pool.on('connect', client => client.on('error', () => undefined));
  }

  async query<R extends Row = Row>(text: string, parameters: readonly unknown[] = []): Promise<R[]> {
    // By the transaction, not by a setting of the session: a pooler hands sessions on.
    if (this.settings.readOnly)
      return this.#within('begin read only', connection => connection.query<R>(text, parameters));
    try {
      return (await this.#pool.query<R>(text, [...parameters])).rows;
    } catch (error) {
      throw translated(error, this.settings);
    }
  }

  /** Runs `work` between BEGIN and COMMIT; whatever it throws rolls back and is thrown on. */
  transaction<T>(work: (connection: Queryable) => Promise<T>): Promise<T> {
    return this.#within(this.settings.readOnly ? `${begin}; set transaction read only` : begin, work);
  }

  async #within<T>(opening: string, work: (connection: Queryable) => Promise<T>): Promise<T> {
    let client: pg.PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      throw translated(error, this.settings);
    }
    let isOver = false;
    const connection: Queryable = {
      query: async <R extends Row>(text: string, parameters: readonly unknown[] = []) => {
        // What is left of work that failed at another place must not go into the next one's transaction.
        if (isOver) throw new Error('the transaction is over');
        return (await client.query<R>(text, [...parameters])).rows;
      },
    };
    let broken: Error | undefined;
    try {
      await client.query(opening);
      const result = await work(connection);
      isOver = true;
      await client.query('commit');
      return result;
    } catch (error) {
      isOver = true;
      broken = isConnectionFault(error) || isReplica(error) ? (error as Error) : await rollback(client);
      throw translated(error, this.settings);
    } finally {
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

/**
 * Read committed, whatever the database's default: after a wait for a lock, what others committed must be seen. All
 * that a transaction of ours looks up, it looks up by a key; the planner, which takes a table that has just grown for
 * a small one, would read it whole, or start parallel workers for it (measured: two thirds of the time of a batch).
 */
const begin = `begin isolation level read committed;
  set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off;
  set local max_parallel_workers_per_gather = 0; set local jit = off`;

/** Undefined, or why it failed: a connection that cannot even roll back is not given to anybody again. */
function rollback(client: pg.PoolClient): Promise<Error | undefined> {
  return client.query('rollback').then(
    () => undefined,
    (fault: Error) => fault,
  );
}

/** Options of a single connection or a pool. */
export function connectionOptions(settings: DatabaseSettings, applicationName: string): pg.ClientConfig {
  const { readOnly: _ours, ...server } = settings;
  return {
    ...server,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
    // The system's own first probe comes after two hours.
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    types: { getTypeParser: typeParser as typeof pg.types.getTypeParser },
  };
}

/** int8 as bigint; dates and times as PostgreSQL writes them, for a Date would bend them to this machine's zone. */
function typeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === pg.types.builtins.INT8) return BigInt;
  if (textTypes.has(oid)) return value => value;
  return pg.types.getTypeParser(oid, format) as (value: string) => unknown;
}

const { DATE, TIME, TIMETZ, TIMESTAMP, TIMESTAMPTZ } = pg.types.builtins;
const textTypes = new Set<number>([DATE, TIME, TIMETZ, TIMESTAMP, TIMESTAMPTZ]);

/**
 * Connection faults become `database-unreachable`, want of room and of the right to write `database-hindered`; the same
 * call can be made again later.
 */
export function translated(error: unknown, settings: DatabaseSettings): unknown {
  if (settings.readOnly && isReplica(error)) return new XmError('read-only', {}, { cause: error });
  const code = isConnectionFault(error)
    ? 'database-unreachable'
    : isHindrance(error)
      ? 'database-hindered'
      : undefined;
  if (code === undefined) return error;
  const host = `${settings.host}:${settings.port}`;
  return new XmError(code, { host, detail: saidBy(error) }, { cause: error });
}

/** What a fault of a connection says of itself. */
export function saidBy(error: unknown): string {
  const said = (error as Error).message || String((error as NodeJS.ErrnoException).code);
  // Of a certificate that is not believed Node tells how to start Node, and of no password pg says what it is not:
  // the words for that are libpq's.
  return said
    .replace(/; if the root CA is installed locally.*/, '')
    .replace(noPassword, 'no password supplied');
}

/** SQLSTATE: no room (class 53), a fault of disks (58), a replica that must not write, a lock that did not come. */
const hindranceStates = /^(25006|53...|55P03|57014|58...)$/;

/**
 * What only lets read, where we did not ask for that, was the server before a failover: the name that we know it by may
 * be another's already, which only a new connection finds out.
 */
function isReplica(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '25006';
}

function isHindrance(error: unknown): boolean {
  return error instanceof pg.DatabaseError && hindranceStates.test(error.code ?? '');
}

/** SQLSTATE class 08, and the states of a server that starts, stops or has no room, or refuses the log-in. */
const connectionStates = /^(08...|57P0[1-3]|53300|28...|3D000)$/;
/** Errors of Node's sockets and of its name look-up; those of files are another matter. */
const socketCodes = /^(ECONN\w+|EPIPE|ETIMEDOUT|E(HOST|NET)\w+|EADDRNOTAVAIL|ENOTFOUND|EAI_\w+)$/;
/** Errors of TLS: no common ground, or a certificate that is not believed. */
const tlsCodes =
  /^(ERR_(TLS|SSL)_|CERT_|SELF_SIGNED_CERT|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA)/;
/** The server asks for a password, and there is none. */
const noPassword = /^SASL: .*client password must be .*/;
/** pg's own errors have no code. */
const connectionWords =
  /^(SASL: .*client password must be |The server does not support SSL|There was an error establishing an SSL|Connection terminated|Client (has encountered a connection error|was closed)|timeout ex|Query read timeout)/;

export function isConnectionFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string')
    return connectionStates.test(code) || socketCodes.test(code) || tlsCodes.test(code);
  return connectionWords.test(error.message);
}

/** SQLSTATE classes of what passes: connection, transaction, resources, locks, operators, the system. */
const passingStates = /^(08|25|40|53|55|57|58|XX)/;

/** A fault of a statement and its data: trying again cannot help. */
export function isLastingFault(error: unknown): error is DatabaseError {
  return error instanceof pg.DatabaseError && !passingStates.test(error.code ?? '');
}

/** `("a","b")`, quoted as identifiers. */
export function quoted(name: string): string {
  return pg.escapeIdentifier(name);
}

/**
 * The text and parameters of a multi-row VALUES list: `($1,$2),($3,$4)`. At most 65 535 parameters go into one
 * statement (the protocol counts them in 16 bits); callers keep their batches below that.
 */
export function valuesList(rows: readonly (readonly unknown[])[]): {
  readonly text: string;
  readonly parameters: unknown[];
} {
  const parameters: unknown[] = [];
  const text = rows
    .map(row => {
      const marks = row.map(value => `$${parameters.push(value)}`);
      return `(${marks.join(',')})`;
    })
    .join(',');
  return { text, parameters };
}
