import { expect, it } from 'vitest';
import { openerOf } from '../../src/cli/station-link.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import { closed, identity, message, verdict } from '../sdc/identity.ts';

it('a key of the station that was made since the link was opened is known without a restart', async () => {
  const [server, stranger, station, enrolled] = [identity(), identity(), identity(), identity()];
  const stations = [station];
  const opener = openerOf(() => stations);
  const opened = async (signer: typeof server, recipient: typeof server) => {
    const [sealed] = await createSealer({ signer }).seal([{ message: message(recipient), recipient }]);
    const [result] = await opener.open(closed(sealed?.sdc as Uint8Array), async () => [server]);
    return verdict(result);
  };
  expect(await opened(server, station)).toBe('opened');
  expect(await opened(server, enrolled)).toBe('sdc-not-for-us');
  stations.push(enrolled);
  expect(await opened(server, enrolled)).toBe('opened');
  expect(await opened(stranger, enrolled)).toBe('sdc-signer-unknown');
});
