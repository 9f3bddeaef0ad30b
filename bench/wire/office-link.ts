/**
 * The station's link alone, for the other end of a thin link: `office-link.ts URL AUTHORITY-FILE`. Says `connected`,
 * then answers each line with a PINGREQ and, after PINGRESP, a line; ends with its input.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openLink } from '../../src/mqtt/link.ts';
import { stationLink } from '../../src/station/link-options.ts';

const [url = '', authority = ''] = process.argv.slice(2);
const link = openLink(stationLink({ matricule: 1024, url, ca: readFileSync(authority, 'utf8') }), {
  onDelivery: delivery => delivery.acknowledge(),
  onStatus: ({ state }) => state === 'connected' && console.log(state),
});
for await (const _ of createInterface({ input: process.stdin })) {
  console.log(`${await link.roundTrip()}`);
}
await link.close();
