/** The structures of the form tables, read from the catalogue and read again when a message names what is not known. */
import type { Clock, DocumentStore, OpenResult } from '../ports.ts';
import type { FormTable } from '../record.ts';
import { faultOf } from '../record-rules.ts';

/** A sender of unknown tables cannot make the catalogue be read more often than this. */
const rereadMs = 5_000;

export class Structures {
  readonly #documents: Pick<DocumentStore, 'tables'>;
  readonly #clock: Clock;
  #tables: ReadonlyMap<string, FormTable> | undefined;
  #readAt = 0;

  constructor(documents: Pick<DocumentStore, 'tables'>, clock: Clock) {
    this.#documents = documents;
    this.#clock = clock;
  }

  async refresh(): Promise<void> {
    this.#readAt = this.#clock.now();
    this.#tables = await this.#documents.tables();
  }

  /** The tables, fresh enough that a table or column which these messages name and which exists is there. */
  async of(results: readonly OpenResult[]): Promise<ReadonlyMap<string, FormTable>> {
    if (!this.#tables) await this.refresh();
    const strange = results.some(result => result.ok && this.#isStrange(result));
    if (strange && this.#clock.now() - this.#readAt >= rereadMs) await this.refresh();
    return this.#tables ?? new Map();
  }

  #isStrange({ message }: OpenResult & { ok: true }): boolean {
    if (message.service !== 'EXPORT') return false;
    const table = this.#tables?.get(message.table);
    return !table || faultOf(message.record, table) !== undefined;
  }
}
