/**
 * Roles that can read one form table each, and nothing else of ours: what a client's query runs as. They are made where
 * this installation's user may make roles; elsewhere the restricted query alone stands between a client and the rest.
 */
import pg from 'pg';
import type { FormTable } from '../../core/record.ts';
import { type Database, type Queryable, quoted } from '../database.ts';
import { qualified } from '../form-tables.ts';

interface RoleRow extends Record<string, unknown> {
  readonly role: string;
  readonly is_ready: boolean;
}

/** SQLSTATE insufficient_privilege. */
export function isDenied(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '42501';
}

export class ReaderRoles {
  readonly #database: Database;
  /** By table; a table that is made anew has a new one. */
  readonly #roles = new Map<string, string>();
  #mayMake = true;

  constructor(database: Database) {
    this.#database = database;
  }

  /** False: this installation's user may make no roles, or grant nothing to them. */
  async prepare(tables: Iterable<string>): Promise<boolean> {
    for (const table of tables) await this.roleOf(table);
    return this.#mayMake;
  }

  /** Makes it where it is missing. Undefined where we may not. */
  async roleOf(table: FormTable['name']): Promise<string | undefined> {
    const known = this.#roles.get(table);
    if (known !== undefined || !this.#mayMake) return known;
    try {
      const role = await this.#database.transaction(connection => ready(connection, table));
      this.#roles.set(table, role);
      return role;
    } catch (error) {
      if (!isDenied(error)) throw error;
      this.#mayMake = false;
      return undefined;
    }
  }

  /** False: there was nothing to forget. */
  forget(table: FormTable['name']): boolean {
    return this.#roles.delete(table);
  }
}

/** Roles belong to the whole server: their names hold the database's number. */
async function ready(connection: Queryable, table: string): Promise<string> {
  // Engines that start at once: one makes it.
  await connection.query(`select pg_advisory_xact_lock(hashtextextended('xms_reader', 0))`);
  const [row] = await connection.query<RoleRow>(
    `select k.role, coalesce(has_table_privilege(r.oid, k.oid, 'select') and pg_has_role(r.oid, 'member'), false) as is_ready
       from (select 'xms_read_' || d.oid || '_' || $1::regclass::oid as role, $1::regclass::oid as oid
               from pg_database d where d.datname = current_database()) k
       left join pg_roles r on r.rolname = k.role`,
    [qualified(table)],
  );
  const { role, is_ready } = row as RoleRow;
  if (is_ready) return role;
  const [known] = await connection.query('select from pg_roles where rolname = $1', [role]);
  if (!known) await connection.query(`create role ${quoted(role)} nologin`);
  await connection.query(
    `grant ${quoted(role)} to current_user; grant usage on schema public to ${quoted(role)};
     grant select on ${qualified(table)} to ${quoted(role)}`,
  );
  return role;
}
