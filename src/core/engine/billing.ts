/** Charges what is filed: keyed by the message, so that doing it twice is doing it once (data.md, "Exactly once"). */
import type { DocumentStore, SystemStore } from '../ports.ts';
import { Worker } from './worker.ts';

const batchLimit = 500;

export class Billing extends Worker {
  readonly #documents: Pick<DocumentStore, 'unbilled' | 'markBilled'>;
  readonly #system: Pick<SystemStore, 'charge'>;

  constructor(
    documents: Pick<DocumentStore, 'unbilled' | 'markBilled'>,
    system: Pick<SystemStore, 'charge'>,
    onTrouble: (error: unknown) => void,
  ) {
    super(onTrouble);
    this.#documents = documents;
    this.#system = system;
  }

  protected override async work(): Promise<void> {
    while (!this.ending.aborted) {
      const charges = await this.#documents.unbilled(batchLimit);
      if (charges.length === 0) return;
      await this.#system.charge(charges);
      await this.#documents.markBilled(charges);
    }
  }
}
