/** Receipts as the offices see them: opened with their keys, checked to be the server's. */
import { hex, type Receipt, topics } from '../../src/core/message.ts';
import { createOpener } from '../../src/sdc/opener.ts';
import type { Collector } from './load.ts';
import type { Site } from './site.ts';

export interface ArrivedReceipt extends Receipt {
  readonly client: number;
  /** Milliseconds on the clock of `performance`. */
  readonly at: number;
  /** Which SDC brought it: repeats are the same bytes. */
  readonly sdc: Buffer;
}

/** By message id in hexadecimal. Throws where one does not open, or is not addressed to whom the topic names. */
export async function receiptsOf(site: Site, collector: Collector): Promise<Map<string, ArrivedReceipt[]>> {
  const receipts = new Map<string, ArrivedReceipt[]>();
  for (const [topic, arrived] of Map.groupBy(collector.arrived, one => one.topic)) {
    const client = topics.matricule(topic) as number;
    const office = site.offices.find(({ matricule }) => matricule === client);
    if (!office) throw new Error(`no office at ${topic}`);
    const opener = createOpener({ recipients: [office] });
    const opened = await opener.open(
      arrived.map(({ sdc }) => sdc),
      async () => [site.server],
    );
    for (const [i, { at, sdc }] of arrived.entries()) {
      const result = opened[i];
      if (!result?.ok || result.message.service !== 'RECEIPT')
        throw new Error(`no receipt: ${JSON.stringify(result)}`);
      for (const receipt of result.message.receipts) {
        const known = receipts.get(hex(receipt.about)) ?? [];
        receipts.set(hex(receipt.about), [...known, { ...receipt, client, at, sdc }]);
      }
    }
  }
  return receipts;
}
