/** kill -9 of the engine under load, each time between two other steps of a record's way. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOf, filed, filedCount, settled, settledEarly, wholeAccount } from '../site/account.ts';
import { Collector, Senders, sealLoad } from '../site/load.ts';
import { ReceiptBook } from '../site/receipts.ts';
import { makeSite, type Site } from '../site/site.ts';
import { scaled, tell } from './scale.ts';

const kills = scaled({ short: 4, full: 20 });
const perSecond = 300;

/** What stands between two steps, and is there to be seen when the engine dies. */
const moments = ['xms.unbilled', 'xms.due', 'xms.outgoing'];

describe('an engine that is killed', () => {
  let site: Site;
  beforeAll(async () => {
    site = await makeSite(20, 'ec');
  });
  afterAll(() => site?.close());

  it(
    `loses nothing in ${kills} kills under load, and doubles nothing`,
    async () => {
      const load = await sealLoad(site, kills * 350, true, 1);
      const collector = await Collector.connect(site.broker.url);
      const book = new ReceiptBook(site, collector);
      const senders = await Senders.connect(site.broker.url, 2);
      let engine = await site.startEngine();
      const sending = senders.pace(load, perSecond);
      const backAfter: number[] = [];
      for (let i = 0; i < kills; i++) {
        const before = await filedCount(site);
        await filed(site, Math.min(before + 100, load.length));
        await seen(site, moments[i % moments.length] as string);
        await engine.kill();
        const killedAt = performance.now();
        const then = await filedCount(site);
        engine = await site.startEngine();
        // On a slow machine the last may have come before.
        await filed(site, Math.min(then + 1, load.length));
        backAfter.push(performance.now() - killedAt);
      }
      await sending;
      // What a dead engine had in hand is free for others after 30 s.
      await scaled({ short: settledEarly, full: settled })(site, load.length);
      expect(await accountOf(site)).toEqual(wholeAccount(load.length));
      await book.until(load.map(({ id }) => id));
      await Promise.all([senders.close(), collector.close()]);
      for (const { id } of load) {
        const told = book.of(id);
        expect(new Set(told.map(({ outcomes: [one] }) => one?.kind === 'filed' && one.numero)).size).toBe(1);
        expect(told[0]?.outcomes).toMatchObject([{ kind: 'filed' }]);
      }
      const repeats = book.all().reduce((sum, told) => sum + told.length - 1, 0);
      tell(
        `${kills} kills, ${load.length} records: filing again after ${Math.round(Math.max(...backAfter))} ms at most, ${repeats} receipts repeated`,
      );
    },
    scaled({ short: 60_000, full: 300_000 }),
  );
});

async function seen(site: Site, rows: string): Promise<void> {
  while ((await site.documents.query(`select from ${rows} limit 1`)).length === 0);
}
