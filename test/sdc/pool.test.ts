import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { hex } from '../../src/core/message.ts';
import type { OpenResult } from '../../src/core/ports.ts';
import { CalendarDate } from '../../src/core/record.ts';
import { createOpener } from '../../src/sdc/opener.ts';
import { createSdcPool, type SdcPool } from '../../src/sdc/pool.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import { closed, identity, message, verdict } from './identity.ts';

const server = identity();
const client = identity();
const workerFile = new URL('../../src/sdc/worker.ts', import.meta.url);
const fragileFile = new URL('./fragile-worker.ts', import.meta.url);

let pool: SdcPool;
afterEach(() => pool.close());

function start(file = workerFile, opener = {}): SdcPool {
  pool = createSdcPool({
    workerFile: file,
    workers: 2,
    opener: { recipients: [server], ...opener },
    sealer: { signer: client },
  });
  return pool;
}

const messages = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    message: message(server, { Numero: i, Status: 2, DateActe: new CalendarDate(i) }),
    recipient: server,
  }));
const numero = (result: OpenResult) =>
  result.ok && result.message.service === 'EXPORT'
    ? result.message.records[0]?.get('Numero')
    : verdict(result);
const sdcsOf = async (count: number) =>
  (await createSealer({ signer: client }).seal(messages(count))).map(({ sdc }) => sdc);

describe('the pool', () => {
  it('seals and opens batches of any size, in their order', async () => {
    start();
    for (const count of [0, 1, 2, 63, 200]) {
      const sealed = await pool.seal(messages(count));
      let asked = 0;
      const results = await pool.open(closed(...sealed.map(({ sdc }) => sdc)), async ids => {
        asked++;
        expect(ids.map(hex)).toEqual([hex(client.keyId)]);
        return [client];
      });
      // Once for each worker's part.
      expect(asked).toBe(Math.min(count, 2));
      expect(results.map(numero)).toEqual(Array.from({ length: count }, (_, i) => i));
      expect(results.map(result => result.ok && hex(result.digest))).toEqual(
        sealed.map(({ digest }) => hex(digest)),
      );
    }
  });

  it('gives dates and refusals back as they are', async () => {
    const [sdc] = await sdcsOf(1);
    const results = await start().open(closed(sdc as Uint8Array, randomBytes(50)), async () => [client]);
    const [first] = results;
    if (!first?.ok || first.message.service !== 'EXPORT') throw new Error('not opened');
    expect(first.message.records[0]?.get('DateActe')).toEqual(new CalendarDate(0));
    expect(first.message.records[0]?.get('DateActe')).toBeInstanceOf(CalendarDate);
    expect(results[1]).toMatchObject({ ok: false, reason: { code: 'sdc-malformed', params: {} } });
  });

  it('asks for signers every time: who was known a moment ago may not be any more', async () => {
    const sdcs = await sdcsOf(3);
    start();
    expect((await pool.open(closed(...sdcs), async () => [client])).map(verdict)).toEqual(
      Array(3).fill('opened'),
    );
    expect((await pool.open(closed(...sdcs), async () => [])).map(verdict)).toEqual(
      Array(3).fill('sdc-signer-unknown'),
    );
  });

  it('rejects when the directory cannot be read, and works on', async () => {
    const sdcs = await sdcsOf(100);
    start();
    const fails = pool.open(closed(...sdcs), async () => {
      throw new Error('no database');
    });
    await expect(fails).rejects.toThrow('no database');
    expect((await pool.open(closed(...sdcs), async () => [client])).every(({ ok }) => ok)).toBe(true);
  });

  it('goes on unsealing while the directory takes its time', async () => {
    const sdcs = await sdcsOf(40);
    start();
    // Nobody gets an answer before all have asked: 10 batches, a part of each in either worker.
    const all = Promise.withResolvers<readonly [typeof client]>();
    let asked = 0;
    const batches = await Promise.all(
      Array.from({ length: 10 }, () =>
        pool.open(closed(...sdcs), () => {
          if (++asked === 20) all.resolve([client]);
          return all.promise;
        }),
      ),
    );
    for (const results of batches) expect(results.map(numero)).toEqual(sdcs.map((_, i) => i));
  });

  it('works on many batches at the same time', async () => {
    const sdcs = await sdcsOf(40);
    start();
    const batches = await Promise.all(
      Array.from({ length: 20 }, () => pool.open(closed(...sdcs), async () => [client])),
    );
    for (const results of batches) expect(results.map(numero)).toEqual(sdcs.map((_, i) => i));
  });
});

describe('what inflates to much', () => {
  const large = Array.from({ length: 30 }, (_, i) => ({
    message: message(server, { Numero: i, Status: 2, Notes: 'x'.repeat(1_000_000) }),
    recipient: server,
  }));
  const openers = {
    'the pool': () => start(),
    'the opener of one thread': () => {
      start();
      return createOpener({ recipients: [server] });
    },
  };
  it.each(Object.entries(openers))(
    'is held by %s a few at a time, and none is passed over',
    async (_, make) => {
      const sealed = await createSealer({ signer: client }).seal(large);
      const opener = make();
      // Of one sender each: they go to both workers, in another order than they came in.
      let rest = sealed.map(({ sdc }, sender) => ({ sdc, isBatch: true, sender }));
      const numeros: unknown[] = [];
      while (rest.length > 0) {
        const results = await opener.open(rest, async () => [client]);
        expect(results.length).toBeGreaterThan(0);
        expect(results.length).toBeLessThanOrEqual(5);
        numeros.push(...results.map(numero));
        rest = rest.slice(results.length);
      }
      expect(numeros).toEqual(large.map((_, i) => i));
    },
  );

  it('is told of where it is more than one record may have', async () => {
    const [sealed] = await createSealer({ signer: client }).seal(large);
    const sdc = sealed?.sdc as Uint8Array;
    const results = await start().open([{ sdc, isBatch: true }], async () => [client]);
    expect(results).toMatchObject([{ ok: true, oversize: expect.any(Number) }]);
    const [small] = await pool.open(closed(...(await sdcsOf(1))), async () => [client]);
    expect(small).not.toHaveProperty('oversize');
  });
});

describe('a worker that dies', () => {
  it('is replaced, its work done again, and what kills it is refused', async () => {
    const sdcs = await sdcsOf(70);
    const fatal = Buffer.from('0fatal');
    sdcs.splice(10, 0, fatal);
    sdcs.splice(60, 0, fatal);
    start(fragileFile);
    const other = pool.open(closed(...sdcs.slice(20, 40)), async () => [client]);
    const results = await pool.open(closed(...sdcs), async () => [client]);
    const killers = results.flatMap((result, i) => (verdict(result) === 'internal-fault' ? [i] : []));
    expect(killers).toEqual([10, 60]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(70);
    expect((await other).every(({ ok }) => ok)).toBe(true);
  }, 60_000);

  it('before it is ready ends the pool, with the reason', async () => {
    start(fragileFile, { fatal: 'never' });
    await expect(pool.open(closed(...(await sdcsOf(1))), async () => [client])).rejects.toThrow(
      /internal fault/,
    );
    expect((await pool.ended).message).toMatch(/internal fault/);
  });
});

describe('a closed pool', () => {
  it('rejects what is under way, and what comes after', async () => {
    const sdcs = await sdcsOf(200);
    start();
    const under = pool.open(closed(...sdcs), async () => [client]);
    const expected = expect(under).rejects.toThrow(/pool closed/);
    await pool.close();
    await expected;
    await expect(pool.seal(messages(1))).rejects.toThrow(/pool closed/);
  });
});
