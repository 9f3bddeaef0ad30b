/**
 * What the retention rules let go, portion by portion, beside the cycle: years of it may take an hour, and no command and
 * no dead engine is to wait for that.
 */
import type { DocumentStore } from '../ports.ts';
import { Worker } from './worker.ts';

export class Purge extends Worker {
  readonly #documents: Pick<DocumentStore, 'purge'>;

  constructor(documents: Pick<DocumentStore, 'purge'>, onTrouble: (error: unknown) => void) {
    super(onTrouble);
    this.#documents = documents;
  }

  protected override async work(): Promise<void> {
    while (!this.ending.aborted && (await this.#documents.purge()));
  }
}
