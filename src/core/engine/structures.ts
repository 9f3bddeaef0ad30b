/** The structures of the form tables, read from the catalogue and read again when a message does not fit them. */
import type { ErrorCode } from '../errors.ts';
import type { Arrival, DocumentStore } from '../ports.ts';
import type { FormTable } from '../record.ts';

/** A sender of unknown tables cannot make the catalogue be read more often than this. */
const rereadMs = 5_000;

/** Refusals that a newer structure may lift. */
const structural: ReadonlySet<ErrorCode> = new Set([
  'table-unknown',
  'column-missing',
  'column-unknown',
  'value-type',
  'value-too-long',
  'value-null',
  'value-range',
]);

export function isStructural(verdict: Arrival['verdict']): boolean {
  if ('refuse' in verdict) return structural.has(verdict.refuse.code);
  return (
    'file' in verdict && verdict.file.records.some(one => 'refuse' in one && structural.has(one.refuse.code))
  );
}

export class Structures {
  readonly #documents: Pick<DocumentStore, 'tables'>;
  #tables: ReadonlyMap<string, FormTable> | undefined;
  /** On the clock of `performance`. */
  #readAt = 0;

  constructor(documents: Pick<DocumentStore, 'tables'>) {
    this.#documents = documents;
  }

  async refresh(): Promise<ReadonlyMap<string, FormTable>> {
    this.#readAt = performance.now();
    this.#tables = await this.#documents.tables();
    return this.#tables;
  }

  async current(): Promise<ReadonlyMap<string, FormTable>> {
    return this.#tables ?? this.refresh();
  }

  /** Undefined where the current ones are fresh enough. */
  async newer(): Promise<ReadonlyMap<string, FormTable> | undefined> {
    return performance.now() - this.#readAt < rereadMs ? undefined : this.refresh();
  }
}
