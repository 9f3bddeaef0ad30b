import { afterEach, describe, expect, it } from 'vitest';
import type { LinkOptions } from '../../src/mqtt/link.ts';
import { until } from '../until.ts';
import { client, closeAll, untilConnected } from './clients.ts';
import {
  accepted,
  connect,
  end,
  maximumPacketSize,
  noSharedSubscriptions,
  publish,
  receiveMaximum,
  refused,
  type Script,
  ScriptedBroker,
  subscribe,
  unsubscribe,
} from './scripted-broker.ts';

let broker: ScriptedBroker;
afterEach(async () => {
  await closeAll();
  await broker.close();
});

/** A link to a broker with this script; without subscriptions where none are given. */
async function linked(scripts: readonly Script[], options: Parameters<typeof client>[2] = {}) {
  broker = await ScriptedBroker.start(...scripts);
  return client(broker.url, 'server', { subscriptions: [], ...options });
}

/** DISCONNECT of MQTT 5 with this reason. */
const disconnect = (reason: number) => [0xe0, 2, reason, 0];

/** The protocol level that the client asked for, connection by connection. */
const levels = () => broker.received.map(bytes => bytes[bytes.indexOf('MQTT') + 4]);

describe('the protocol', () => {
  it.each([0x84, 0x01])('falls back to MQTT 3.1.1 where MQTT 5 is refused with %i', async code => {
    const link = await linked([{ [connect]: refused(code) }, { [connect]: () => [0x20, 2, 0, 0] }]);
    expect(await untilConnected(link)).toEqual({ state: 'connected', protocol: 4, subscriptions: [] });
    expect(levels()).toEqual([5, 4]);
  });

  /** A broker that closes on MQTT 5. */
  const closing = { [connect]: () => [end] };
  const old = { [connect]: () => [0x20, 2, 0, 0] };

  it('falls back to MQTT 3.1.1 where that is answered, and MQTT 5 never', async () => {
    const link = await linked([closing, closing, old, closing, old]);
    expect(await untilConnected(link)).toEqual({ state: 'connected', protocol: 4, subscriptions: [] });
    expect(levels()).toEqual([5, 5, 4, 5, 4]);
  });

  it('is MQTT 3.1.1 as well where the answer to that is a refusal, which is told', async () => {
    const { statuses } = await linked([
      closing,
      closing,
      { [connect]: refused(4) },
      closing,
      { [connect]: refused(4) },
    ]);
    const told = await statuses.until(({ reason }) => reason?.code === 'broker-refused');
    expect(told.reason?.params.detail).toContain('Bad username or password');
    expect(levels()).toEqual([5, 5, 4, 5, 4]);
  });

  it('does not fall back where the broker only was away', async () => {
    const link = await linked([closing, closing, old, { [connect]: accepted() }]);
    expect(await untilConnected(link)).toEqual({ state: 'connected', protocol: 5, subscriptions: [] });
    expect(levels()).toEqual([5, 5, 4, 5]);
  });

  it('stays MQTT 5 where that was answered once, however the connections end', async () => {
    const cut = { [connect]: accepted(), [subscribe]: () => [end] };
    const whole = { [connect]: accepted(), [subscribe]: (id: readonly number[]) => [0x90, 4, ...id, 0, 1] };
    const link = await linked([cut, cut, closing, closing, closing, whole], { subscriptions: ['a'] });
    expect(await untilConnected(link)).toEqual({ state: 'connected', protocol: 5, subscriptions: ['a'] });
    expect(levels()).toEqual([5, 5, 5, 5, 5, 5]);
  });

  it('is asked for again and again where nothing is answered', async () => {
    const { statuses } = await linked([closing]);
    while (levels().length < 7) await statuses.next();
    expect(levels().slice(0, 7)).toEqual([5, 5, 4, 5, 5, 4, 5]);
  });

  it('is not changed by any other refusal', async () => {
    const link = await linked([{ [connect]: refused(0x88) }]);
    expect(await link.statuses.next()).toMatchObject({
      state: 'connecting',
      reason: {
        code: 'broker-unreachable',
        params: { detail: expect.stringContaining('Server unavailable') },
      },
    });
    await link.statuses.next();
    expect(new Set(levels())).toEqual(new Set([5]));
  });
});

describe('a refused connection', () => {
  it.each([
    [0x86, 'Bad User Name or Password'],
    [0x87, 'Not authorized'],
    [0x04, 'Bad username or password'],
    [0x05, 'Not authorized'],
  ])('is told with its reason: %i', async (code, detail) => {
    const link = await linked([{ [connect]: refused(code) }]);
    expect(await link.statuses.next()).toEqual({
      state: 'connecting',
      reason: { code: 'broker-refused', params: { detail: `Connection refused: ${detail}` } },
    });
  });
});

describe('a connection that the broker ends', () => {
  it.each([
    [0x8e, 'another client has connected with our client id'],
    [0x8b, 'the broker is shutting down'],
    [0x93, 'DISCONNECT 147'],
  ])('is told with its reason: %i', async (reason, detail) => {
    const { statuses } = await linked([{ [connect]: accepted([], ...disconnect(reason), end) }]);
    const lost = await statuses.until(status => status.reason !== undefined);
    expect(lost.reason).toEqual({ code: 'broker-unreachable', params: { url: broker.url, detail } });
  });

  it('without a word is told as that', async () => {
    const { statuses } = await linked([{ [connect]: accepted([], end) }]);
    const lost = await statuses.until(status => status.reason !== undefined);
    expect(lost.reason).toMatchObject({ params: { detail: 'connection closed' } });
  });
});

describe('subscriptions', () => {
  const suback = (code: number) => (id: readonly number[]) => [0x90, 4, ...id, 0, code];
  const options = { subscriptions: ['xms/u/+'] };

  it.each([
    ['denied', 0x87, 'Not authorized'],
    ['granted without a promise to deliver', 0x00, 'QoS 1 not granted'],
  ])('that are %s make no connection', async (_case, code, detail) => {
    const link = await linked([{ [connect]: accepted(), [subscribe]: suback(code) }], options);
    expect(await link.statuses.next()).toMatchObject({
      state: 'connecting',
      reason: {
        code: 'broker-refused',
        params: { detail: expect.stringMatching(`^xms/u/\\+: .*${detail}`) },
      },
    });
  });

  it('that are not answered yet hold up nothing where publishing may be early', async () => {
    const silent = { [connect]: accepted(), [subscribe]: () => [] };
    const link = await linked([silent], { ...options, publishesEarly: true });
    expect(await untilConnected(link)).toMatchObject({ state: 'connected' });
  });

  it('that are denied end the connection there, too', async () => {
    const denying = { [connect]: accepted(), [subscribe]: suback(0x87) };
    const { statuses } = await linked([denying], { ...options, publishesEarly: true });
    expect(await statuses.next()).toMatchObject({ state: 'connected' });
    expect(await statuses.next()).toMatchObject({ state: 'lost', reason: { code: 'broker-refused' } });
  });

  it.each([
    ['are shared where the broker can', [], '$share/xms/xms/u/+'],
    ['are our own where it cannot', noSharedSubscriptions, 'xms/u/+'],
  ])('%s', async (_case, properties, filter) => {
    const script = { [connect]: accepted(properties), [subscribe]: suback(1) };
    const link = await linked([script], { ...options, sharedGroup: 'xms' });
    await untilConnected(link);
    const sent = broker.received[0] as Buffer;
    const at = sent.indexOf(filter);
    expect(sent.subarray(at - 2, at)).toEqual(Buffer.from([0, filter.length]));
  });
});

describe('a broker of MQTT 5 that cannot share', () => {
  const suback = (id: readonly number[]) => [0x90, 4, ...id, 0, 1];
  const alone = { [connect]: accepted(noSharedSubscriptions), [subscribe]: suback };
  /** DISCONNECT of MQTT 5 that ends the session. */
  const farewell = Buffer.from([0xe0, 7, 0, 5, 0x11, 0, 0, 0, 0]);
  const clientIds = () => broker.received.map(bytes => /xms-\w+|server/.exec(bytes.toString('latin1'))?.[0]);

  /** Turns as the database gives them, one after the other. */
  function turns(): NonNullable<LinkOptions['inTurn']> {
    let last = Promise.resolve();
    return {
      clientId: 'xms-all',
      take: async () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        const before = last;
        last = promise;
        await before;
        return { lost: new Promise<void>(() => undefined), release: async () => resolve() };
      },
    };
  }

  it('is served by one at a time, under one client id', async () => {
    const inTurn = turns();
    const options = { subscriptions: ['xms/u/+'], sharedGroup: 'xms', inTurn };
    const first = await linked([alone], { ...options, clientId: 'xms-a' });
    expect(await untilConnected(first)).toMatchObject({ state: 'connected', protocol: 5 });
    const second = client(broker.url, 'server', { ...options, clientId: 'xms-b' });
    expect(await second.statuses.next()).toEqual({ state: 'standby', protocol: 5 });
    expect(clientIds()).toEqual(['xms-a', 'xms-all', 'xms-b']);
    // Whoever waits leaves nothing behind at the broker, neither a subscription nor a session.
    for (const place of [0, 2]) {
      expect(broker.received[place]?.includes('xms/u/+')).toBe(false);
      expect(broker.received[place]?.subarray(-farewell.length)).toEqual(farewell);
    }
    await first.link.close();
    expect(await untilConnected(second)).toMatchObject({ state: 'connected', protocol: 5 });
    expect(clientIds()).toEqual(['xms-a', 'xms-all', 'xms-b', 'xms-all']);
    expect(broker.received[3]?.includes('$share')).toBe(false);
    expect(broker.received[1]?.subarray(-4)).toEqual(Buffer.from([0xe0, 2, 0, 0]));
  });

  it('has what waits in a session of before taken out of it, which ends', async () => {
    const properties = noSharedSubscriptions;
    const message = [publish | 2, 6, 0, 1, 0x61, 0, 1, 0];
    const found = {
      [connect]: () => [0x20, 3 + properties.length, 1, 0, properties.length, ...properties, ...message],
      [unsubscribe]: (id: readonly number[]) => [0xb0, 4, ...id, 0, 0],
    };
    const { deliveries, ...link } = await linked([found, alone], {
      subscriptions: ['xms/u/+'],
      sharedGroup: 'xms',
      inTurn: turns(),
      room: delivery => delivery.acknowledge(),
    });
    await untilConnected({ deliveries, ...link });
    expect(deliveries.waiting).toHaveLength(1);
    expect(broker.received[0]?.includes(Buffer.from([0x40, 2, 0, 1]))).toBe(true);
    expect(broker.received[0]?.subarray(-farewell.length)).toEqual(farewell);
  });
});

describe('a publish', () => {
  const puback = (id: readonly number[]) => [0x40, 2, ...id];

  it('that the broker answers with a refusal rejects with it, and the link goes on', async () => {
    const link = await linked([{ [connect]: accepted(), [publish]: id => [0x40, 4, ...id, 0x97, 0] }]);
    await untilConnected(link);
    await expect(link.link.publish('xms/d/1024', Buffer.from('a'))).rejects.toMatchObject({
      code: 'broker-refused',
      params: { detail: expect.stringContaining('Quota exceeded') },
    });
    expect(link.link.status.state).toBe('connected');
  });

  it('that is larger than the broker takes is not even sent: the broker would end the connection', async () => {
    const link = await linked([{ [connect]: accepted(maximumPacketSize(500)), [publish]: puback }]);
    await untilConnected(link);
    await expect(link.link.publish('xms/d/1024', Buffer.alloc(500))).rejects.toMatchObject({
      code: 'broker-refused',
      params: { detail: '500 bytes, 500 at most' },
    });
    await link.link.publish('xms/d/1024', Buffer.alloc(450));
  });

  it('names its topic each time where the broker takes no alias', async () => {
    const link = await linked([{ [connect]: accepted(), [publish]: puback }]);
    await untilConnected(link);
    for (const text of ['a', 'b']) await link.link.publish('xms/d/1024', Buffer.from(text));
    expect(broker.received[0]?.toString('latin1').split('xms/d/1024')).toHaveLength(3);
  });

  it('waits where the broker wants no more at once', async () => {
    const link = await linked([{ [connect]: accepted(receiveMaximum(1)), [publish]: puback }]);
    await untilConnected(link);
    const first = link.link.publish('xms/d/1024', Buffer.from('first'));
    const second = link.link.publish('xms/d/1024', Buffer.from('second'));
    await first;
    expect(broker.received[0]?.includes('second')).toBe(false);
    await second;
  });
});

describe('an answer that does not come', () => {
  const puback = (id: readonly number[]) => [0x40, 2, ...id];
  const impatient = { answerTimeoutMs: 60 };
  const lost = { state: 'lost', reason: { params: { detail: 'no answer for 0.06 s' } } };

  it('to a publish ends the connection, and the next one is made', async () => {
    const link = await linked(
      [{ [connect]: accepted() }, { [connect]: accepted(), [publish]: puback }],
      impatient,
    );
    await untilConnected(link);
    const unanswered = link.link.publish('xms/d/1024', Buffer.from('a'));
    await expect(unanswered).rejects.toMatchObject({ code: 'link-closed' });
    expect(await link.statuses.next()).toMatchObject(lost);
    await untilConnected(link);
    await link.link.publish('xms/d/1024', Buffer.from('a'));
  });

  it('to one publish ends the connection even where the next ones are answered', async () => {
    const answers = [[], ...Array<undefined>(1_000)];
    const script = {
      [connect]: accepted(),
      [publish]: (id: readonly number[]) => answers.shift() ?? puback(id),
    };
    const link = await linked([script], impatient);
    await untilConnected(link);
    const unanswered = link.link.publish('xms/d/1024', Buffer.from('a'));
    const ended = expect(unanswered).rejects.toMatchObject({ code: 'link-closed' });
    while (link.link.status.state === 'connected')
      await link.link.publish('xms/d/1024', Buffer.from('b')).catch(() => undefined);
    await ended;
    expect(await link.statuses.next()).toMatchObject(lost);
  });

  it('to a ping ends it as well', async () => {
    const link = await linked([{ [connect]: accepted() }], impatient);
    await untilConnected(link);
    await expect(link.link.roundTrip()).rejects.toMatchObject({ code: 'link-closed' });
    expect(await link.statuses.next()).toMatchObject(lost);
  });

  it('to a SUBSCRIBE makes no connection', async () => {
    const link = await linked([{ [connect]: accepted() }], { ...impatient, subscriptions: ['a'] });
    expect(await link.statuses.next()).toMatchObject({ ...lost, state: 'connecting' });
  });

  it('is not missed while we read nothing: it may have come', async () => {
    const held = Promise.withResolvers<void>();
    const message = [publish | 2, 6, 0, 1, 0x61, 0, 1, 0];
    const link = await linked([{ [connect]: accepted([], ...message), [publish]: puback }], {
      ...impatient,
      room: () => held.promise,
    });
    await untilConnected(link);
    await link.deliveries.next();
    const answered = link.link.publish('xms/d/1024', Buffer.from('a'));
    // One that reads, and is not answered: it has had its time when this is told.
    const other = client(broker.url, 'server', { subscriptions: ['b'], clientId: 'other', ...impatient });
    await other.statuses.next();
    held.resolve();
    await answered;
    expect(link.statuses.waiting).toEqual([]);
  });
});

describe('a broker that repeats what it has no PUBACK for', () => {
  const message = (flags: number, id: number) => [publish | flags, 6, 0, 1, 0x61, 0, id, 0];
  const [qos1, dup] = [2, 8];
  const script = {
    [connect]: accepted([], ...message(qos1, 1), ...message(qos1 | dup, 1), ...message(qos1, 2)),
  };

  it('gets it, from then on at once', async () => {
    const { deliveries } = await linked([script], {
      waitingAcknowledgements: 5,
      room: delivery => delivery.acknowledge(),
    });
    await acknowledgedOnce();
    expect(deliveries.waiting).toHaveLength(2);
  });

  it('gets one, where the message is still being filed', async () => {
    const link = await linked([script]);
    const deliveries = [await link.deliveries.next(), await link.deliveries.next()];
    for (const delivery of deliveries) delivery.acknowledge();
    await acknowledgedOnce();
    expect(link.deliveries.waiting).toEqual([]);
  });

  async function acknowledgedOnce(): Promise<void> {
    const pubacks = Buffer.from([0x40, 2, 0, 1, 0x40, 2, 0, 2]);
    await until(() => broker.received[0]?.subarray(-pubacks.length).equals(pubacks) === true);
  }
});

describe('a connection that does not last', () => {
  it('is tried again with pauses that grow', async () => {
    const link = await linked([{ [connect]: accepted([], end) }], {
      retry: { firstMs: 1, longestMs: 1_000 },
    });
    const pauses: number[] = [];
    for (let last = performance.now(), i = 0; i < 8; i++) {
      await untilConnected(link);
      await link.statuses.until(({ state }) => state === 'lost');
      pauses.push(performance.now() - last);
      last = performance.now();
    }
    // 1 ms, doubled seven times, at least half of it each time.
    expect(pauses.at(-1)).toBeGreaterThan(32);
  });
});
