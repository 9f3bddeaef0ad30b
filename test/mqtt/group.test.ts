import { afterEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/core/ports.ts';
import { drainSession } from '../../src/mqtt/drain-session.ts';
import type { LinkOptions } from '../../src/mqtt/link.ts';
import { accounts, mosquittoProgram, startMosquitto, type TestBroker } from './brokers.ts';
import { closeAll, connected, take, textOf } from './clients.ts';
import { Wire } from './wire.ts';

let broker: TestBroker;
afterEach(async () => {
  await closeAll();
  await broker.stop();
});

const shared = { sharedGroup: 'xms', subscriptions: ['xms/u/+'] } as const;
const never = new AbortController().signal;

async function send(...texts: string[]): Promise<void> {
  const station = await connected(broker.url, '1024');
  for (const text of texts) await station.link.publish('xms/u/1024', Buffer.from(text));
  await station.link.close();
}

describe.skipIf(!mosquittoProgram)('engines that share a subscription (Mosquitto)', () => {
  it('miss nothing when one leaves: its part goes to the others, and its session ends', async () => {
    broker = await startMosquitto();
    const leaving = await connected(broker.url, 'server', { ...shared, clientId: 'leaving' });
    const staying = await connected(broker.url, 'server', { ...shared, clientId: 'staying' });
    await leaving.link.leaveGroup();
    await leaving.link.close();
    await send('a', 'b', 'c', 'd');
    expect((await take(staying, 4)).map(textOf)).toEqual(['a', 'b', 'c', 'd']);
    const back = await connected(broker.url, 'server', { clientId: 'leaving', subscriptions: [] });
    await back.link.roundTrip();
    expect(back.deliveries.waiting).toHaveLength(0);
  });

  it('leave with everything acknowledged that came meanwhile', async () => {
    broker = await startMosquitto();
    const leaving = await connected(broker.url, 'server', { ...shared, clientId: 'leaving' });
    await send('a', 'b');
    const [first, second] = (await take(leaving, 2)) as [Delivery, Delivery];
    let left = false;
    const leave = leaving.link.leaveGroup().then(() => {
      left = true;
    });
    first.acknowledge();
    await leaving.link.roundTrip();
    expect(left).toBe(false);
    second.acknowledge();
    await leave;
  });

  it('give up leaving where what came is not acknowledged: it stays in the session', async () => {
    broker = await startMosquitto();
    const options = { ...shared, clientId: 'leaving', leaveTimeoutMs: 600 };
    const leaving = await connected(broker.url, 'server', options);
    await send('a', 'b');
    const [first] = (await take(leaving, 2)) as [Delivery, Delivery];
    first.acknowledge();
    await expect(leaving.link.leaveGroup()).rejects.toThrow('1 messages without an acknowledgement');
    await leaving.link.close();
    const texts: string[] = [];
    const count = await drainSession(
      sessionOf('leaving'),
      delivery => {
        texts.push(textOf(delivery));
        delivery.acknowledge();
      },
      never,
    );
    expect([count, ...texts]).toEqual([1, 'b']);
  });

  it('take what waits for a dead one, and end its session', async () => {
    broker = await startMosquitto();
    const wire = await Wire.to(broker.url);
    const dead = await connected(wire.url, 'server', { ...shared, clientId: 'dead', retry: forLong });
    wire.cut();
    await dead.statuses.until(({ state }) => state === 'lost');
    await send('a', 'b', 'c');
    const texts: string[] = [];
    const take = (delivery: Delivery) => {
      texts.push(textOf(delivery));
      delivery.acknowledge();
    };
    expect(await drainSession(sessionOf('dead'), take, never)).toBe(3);
    expect(texts).toEqual(['a', 'b', 'c']);
    await send('d');
    expect(await drainSession(sessionOf('dead'), take, never)).toBe(0);
    await wire.close();
  });

  it('leave a dead one’s session alone where they are stopped, or cannot connect', async () => {
    broker = await startMosquitto();
    const dead = await connected(broker.url, 'server', { ...shared, clientId: 'dead' });
    await dead.link.close();
    await send('a');
    const refused = drainSession(sessionOf('dead', 'wrong'), () => undefined, never);
    await expect(refused).rejects.toThrow('Connection refused');
    expect(await drainSession(sessionOf('dead'), () => undefined, AbortSignal.abort())).toBe(0);
    // Not acknowledged, it would be waited for.
    const ending = new AbortController();
    expect(await drainSession(sessionOf('dead'), () => ending.abort(), ending.signal)).toBe(1);
    expect(await drainSession(sessionOf('dead'), delivery => delivery.acknowledge(), never)).toBe(1);
  });
});

/** A client that is lost does not come back by itself. */
const forLong = { firstMs: 600_000, longestMs: 600_000 };

function sessionOf(clientId: string, password = accounts[0]?.password ?? ''): LinkOptions {
  const { url } = broker;
  return {
    url,
    clientId,
    userName: 'server',
    password,
    keepAliveS: 60,
    sessionExpiryS: 600,
    subscriptions: [],
  };
}
