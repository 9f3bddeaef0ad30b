import { once } from 'node:events';
import { createServer, connect as dial } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedBroker, startEmbeddedBroker } from '../../src/mqtt/embedded-broker.ts';
import { accounts } from './brokers.ts';
import { client, closeAll, connected, take, textOf } from './clients.ts';

let broker: EmbeddedBroker;
beforeEach(async () => {
  broker = await startEmbeddedBroker({ host: '127.0.0.1', preferredPort: 0, accounts });
});
afterEach(async () => {
  await closeAll();
  await broker.close();
});

/** The first status with a reason. */
async function refusal(userName: string, options: Parameters<typeof client>[2]) {
  const { statuses } = client(broker.url, userName, options);
  return (await statuses.until(({ reason }) => reason !== undefined)).reason;
}

describe('an account of the embedded broker', () => {
  it.each([
    ['without a name', { userName: '', password: '' }],
    ['of an unknown name', { userName: 'nobody', password: 'centre' }],
    ['with a wrong password', { password: 'Centre' }],
    ["with another's password", { password: 'mbalmayo' }],
    ['without a password', { password: '' }],
  ])('lets nobody in %s', async (_case, options) => {
    expect(await refusal('server', options)).toMatchObject({ code: 'broker-refused' });
  });

  it.each([
    ['1024', 'xms/d/1025'],
    ['1024', 'xms/d/+'],
    ['1024', 'xms/#'],
    ['1024', '#'],
    ['1024', '$SYS/#'],
    ['1024', '$share/xms/xms/u/+'],
    ['server', 'xms/d/1024'],
    ['server', 'xms/u/#'],
  ])('%s may not subscribe to %s', async (userName, filter) => {
    expect(await refusal(userName, { subscriptions: [filter] })).toMatchObject({ code: 'broker-refused' });
  });

  it.each([
    ['1024', 'xms/u/1025'],
    ['1024', 'xms/u/1024/x'],
    ['1024', 'xms/u'],
    ['1024', 'xms/d/1024'],
    ['1024', '$SYS/x'],
    ['server', 'xms/u/1024'],
    ['server', 'xms/d'],
    ['server', 'xms/d/1024/x'],
  ])(
    '%s may not publish to %s: it loses the connection, MQTT 3.1.1 has no other answer',
    async (userName, topic) => {
      const [server, station] = [await connected(broker.url, 'server'), await connected(broker.url, '1024')];
      const culprit = userName === 'server' ? server : station;
      await expect(culprit.link.publish(topic, Buffer.from('forged'))).rejects.toMatchObject({
        code: 'link-closed',
      });
      await culprit.statuses.until(({ state }) => state === 'lost');
      await culprit.statuses.until(({ state }) => state === 'connected');
      await Promise.all([server.link.roundTrip(), station.link.roundTrip()]);
      expect([...server.deliveries.waiting, ...station.deliveries.waiting]).toEqual([]);
    },
  );

  it('receives what is for it, and nothing else', async () => {
    const server = await connected(broker.url, 'server');
    const [one, two] = [await connected(broker.url, '1024'), await connected(broker.url, '1025')];
    await server.link.publish('xms/d/1024', Buffer.from('for 1024'));
    await server.link.publish('xms/d/1025', Buffer.from('for 1025'));
    expect((await take(one, 1)).map(textOf)).toEqual(['for 1024']);
    expect((await take(two, 1)).map(textOf)).toEqual(['for 1025']);
  });

  it("cannot take over another's session, nor what waits in it", async () => {
    const server = await connected(broker.url, 'server', { clientId: 'engine' });
    await server.link.close();
    const station = await connected(broker.url, '1024');
    await station.link.publish('xms/u/1024', Buffer.from('for the server'));
    expect(await refusal('1025', { clientId: 'engine' })).toMatchObject({
      params: { detail: expect.stringContaining('Identifier rejected') },
    });
    const back = await connected(broker.url, 'server', { clientId: 'engine' });
    expect((await take(back, 1)).map(textOf)).toEqual(['for the server']);
    // Nor can it throw out one who is connected.
    expect(await refusal('1025', { clientId: 'engine' })).toMatchObject({
      params: { detail: expect.stringContaining('Identifier rejected') },
    });
    await back.link.roundTrip();
  });

  it('has a hundred sessions, and no more', async () => {
    for (let i = 0; i < 100; i++) {
      const { link } = await connected(broker.url, '1024', { clientId: `session ${i}`, subscriptions: [] });
      await link.close();
    }
    expect(await refusal('1024', { clientId: 'one more' })).toMatchObject({ code: 'broker-unreachable' });
    await connected(broker.url, '1024', { clientId: 'session 7' });
  });
});

describe('the embedded broker', () => {
  it('takes another port where the wanted one is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const preferredPort = typeof address === 'object' && address ? address.port : 0;
    const second = await startEmbeddedBroker({ host: '127.0.0.1', preferredPort, accounts });
    expect(second.port).not.toBe(preferredPort);
    expect(second.url).toBe(`mqtt://127.0.0.1:${second.port}`);
    await connected(second.url, 'server');
    await closeAll();
    await second.close();
    other.close();
  });

  it('rejects an address that is none of this machine', async () => {
    const elsewhere = { host: '192.0.2.1', preferredPort: 0, accounts };
    await expect(startEmbeddedBroker(elsewhere)).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });

  it('survives those who speak no MQTT', async () => {
    for (const nonsense of ['GET / HTTP/1.1\r\n\r\n', '\x10\xff\xff\xff\xff\xff', '\0\0\0\0']) {
      const socket = dial(broker.port, '127.0.0.1');
      socket.on('error', () => undefined); // thrown out is what it should be
      socket.end(Buffer.from(nonsense, 'latin1'));
      socket.resume();
      await once(socket, 'close');
    }
    await connected(broker.url, 'server');
  });

  it('keeps so much in memory for a client that is away, and all again when it has taken that', async () => {
    const server = await connected(broker.url, 'server');
    await server.link.close();
    const station = await connected(broker.url, '1024');
    const send = (from: number, count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, i) => {
          const payload = Buffer.alloc(16_000);
          payload.writeUInt32BE(from + i);
          return station.link.publish('xms/u/1024', payload);
        }),
      );
    await send(0, 2_500);
    const taken = await taking();
    // The oldest of 32 MB.
    expect(taken.length).toBeGreaterThan(1_500);
    expect(taken.length).toBeLessThan(2_000);
    expect(taken).toEqual(taken.map((_, i) => i));
    await send(0, 1_000);
    expect(await taking()).toHaveLength(1_000);

    /** What the server finds when it comes back, until nothing comes any more. */
    async function taking(): Promise<number[]> {
      const { link, deliveries } = client(broker.url, 'server', { room: delivery => delivery.acknowledge() });
      for (let seen = -1; seen < deliveries.waiting.length || seen === 0; ) {
        seen = deliveries.waiting.length;
        await new Promise(resolve => setTimeout(resolve, 300));
      }
      await link.close();
      return deliveries.waiting.map(({ payload }) => Buffer.from(payload).readUInt32BE());
    }
  });

  it('closes while clients are connected', async () => {
    const { statuses } = await connected(broker.url, 'server');
    await broker.close();
    expect(await statuses.next()).toMatchObject({ state: 'lost' });
    broker = await startEmbeddedBroker({ host: '127.0.0.1', preferredPort: broker.port, accounts });
    expect((await statuses.until(({ state }) => state === 'connected')).protocol).toBe(4);
  });
});
