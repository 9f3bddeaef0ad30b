/**
 * Roles that can read form tables and nothing else of ours: what clients' queries and papers run as. One for each table, made where
 * this installation's user may make roles; else one for all of them, `<user>_reader`, where the administrator of
 * PostgreSQL has made it (deploy/postgresql/role.sql). Without either the restricted query alone stands between a client
 * and the rest.
 */
import pg from 'pg';
import type { FormTable } from '../../core/record.ts';
import { type Database, type Queryable, quoted } from '../database.ts';
import { qualified } from '../form-tables.ts';

/** SQLSTATE insufficient_privilege. */
export function isDenied(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '42501';
}

export class ReaderRoles {
  readonly #database: Database;
  /** By table; a table that is made anew has a new one. */
  readonly #roles = new Map<string, string>();
  /** Ways to get one that have not failed. */
  #ways: readonly Way[] = [ownRole, sharedRole];

  constructor(database: Database) {
    this.#database = database;
  }

  /** False: there are none, nor may we make them. */
  async prepare(tables: Iterable<string>): Promise<boolean> {
    for (const table of tables) await this.roleOf(table);
    return this.#ways.length > 0;
  }

  /** Undefined where there is none to be had. */
  async roleOf(table: FormTable['name']): Promise<string | undefined> {
    const known = this.#roles.get(table);
    if (known !== undefined) return known;
    for (const way of this.#ways) {
      const role = await this.#ready(way, table);
      if (role !== undefined) {
        this.#roles.set(table, role);
        return role;
      }
      this.#ways = this.#ways.filter(other => other !== way);
    }
    return undefined;
  }

  /** False: there was nothing to forget. */
  forget(table: FormTable['name']): boolean {
    return this.#roles.delete(table);
  }

  async #ready(way: Way, table: string): Promise<string | undefined> {
    try {
      return await this.#database.transaction(async connection => {
        // Engines that start at once: one does it.
        await connection.query(`select pg_advisory_xact_lock(hashtextextended('xms_reader', 0))`);
        return granted(connection, await way(connection, table), table);
      });
    } catch (error) {
      if (!isDenied(error)) throw error;
      return undefined;
    }
  }
}

/** The role, in which we are; undefined: there is none. Rejects with 42501 where we may not. */
type Way = (connection: Queryable, table: string) => Promise<string | undefined>;

/** Roles belong to the whole server: their names hold the database's number. */
async function ownRole(connection: Queryable, table: string): Promise<string | undefined> {
  const [row] = await connection.query<{ role: string; is_member: boolean | null }>(
    `select k.role, pg_has_role(r.oid, 'member') as is_member
       from (select 'xms_read_' || d.oid || '_' || $1::regclass::oid as role
               from pg_database d where d.datname = current_database()) k
       left join pg_roles r on r.rolname = k.role`,
    [qualified(table)],
  );
  if (!row || row.is_member) return row?.role;
  if (row.is_member === null) await connection.query(`create role ${quoted(row.role)} nologin`);
  await connection.query(`grant ${quoted(row.role)} to current_user`);
  return row.role;
}

async function sharedRole(connection: Queryable): Promise<string | undefined> {
  const [row] = await connection.query<{ rolname: string }>(
    `select rolname from pg_roles where rolname = session_user || '_reader' and pg_has_role(oid, 'member')`,
  );
  return row?.rolname;
}

/**
 * Lets it read the table, and name `xms.folded`, by which papers are found; undefined where that is not ours to give, of
 * which GRANT says no more than a warning.
 */
async function granted(
  connection: Queryable,
  role: string | undefined,
  table: string,
): Promise<string | undefined> {
  if (role === undefined) return undefined;
  const mayRead = async () => {
    const [row] = await connection.query<{ may: boolean }>(
      `select has_table_privilege($1, $2, 'select') and has_schema_privilege($1, 'xms', 'usage') as may`,
      [role, qualified(table)],
    );
    return row?.may ? role : undefined;
  };
  if (await mayRead()) return role;
  await connection.query(
    `grant select on ${qualified(table)} to ${quoted(role)}; grant usage on schema xms to ${quoted(role)}`,
  );
  return mayRead();
}
