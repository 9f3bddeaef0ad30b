/** Several engines on one broker: they share what comes, and what came for a dead one is taken over. */
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectBroker } from '../../src/db/system/setting.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from '../../src/mqtt/embedded-broker.ts';
import { mosquittoProgram } from '../mqtt/brokers.ts';
import { accountOf, filed, settled, settledEarly, wholeAccount } from '../site/account.ts';
import { Senders, sealLoad } from '../site/load.ts';
import { makeSite, type Site } from '../site/site.ts';
import { until } from '../until.ts';

if (!mosquittoProgram) it.skip('several engines: not tried, there is no mosquitto on this machine');

describe.runIf(mosquittoProgram)('several engines on Mosquitto', () => {
  let site: Site;
  let senders: Senders;
  beforeAll(async () => {
    site = await makeSite(20, 'ec');
    senders = await Senders.connect(site.broker.url, 2);
  });
  afterAll(async () => {
    await senders.close();
    await site.close();
  });

  it('share the work; a dead one is found, and what came for it is filed', async () => {
    const load = await sealLoad(site, 800, true, 1);
    await site.startEngine('a');
    const b = await site.startEngine('b');
    await senders.send(load.slice(0, 400), 20);
    await settled(site, 400);
    const [ofA, ofB] = await received(400);
    expect(Math.min(ofA, ofB)).toBeGreaterThan(50);

    await b.kill();
    await senders.send(load.slice(400), 20);
    // Its part waits in its session: nobody else gets it.
    await settledBut(site, 800);
    expect((await accountOf(site)).filed).toBeLessThan(800);
    await site.system.query(`update engine set seen_at = now() - interval '1 minute' where id like '%-b'`);
    await settled(site, 800);
    expect(await accountOf(site)).toEqual(wholeAccount(800));
    // Its session is ended by then.
    await until(async () => (await site.system.query(`select from engine where id like '%-b'`)).length === 0);
    expect(await site.system.query(`select from journal where act = 'engine-dead'`)).toHaveLength(1);
  }, 60_000);

  it('one that leaves takes nothing with it', async () => {
    const load = await sealLoad(site, 600, true, 10_000);
    const c = await site.startEngine('c');
    const sending = senders.send(load, 5);
    await c.stop();
    await sending;
    await settled(site, 1_400);
    expect(await accountOf(site)).toEqual(wholeAccount(1_400));
  }, 60_000);

  /** What each of the two has received, once they have told of `sum` together. */
  async function received(sum: number): Promise<[number, number]> {
    for (;;) {
      const rows = await site.system.query<{ status: { perMinute: number[] } }>(
        'select status from engine order by id',
      );
      const [a = 0, b = 0] = rows.map(({ status }) => status.perMinute.reduce((x, y) => x + y, 0));
      if (a + b === sum) return [a, b];
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
});

describe('several engines on a broker that cannot share', () => {
  let site: Site;
  let broker: EmbeddedBroker;
  let station: mqtt.MqttClient;
  beforeAll(async () => {
    site = await makeSite(20, 'ec');
    const all = ['xms/u/+', 'xms/d/+'];
    const accounts = [{ userName: 'all', password: 'all', publish: all, subscribe: all }];
    broker = await startEmbeddedBroker({ host: '127.0.0.1', preferredPort: 0, accounts });
    const login = { userName: 'all', password: 'all' };
    await selectBroker(site.system, { url: broker.url, ...login });
    station = await mqtt.connectAsync(broker.url, { username: 'all', password: 'all' });
  });
  afterAll(async () => {
    await station?.endAsync();
    await site?.close();
    await broker?.close();
  });

  it('one works and the other stands by, until the first is killed', async () => {
    const load = await sealLoad(site, 200, true, 1);
    const send = (part: typeof load) =>
      Promise.all(part.map(({ topic, sdc }) => station.publishAsync(topic, sdc as Buffer, { qos: 1 })));
    const a = await site.startEngine('a');
    await site.startEngine('b');
    await until(async () => (await stateOf('a')) === 'connected' && (await stateOf('b')) === 'standby');
    await send(load.slice(0, 100));
    await filed(site, 50);
    await a.kill();
    const killedAt = performance.now();
    await send(load.slice(100));
    await filed(site, 200);
    expect(performance.now() - killedAt).toBeLessThan(15_000);
    await until(async () => (await stateOf('b')) === 'connected');
    await settledEarly(site, 200);
    expect(await accountOf(site)).toEqual(wholeAccount(200));
  }, 90_000);

  async function stateOf(name: string): Promise<string | undefined> {
    const [row] = await site.system.query<{ state: string }>(
      `select status -> 'broker' ->> 'state' as state from engine where id like $1`,
      [`%-${name}`],
    );
    return row?.state;
  }
});

/** Resolves when what the living engine can have is filed: nothing has moved for a second. */
async function settledBut(site: Site, sent: number): Promise<void> {
  await settled(site, sent, 1_000).catch(() => undefined);
}
