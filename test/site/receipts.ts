/** Receipts as the offices see them: opened with their keys, checked to be the server's. */
import { hex, type Receipt, topics } from '../../src/core/message.ts';
import type { Opener } from '../../src/core/ports.ts';
import { createOpener } from '../../src/sdc/opener.ts';
import type { Arrived, Collector } from './load.ts';
import type { Site } from './site.ts';

/** `sdc`: what brought it; repeats are the same bytes. */
export type ArrivedReceipt = Receipt & Omit<Arrived, 'topic'> & { readonly client: number };

export class ReceiptBook {
  readonly #site: Site;
  readonly #collector: Collector;
  readonly #openers = new Map<number, Opener>();
  /** By message id in hexadecimal. */
  readonly #receipts = new Map<string, ArrivedReceipt[]>();
  #read = 0;

  constructor(site: Site, collector: Collector) {
    this.#site = site;
    this.#collector = collector;
  }

  /** What was told of this message, in the order of arrival. */
  of(id: string): readonly ArrivedReceipt[] {
    return this.#receipts.get(id) ?? [];
  }

  all(): readonly (readonly ArrivedReceipt[])[] {
    return [...this.#receipts.values()];
  }

  /** Resolves when each of these messages has a receipt. Rejects where one does not open. */
  async until(ids: Iterable<string>): Promise<void> {
    const missing = new Set(ids);
    for (;;) {
      const next = this.#collector.next;
      await this.#readOn();
      for (const id of missing) if (this.#receipts.has(id)) missing.delete(id);
      if (missing.size === 0) return;
      await next;
    }
  }

  async #readOn(): Promise<void> {
    const arrived = this.#collector.arrived.slice(this.#read);
    this.#read += arrived.length;
    for (const [topic, group] of Map.groupBy(arrived, one => one.topic)) {
      const client = topics.matricule(topic) as number;
      const sdcs = group.map(({ sdc }) => ({ sdc, isBatch: false }));
      const opened = await this.#openerOf(client).open(sdcs, async () => [this.#site.server]);
      for (const [i, result] of opened.entries()) {
        if (!result.ok || result.message.service !== 'RECEIPT') throw new Error(JSON.stringify(result));
        const { at, sdc } = group[i] as Arrived;
        for (const receipt of result.message.receipts) this.#add({ ...receipt, at, sdc, client });
      }
    }
  }

  #add(receipt: ArrivedReceipt): void {
    const known = this.#receipts.get(hex(receipt.about));
    if (known) known.push(receipt);
    else this.#receipts.set(hex(receipt.about), [receipt]);
  }

  #openerOf(client: number): Opener {
    let opener = this.#openers.get(client);
    if (!opener) {
      const office = this.#site.offices.find(({ matricule }) => matricule === client);
      if (!office) throw new Error(`a receipt for ${client}, which is no office`);
      opener = createOpener({ recipients: [office] });
      this.#openers.set(client, opener);
    }
    return opener;
  }
}

export interface Waits {
  readonly p50: number;
  readonly p99: number;
}

/** Milliseconds from the publish of each message, by id, to the arrival of its first receipt. */
export async function waits(book: ReceiptBook, sentAt: ReadonlyMap<string, number>): Promise<Waits> {
  await book.until(sentAt.keys());
  const sorted = [...sentAt]
    .map(([id, at]) => Math.round((book.of(id)[0] as ArrivedReceipt).at - at))
    .sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(sorted.length * part)] as number;
  return { p50: at(0.5), p99: at(0.99) };
}
