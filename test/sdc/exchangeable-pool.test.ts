import { afterEach, expect, it } from 'vitest';
import { ExchangeablePool } from '../../src/sdc/exchangeable-pool.ts';
import { createSdcPool } from '../../src/sdc/pool.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import { closed, identity, message, verdict } from './identity.ts';

const [old, renewed, client] = [identity(), identity(), identity()];
const workerFile = new URL('../../src/sdc/worker.ts', import.meta.url);
const poolWith = (recipient: typeof old, file: URL | string = workerFile) =>
  createSdcPool({ workerFile: file, workers: 1, opener: { recipients: [recipient] } });

let pool: ExchangeablePool;
afterEach(() => pool.close());

async function sdcsTo(recipient: typeof old, count: number) {
  const messages = Array.from({ length: count }, () => ({ message: message(recipient), recipient }));
  return closed(...(await createSealer({ signer: client }).seal(messages)).map(({ sdc }) => sdc));
}

it('finishes with the old keys what it has in hand, and does the rest with the new ones', async () => {
  pool = new ExchangeablePool(poolWith(old));
  const sdcs = await sdcsTo(old, 300);
  const asked = Promise.withResolvers<void>();
  const exchanged = Promise.withResolvers<void>();
  const inHand = pool.open(sdcs, async () => {
    asked.resolve();
    await exchanged.promise;
    return [client];
  });
  await asked.promise;
  await pool.exchange(poolWith(renewed));
  const later = await pool.open([...(await sdcsTo(renewed, 1)), ...sdcs.slice(0, 1)], async () => [client]);
  expect(later.map(verdict)).toEqual(['opened', 'sdc-not-for-us']);
  exchanged.resolve();
  expect((await inHand).map(verdict)).toEqual(sdcs.map(() => 'opened'));
});

it('goes on with the old one where the new one does not work', async () => {
  pool = new ExchangeablePool(poolWith(old));
  await expect(pool.exchange(poolWith(renewed, new URL('./nowhere.js', import.meta.url)))).rejects.toThrow();
  const results = await pool.open(await sdcsTo(old, 1), async () => [client]);
  expect(results.map(verdict)).toEqual(['opened']);
});

it('ends with the one that is in use, and with no other', async () => {
  const [former, present] = [mortal(), mortal()];
  pool = new ExchangeablePool(former.pool);
  await pool.exchange(present.pool);
  former.die(new Error('the former'));
  present.die(new Error('the present'));
  expect((await pool.ended).message).toBe('the present');
});

function mortal() {
  const { promise: ended, resolve: die } = Promise.withResolvers<Error>();
  const nothing = async () => [];
  return { pool: { open: nothing, seal: nothing, close: async () => undefined, ended }, die };
}
