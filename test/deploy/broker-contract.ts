/** What every broker must do for us, however it is configured: run against each that deploy/ has files for. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Client,
  type ClientOptions,
  client,
  closeAll,
  connected,
  take,
  textOf,
} from '../mqtt/clients.ts';
import { brokerIdentity } from './identity.ts';
import { endIntruders, inside, intrude } from './intruder.ts';

/** A broker that will run when the tests do, with the accounts `xmserver` (the engines'), `1024` and `1025`; its certificate says localhost. */
export interface Site {
  /** `mqtts://localhost:…` */
  readonly url: string;
  /** MQTT 5, or 3.1.1, which has no shared subscriptions. */
  readonly protocol: 4 | 5;
  /** PEM: the authority that its certificate is of. */
  readonly ca: string;
  readonly passwords: Readonly<Record<string, string>>;
}

const server = 'xmserver';

/** `1025` tries them all; `1024` is the other office. */
const forbiddenFilters = [
  '#',
  'xms/#',
  'xms/d/#',
  '+/+/+',
  'xms/+/1025',
  'xms/u/+',
  'xms/u/1024',
  'xms/d/+',
  'xms/d/1024',
  '$SYS/#',
  '$CONTROL/#',
];
const forbiddenShares = [
  '$share/xms/xms/u/+',
  '$share/xms/xms/u/1024',
  '$share/xms/xms/d/1024',
  '$share/other/xms/u/+',
  '$share/other/#',
];
const forbiddenTopics = [
  'xms/u/1024',
  'xms/d/1024',
  'xms/d/1025',
  'xms/u/1025/x',
  'xms/u',
  'other',
  '$SYS/x',
  '$CONTROL/dynamic-security/v1',
];
const forbiddenToServer = {
  filters: ['#', 'xms/#', 'xms/+/1024', 'xms/d/+', 'xms/d/1024', '$SYS/#'],
  topics: ['xms/u/1024', 'xms/d', 'xms/d/1024/x', 'other', '$SYS/x', '$CONTROL/dynamic-security/v1'],
};

/** A link as the engine or the station of this account opens it. */
export function linkTo(site: Site, userName: string, options: ClientOptions = {}): Promise<Client> {
  return connected(site.url, userName, { ...account(site, userName), ...options });
}

function account({ ca, passwords, protocol }: Site, userName: string) {
  // Without sharing, whichever engine has the turn comes as xms-server.
  const engine = protocol === 5 ? 'xms-engine' : 'xms-server';
  return {
    ca,
    clientId: userName === server ? engine : `xms-${userName}`,
    password: passwords[userName] ?? '',
    subscriptions: [userName === server ? 'xms/u/+' : `xms/d/${userName}`],
    ...(userName === server ? { sharedGroup: 'xms' } : {}),
  };
}

/** All that `receiver` has been given, acknowledged: a last message tells that there is no more. */
async function givenTo(receiver: Client, sender: Client, topic: string): Promise<string[]> {
  await sender.link.publish(topic, Buffer.from('last'));
  const texts: string[] = [];
  while (texts.at(-1) !== 'last') {
    const delivery = await receiver.deliveries.next();
    delivery.acknowledge();
    texts.push(textOf(delivery));
  }
  return texts.slice(0, -1);
}

export function describeContract(site: Site): void {
  const link = (userName: string, options?: ClientOptions) => linkTo(site, userName, options);
  const sharing = site.protocol === 5;
  const denied = { code: sharing ? 'broker-refused' : 'link-closed' };

  afterEach(async () => {
    await closeAll();
    await endIntruders();
  });

  describe('TLS and passwords', () => {
    /** How a link fares that cannot get in. */
    async function refusal(userName: string, options: ClientOptions): Promise<unknown> {
      const { statuses } = client(site.url, userName, { ...account(site, userName), ...options });
      // RabbitMQ before 3.13 closes on MQTT 5: it has said nothing yet.
      const { state, reason } = await statuses.until(
        status => status.reason?.params.detail !== 'connection closed',
      );
      return { state, code: reason?.code, detail: reason?.params.detail };
    }

    it('is believed on the word of our authority, and of no other', async () => {
      await link('1024');
      expect(await refusal('1025', { ca: brokerIdentity().authority })).toEqual({
        state: 'connecting',
        code: 'broker-untrusted',
        detail: expect.stringMatching(/certificate/),
      });
    });

    it('is not believed under another name', async () => {
      expect(await refusal('1024', { url: site.url.replace('localhost', '127.0.0.1') })).toEqual({
        state: 'connecting',
        code: 'broker-unreachable',
        detail: expect.stringMatching(/does not match certificate/),
      });
    });

    it('refuses a wrong password, an account that is not there, and nobody', async () => {
      const refused = { state: 'connecting', code: 'broker-refused' };
      expect(await refusal('1024', { password: `${site.passwords['1024']}x` })).toMatchObject(refused);
      expect(await refusal('1024', { password: site.passwords['1025'] ?? '' })).toMatchObject(refused);
      expect(await refusal('1026', { password: site.passwords['1025'] ?? '' })).toMatchObject(refused);
      expect(await intrude(site, '', { clientId: 'xms-1024' })).toBe('refused');
    });
  });

  describe('the way of an SDC', () => {
    it('leads up to the server and back down to the office', async () => {
      const [engine, office] = [await link(server), await link('1024')];
      await office.link.publish('xms/u/1024', Buffer.from('act'));
      const [up] = await take(engine, 1);
      expect(up?.topic).toBe('xms/u/1024');
      up?.acknowledge();
      await engine.link.publish('xms/d/1024', Buffer.from('receipt'));
      const [down] = await take(office, 1);
      expect(down && textOf(down)).toBe('receipt');
      down?.acknowledge();
    });

    it('waits for an office that is off, and for an engine that is away', async () => {
      const [engine, office] = [await link(server), await link('1024')];
      await office.link.close();
      await engine.link.publish('xms/d/1024', Buffer.from('receipt'));
      await engine.link.close();
      await (await link('1025')).link.publish('xms/u/1025', Buffer.from('act'));
      for (const [userName, text] of [
        ['1024', 'receipt'],
        [server, 'act'],
      ] as const) {
        const [delivery] = await take(await link(userName), 1);
        delivery?.acknowledge();
        expect(delivery && textOf(delivery)).toBe(text);
      }
    });

    it.runIf(sharing)('is shared among the engines, each message to one of them', async () => {
      const engines = [await link(server), await link(server, { clientId: 'xms-other', sessionExpiryS: 0 })];
      const office = await link('1024');
      const texts = Array.from({ length: 20 }, (_, i) => `${i}`);
      for (const text of texts) await office.link.publish('xms/u/1024', Buffer.from(text));
      const taken = await Promise.all(engines.map(engine => take(engine, texts.length / 2)));
      for (const delivery of taken.flat()) delivery.acknowledge();
      expect(taken.flat().map(textOf).sort()).toEqual(texts.sort());
    });
  });

  describe('an office', () => {
    it.each(sharing ? [...forbiddenFilters, ...forbiddenShares] : forbiddenFilters)(
      'is given nothing by %s, and takes nothing away',
      async filter => {
        const thief = await inside(site, '1025');
        expect(await thief.subscribe('xms/d/1025')).toBe('granted');
        expect(await thief.subscribe(filter)).toBe('refused');
        const [engine, office] = [await link(server), await link('1024')];
        for (const text of ['a', 'b', 'c', 'd']) await office.link.publish('xms/u/1024', Buffer.from(text));
        expect(await givenTo(engine, office, 'xms/u/1024')).toEqual(['a', 'b', 'c', 'd']);
        await engine.link.publish('xms/d/1024', Buffer.from('receipt'));
        expect(await givenTo(office, engine, 'xms/d/1024')).toEqual(['receipt']);
        if (!thief.client.connected) return;
        await engine.link.publish('xms/d/1025', Buffer.from('its own'));
        expect(await thief.heard.next()).toBe('xms/d/1025');
        expect(thief.heard.waiting).toEqual([]);
      },
    );

    it.each(forbiddenTopics)('reaches nobody by %s', async topic => {
      const [engine, office, forger] = [await link(server), await link('1024'), await link('1025')];
      await expect(forger.link.publish(topic, Buffer.from('forged'))).rejects.toMatchObject(denied);
      await forger.link.close();
      expect(await (await inside(site, '1025')).publish(topic, true)).toBe('refused');
      expect(await givenTo(engine, office, 'xms/u/1024')).toEqual([]);
      expect(await givenTo(office, engine, 'xms/d/1024')).toEqual([]);
    });

    it('leaves no will for others', async () => {
      const [engine, office] = [await link(server), await link('1024')];
      const dieWith = async (topic: string) => {
        const will = { topic, payload: Buffer.from('will'), qos: 1, retain: false } as const;
        const one = await intrude(site, '1025', { will });
        if (one === 'refused') return;
        await one.vanish();
        // Whoever comes with the same client id is let in when the will of the one before has been seen to.
        await (await inside(site, '1025')).client.endAsync();
      };
      // Where it may write: this is how a will would be seen.
      await dieWith('xms/u/1025');
      expect(await givenTo(engine, office, 'xms/u/1024')).toEqual(['will']);
      for (const topic of forbiddenTopics) await dieWith(topic);
      expect(await givenTo(engine, office, 'xms/u/1024')).toEqual([]);
      expect(await givenTo(office, engine, 'xms/d/1024')).toEqual([]);
    });
  });

  describe('the server account', () => {
    it.each(forbiddenToServer.filters)('may not subscribe to %s', async filter => {
      const one = await inside(site, server, { clientId: account(site, server).clientId });
      expect(await one.subscribe('xms/u/+')).toBe('granted');
      expect(await one.subscribe(filter)).toBe('refused');
    });

    it.each(forbiddenToServer.topics)('may not publish on %s', async topic => {
      const [engine, office] = [await link(server), await link('1024')];
      await expect(engine.link.publish(topic, Buffer.from('forged'))).rejects.toMatchObject(denied);
      const again = engine.link.status.state === 'connected' ? engine : await link(server);
      expect(await givenTo(again, office, 'xms/u/1024')).toEqual([]);
    });
  });
}
