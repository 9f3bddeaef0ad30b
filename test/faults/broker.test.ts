/** The broker killed while stations export: what it loses, they send again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOf, filed, filedCount, settled, wholeAccount } from '../site/account.ts';
import { makeSite, type Site } from '../site/site.ts';
import { Station } from '../site/station.ts';
import { scaled, tell } from './scale.ts';

const kills = scaled({ short: 2, full: 8 });
const each = scaled({ short: 60, full: 800 });

describe('a broker that is killed', () => {
  let site: Site;
  const stations: Station[] = [];
  let written = 0;
  beforeAll(async () => {
    site = await makeSite(3, 'ec', { persistence: true });
    await site.startEngine();
    stations.push(...(await Promise.all(site.offices.map(one => Station.install(site, one, { paceMs: 5 })))));
  });
  afterAll(async () => {
    for (const station of stations) await station.close();
    await site?.close();
  });

  it.each([
    ['and remembers what it saved', false],
    ['and remembers nothing', true],
  ])(
    `%s, ${kills} times`,
    async (name, forgets) => {
      for (const station of stations) await station.write(each);
      const total = stations.length * each;
      const exports = stations.map(station => station.export());
      const backAfter: number[] = [];
      for (let i = 1; i <= kills; i++) {
        await filed(site, written + (total * i) / (kills + 2));
        await site.broker.kill();
        if (forgets) site.broker.forget();
        await site.broker.revive();
        const [then, revivedAt] = [await filedCount(site), performance.now()];
        // They may all have come before.
        await filed(site, Math.min(then + 1, written + total));
        backAfter.push(performance.now() - revivedAt);
      }
      written += total;
      expect(await Promise.all(exports)).toEqual(stations.map(() => 0));
      await settled(site, written);

      expect(await accountOf(site)).toEqual(wholeAccount(written));
      const exported = await Promise.all(stations.map(station => station.count(4)));
      expect(exported).toEqual(stations.map(() => written / stations.length));
      tell(
        `broker killed ${name}: filing again ${Math.round(Math.max(...backAfter))} ms after its return at most`,
      );
    },
    scaled({ short: 60_000, full: 180_000 }),
  );
});
