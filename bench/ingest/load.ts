/** What the parts of the benchmark send: sealed birth acts, or bare ones. */
import { hex, topics } from '../../src/core/message.ts';
import { MessageIds } from '../../src/core/message-id.ts';
import { birth, type LoadMessage, sealLoad } from '../../test/site/load.ts';
import type { Site } from '../../test/site/site.ts';
import { bareMessage } from './bare-crypto.ts';

/** `fresh`: an ephemeral key for each message. `bare`: no cryptography at all. */
export type Kind = 'session' | 'fresh' | 'bare';

/** `count` acts, dealt over the offices in turn, numbered from `firstNumero` at each of them. */
export async function makeLoad(
  site: Site,
  kind: Kind,
  count: number,
  firstNumero: number,
): Promise<LoadMessage[]> {
  if (kind !== 'bare') return sealLoad(site, count, kind === 'session', firstNumero);
  const ids = new MessageIds();
  const at = Math.floor(Date.now() / 1000);
  return Array.from({ length: count }, (_, i) => {
    const id = ids.next(at);
    const office = site.offices[i % site.offices.length] as Site['offices'][number];
    const sdc = bareMessage(office.keyId, {
      service: 'EXPORT',
      id,
      recipient: site.server.keyId,
      at,
      table: 'Naissance',
      records: [birth(firstNumero + Math.floor(i / site.offices.length))],
    });
    return { topic: topics.up(office.matricule), sdc, id: hex(id) };
  });
}
