/** The documents as clients read them: by queries, SELECT texts and papers. */
import type { Search } from '../core/engine/services/certify.ts';
import type { Query } from '../core/query.ts';
import type { FullQuery } from '../core/query-rules.ts';
import type { FormRecord, FormTable } from '../core/record.ts';
import type { Library, Page } from '../core/service-ports.ts';
import { findPapers } from './data/paper.ts';
import { isDenied, ReaderRoles } from './data/reader-role.ts';
import { selectPage } from './data/select.ts';
import type { Database } from './database.ts';
import { readSelect } from './select-text.ts';

export class PostgresLibrary implements Library {
  readonly #database: Database;
  readonly #roles: ReaderRoles;

  /** `database`: a pool of its own, so that long questions take no connection from the filing. */
  constructor(database: Database) {
    this.#database = database;
    this.#roles = new ReaderRoles(database);
  }

  /** Makes the roles that queries run as; false: this installation's user may not. */
  prepare(tables: Iterable<string>): Promise<boolean> {
    return this.#roles.prepare(tables);
  }

  read(text: string, tables: ReadonlyMap<string, FormTable>): Promise<Query> {
    return readSelect(text, tables);
  }

  select(query: FullQuery, table: FormTable, after?: string, most = Number.POSITIVE_INFINITY): Promise<Page> {
    return this.#asReader(table, role => selectPage(this.#database, query, table, { after, most }, role));
  }

  find(search: Search, table: FormTable): Promise<FormRecord[]> {
    return this.#asReader(table, role => findPapers(this.#database, search, table, role));
  }

  async #asReader<T>({ name }: FormTable, read: (role: string | undefined) => T | Promise<T>): Promise<T> {
    try {
      return await read(await this.#roles.roleOf(name));
    } catch (error) {
      // The table was made anew, and its role with it.
      if (!isDenied(error) || !this.#roles.forget(name)) throw error;
      return read(await this.#roles.roleOf(name));
    }
  }
}
