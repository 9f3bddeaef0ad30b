import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/core/ports.ts';
import { mosquittoProgram, startAedes, startMosquitto, type TestBroker } from './brokers.ts';
import { client, closeAll, connected, take, textOf, untilConnected } from './clients.ts';
import { type Frame, packetTypes, Wire } from './wire.ts';

const brokers = [
  { name: 'the embedded broker', protocol: 4, start: startAedes, here: true },
  { name: 'Mosquitto', protocol: 5, start: startMosquitto, here: mosquittoProgram !== undefined },
] as const;

const linkClosed = { code: 'link-closed' };
const topic = { up: 'xms/u/1024', down: 'xms/d/1024' } as const;
const is = (from: Frame['from'], type: keyof typeof packetTypes) => (frame: Frame) =>
  frame.from === from && frame.type === packetTypes[type];

afterEach(closeAll);

describe.each(brokers.filter(({ here }) => here))('a link to $name', ({ protocol, start }) => {
  let broker: TestBroker;
  beforeAll(async () => {
    broker = await start();
  });
  afterAll(() => broker.stop());

  /** Whatever the tests before have left to be delivered. */
  beforeEach(async () => {
    for (const userName of ['server', '1024']) {
      const rest = await connected(broker.url, userName);
      await rest.link.roundTrip();
      for (const delivery of rest.deliveries.waiting) delivery.acknowledge();
      await rest.link.close();
    }
  });

  /** Sends these from the station. */
  async function send(...texts: string[]): Promise<void> {
    const station = await connected(broker.url, '1024', { clientId: 'xms-sender', subscriptions: [] });
    for (const text of texts) await station.link.publish(topic.up, Buffer.from(text));
    await station.link.close();
  }

  /** What is delivered to a server that connects now; nothing of it is acknowledged. */
  async function undelivered(): Promise<string[]> {
    const server = await connected(broker.url, 'server');
    await server.link.roundTrip();
    const texts = server.deliveries.waiting.map(textOf);
    await server.link.close();
    return texts;
  }

  it('finds the protocol that both speak', async () => {
    const { link, statuses } = client(broker.url, 'server');
    const connectedStatus = { state: 'connected', protocol, subscriptions: ['xms/u/+'] };
    expect(link.status).toEqual({ state: 'connecting' });
    expect(await statuses.next()).toEqual(connectedStatus);
    expect(link.status).toEqual(connectedStatus);
    await link.close();
    expect(await statuses.next()).toEqual({ state: 'closed' });
  });

  it('carries any bytes both ways', async () => {
    const [server, station] = [await connected(broker.url, 'server'), await connected(broker.url, '1024')];
    const payloads = [Buffer.from([0, 255, 10]), Buffer.alloc(0), randomBytes(20_000)];
    for (const payload of payloads) await station.link.publish(topic.up, payload);
    for (const payload of payloads) await server.link.publish(topic.down, payload);
    const [up, down] = [await take(server, 3), await take(station, 3)];
    expect(up.map(delivery => [delivery.topic, Buffer.from(delivery.payload)])).toEqual(
      payloads.map(payload => [topic.up, payload]),
    );
    expect(down.map(delivery => Buffer.from(delivery.payload))).toEqual(payloads);
    for (const delivery of [...up, ...down]) delivery.acknowledge();
  });

  it('measures a round trip', async () => {
    const { link } = await connected(broker.url, 'server');
    const ms = await link.roundTrip();
    expect(ms).toBeGreaterThan(0);
    expect(ms).toBeLessThan(5_000);
  });

  describe('acknowledging', () => {
    it('is done when we say so: until then the broker delivers again', async () => {
      await send('a');
      expect(await undelivered()).toEqual(['a']);
      const server = await connected(broker.url, 'server');
      const [delivery] = await take(server, 1);
      delivery?.acknowledge();
      await server.link.close();
      expect(await undelivered()).toEqual([]);
    });

    it('empties the queue of the broker, however much there was', async () => {
      const texts = Array.from({ length: 300 }, (_, i) => `message ${i}`);
      await send(...texts);
      const server = client(broker.url, 'server');
      const taken: string[] = [];
      // A window of the broker's is passed only when acknowledgements arrive.
      while (taken.length < texts.length) {
        const delivery = await server.deliveries.next();
        taken.push(textOf(delivery));
        delivery.acknowledge();
      }
      expect(taken).toEqual(texts);
      await server.link.close();
      expect(await undelivered()).toEqual([]);
    });

    it('goes out in the order of arrival, whatever the order of the calls', async () => {
      await send('a', 'b', 'c');
      const server = await connected(broker.url, 'server');
      const [, second, third] = await take(server, 3);
      third?.acknowledge();
      second?.acknowledge();
      await server.link.close();
      expect(await undelivered()).toEqual(['a', 'b', 'c']);
      const again = await connected(broker.url, 'server');
      for (const delivery of (await take(again, 3)).reverse()) delivery.acknowledge();
      await again.link.close();
      expect(await undelivered()).toEqual([]);
    });

    it('waits for the first, then sends all at once', async () => {
      const wire = await Wire.to(broker.url);
      await send('a', 'b', 'c');
      const server = await connected(wire.url, 'server');
      const [first, second, third] = await take(server, 3);
      const acknowledged = () => wire.frames.waiting.filter(is('client', 'puback')).length;
      third?.acknowledge();
      second?.acknowledge();
      await server.link.roundTrip();
      expect(acknowledged()).toBe(0);
      first?.acknowledge();
      await server.link.roundTrip();
      expect(acknowledged()).toBe(3);
      await server.link.close();
      await wire.close();
    });

    it('waits for company where it may: the next publish, or more of them', async () => {
      const wire = await Wire.to(broker.url);
      const station = await connected(wire.url, '1024', { waitingAcknowledgements: 2 });
      const server = await connected(broker.url, 'server');
      const acknowledged = () => wire.frames.waiting.filter(is('client', 'puback')).length;
      const receive = async (...texts: string[]) => {
        for (const text of texts) await server.link.publish(topic.down, Buffer.from(text));
        for (const delivery of await take(station, texts.length)) delivery.acknowledge();
      };
      await receive('a');
      await receive('b');
      expect(acknowledged()).toBe(0);
      await station.link.publish(topic.up, Buffer.from('company'));
      const sent = wire.frames.waiting.filter(({ from }) => from === 'client').map(({ type }) => type);
      expect(sent.slice(-3)).toEqual([packetTypes.puback, packetTypes.puback, packetTypes.publish]);
      await receive('c', 'd', 'e');
      while (acknowledged() < 5) await new Promise(setImmediate);
      await receive('f');
      await station.link.close();
      expect(acknowledged()).toBe(6);
      await wire.close();
    });

    it('that waited when the connection was lost is given again', async () => {
      const wire = await Wire.to(broker.url);
      const station = await connected(wire.url, '1024', { waitingAcknowledgements: 2 });
      const server = await connected(broker.url, 'server');
      await server.link.publish(topic.down, Buffer.from('a'));
      const acknowledge = async () => {
        const [delivery] = await take(station, 1);
        expect(delivery && textOf(delivery)).toBe('a');
        delivery?.acknowledge();
      };
      await acknowledge();
      wire.cut();
      await station.statuses.until(({ state }) => state === 'lost');
      await untilConnected(station);
      await acknowledge();
      await station.link.close();
      const again = await connected(broker.url, '1024');
      await again.link.roundTrip();
      expect(again.deliveries.waiting).toHaveLength(0);
      await wire.close();
    });

    it('of a connection that is gone is dropped', async () => {
      await send('a');
      const wire = await Wire.to(broker.url);
      const server = await connected(wire.url, 'server');
      const [old] = await take(server, 1);
      wire.cut();
      await server.statuses.until(({ state }) => state === 'lost');
      await untilConnected(server);
      const [renewed] = await take(server, 1);
      expect(renewed && textOf(renewed)).toBe('a');
      old?.acknowledge();
      await server.link.close();
      await wire.close();
      expect(await undelivered()).toEqual(['a']);
    });
  });

  describe('a promise from onDelivery', () => {
    it('stops the reading until it resolves', async () => {
      const room = Promise.withResolvers<void>();
      const wire = await Wire.to(broker.url);
      await send('a', 'b', 'c');
      let pending: Promise<void> | undefined = room.promise;
      const server = client(wire.url, 'server', { room: () => pending });
      for (let sent = 0; sent < 3; sent++) await wire.frames.until(is('broker', 'publish'));
      await take(server, 1);
      // All three have come through the wire, and would be here by the next turn.
      await new Promise(setImmediate);
      expect(server.deliveries.waiting).toHaveLength(0);
      pending = undefined;
      room.resolve();
      expect((await take(server, 2)).map(textOf)).toEqual(['b', 'c']);
      await server.link.close();
      await wire.close();
    });

    it('may reject: the message is not acknowledged, and the next one comes', async () => {
      await send('a', 'b');
      const server = await connected(broker.url, 'server', { room: () => Promise.reject(new Error('full')) });
      expect((await take(server, 2)).map(textOf)).toEqual(['a', 'b']);
    });

    it('may stay pending for longer than the keep-alive: the connection lives', async () => {
      const room = Promise.withResolvers<void>();
      const wire = await Wire.to(broker.url);
      const server = await connected(wire.url, 'server', { room: () => room.promise, keepAliveS: 1 });
      await send('a', 'b');
      await take(server, 1);
      for (let pings = 0; pings < 5; pings++) await wire.frames.until(is('client', 'pingreq'));
      room.resolve();
      expect((await take(server, 1)).map(textOf)).toEqual(['b']);
      await server.link.roundTrip();
      expect(server.statuses.waiting.filter(({ state }) => state !== 'connected')).toEqual([]);
      await server.link.close();
      await wire.close();
    });
  });

  describe('publishing', () => {
    it('names the topic once in a connection where the protocol has aliases, and again in the next', async () => {
      const wire = await Wire.to(broker.url);
      const station = await connected(wire.url, '1024');
      const server = await connected(broker.url, 'server');
      const publish = async () => {
        for (const text of ['a', 'b', 'c']) await station.link.publish(topic.up, Buffer.from(text));
      };
      await publish();
      wire.cut();
      await station.statuses.until(({ state }) => state === 'lost');
      await untilConnected(station);
      await publish();
      const received = await take(server, 6);
      expect(received.map(delivery => delivery.topic)).toEqual(Array(6).fill(topic.up));
      for (const delivery of received) delivery.acknowledge();
      const sizes = wire.frames.waiting.filter(is('client', 'publish')).map(({ size }) => size);
      const least = Math.min(...sizes);
      const named = protocol === 5 ? [topic.up.length, 0, 0] : [0, 0, 0];
      expect(sizes.map(size => size - least)).toEqual([...named, ...named]);
      await wire.close();
    });

    it('names the topic each time where that is asked for', async () => {
      const wire = await Wire.to(broker.url);
      const station = await connected(wire.url, '1024', { topicAlias: false });
      for (const text of ['a', 'b']) await station.link.publish(topic.up, Buffer.from(text));
      const sizes = wire.frames.waiting.filter(is('client', 'publish')).map(({ size }) => size);
      expect(sizes).toHaveLength(2);
      expect(new Set(sizes).size).toBe(1);
      await wire.close();
    });

    it('rejects when the broker is killed, and works when it is back', async () => {
      const station = await connected(broker.url, '1024');
      await broker.kill();
      const lost = await station.statuses.until(({ state }) => state === 'lost');
      expect(lost.reason).toMatchObject({ code: 'broker-unreachable', params: { url: broker.url } });
      await expect(station.link.publish(topic.up, Buffer.from('a'))).rejects.toMatchObject(linkClosed);
      await expect(station.link.roundTrip()).rejects.toMatchObject(linkClosed);
      await broker.revive();
      await untilConnected(station);
      const server = await connected(broker.url, 'server');
      await station.link.publish(topic.up, Buffer.from('b'));
      expect((await take(server, 1)).map(textOf)).toEqual(['b']);
    });

    it('rejects what is on its way when the connection is cut, waiting ones too', async () => {
      const wire = await Wire.to(broker.url);
      const station = await connected(wire.url, '1024');
      wire.hold();
      const publishes = Array.from({ length: 150 }, () => station.link.publish(topic.up, Buffer.from('a')));
      const trip = station.link.roundTrip();
      const results = Promise.allSettled([...publishes, trip]);
      wire.cut();
      for (const result of await results) {
        expect(result).toMatchObject({ status: 'rejected', reason: linkClosed });
      }
      await wire.close();
    });

    it('keeps to a window of unanswered messages', async () => {
      const wire = await Wire.to(broker.url);
      const station = await connected(wire.url, '1024');
      const publishes = Array.from({ length: 400 }, (_, i) =>
        station.link.publish(topic.up, Buffer.from(`${i}`)),
      );
      await Promise.all(publishes);
      let [inFlight, most] = [0, 0];
      for (const frame of wire.frames.waiting) {
        if (is('client', 'publish')(frame)) inFlight++;
        if (is('broker', 'puback')(frame)) inFlight--;
        most = Math.max(most, inFlight);
      }
      // Mosquitto says 20 (max_inflight_messages); MQTT 3.1.1 has no way to say anything.
      const limit = protocol === 5 ? 20 : 100;
      expect(most).toBeLessThanOrEqual(limit);
      expect(most).toBeGreaterThan(1);
      const server = client(broker.url, 'server');
      for (let i = 0; i < 400; i++) {
        const delivery = await server.deliveries.next();
        expect(textOf(delivery)).toBe(`${i}`);
        delivery.acknowledge();
      }
      await wire.close();
    });
  });

  describe('closing', () => {
    it('leaves the session: what comes meanwhile arrives later', async () => {
      const server = await connected(broker.url, 'server');
      await server.link.close();
      await server.link.close();
      await expect(server.link.publish(topic.down, Buffer.from('x'))).rejects.toMatchObject(linkClosed);
      await send('while you were out');
      const [delivery] = await take(await connected(broker.url, 'server'), 1);
      expect(delivery && textOf(delivery)).toBe('while you were out');
      delivery?.acknowledge();
    });

    it('says DISCONNECT, after the acknowledgements given so far', async () => {
      await send('a');
      const wire = await Wire.to(broker.url);
      const server = await connected(wire.url, 'server');
      const [delivery] = await take(server, 1);
      delivery?.acknowledge();
      await server.link.close();
      const sent = wire.frames.waiting.filter(({ from }) => from === 'client').map(({ type }) => type);
      expect(sent.slice(-2)).toEqual([packetTypes.puback, packetTypes.disconnect]);
      await wire.close();
    });

    it('works while it connects, and leaves nothing behind', async () => {
      const silent = createServer().listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const address = silent.address();
      const url = `mqtt://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
      const waiting = client(url, 'server');
      const [socket] = (await once(silent, 'connection')) as [import('node:net').Socket];
      socket.resume(); // whatever it says; nobody answers
      const left = once(socket, 'close');
      await waiting.link.close();
      await left;
      expect(waiting.statuses.waiting).toEqual([{ state: 'closed' }]);
      silent.close();

      const early = client(broker.url, 'server');
      await early.link.close();
      expect(early.statuses.waiting).toEqual([{ state: 'closed' }]);
    });

    it('does not wait for answers that do not come', async () => {
      const wire = await Wire.to(broker.url);
      const station = await connected(wire.url, '1024');
      wire.hold();
      const publish = station.link.publish(topic.up, Buffer.from('a'));
      const rejected = expect(publish).rejects.toMatchObject(linkClosed);
      await station.link.close();
      await rejected;
      await wire.close();
    });
  });

  describe('being refused', () => {
    it('by a wrong password is told, and tried again', async () => {
      const { statuses } = client(broker.url, 'server', { password: 'wrong' });
      for (let attempt = 0; attempt < 2; attempt++) {
        expect(await statuses.next()).toMatchObject({
          state: 'connecting',
          reason: { code: 'broker-refused' },
        });
      }
    });

    it('by nobody is told as what it is', async () => {
      const { statuses } = client('mqtt://127.0.0.1:1', 'server');
      expect(await statuses.next()).toMatchObject({
        state: 'connecting',
        reason: { code: 'broker-unreachable', params: { detail: expect.stringContaining('ECONNREFUSED') } },
      });
    });
  });

  it('gives way to another client of the same id, and comes back', async () => {
    const first = await connected(broker.url, 'server');
    const second = await connected(broker.url, 'server', { retry: { firstMs: 60_000, longestMs: 60_000 } });
    await first.statuses.until(({ state }) => state === 'lost');
    await untilConnected(first);
    await second.statuses.until(({ state }) => state === 'lost');
    await send('for the first');
    const [delivery] = (await take(first, 1)) as [Delivery];
    expect(textOf(delivery)).toBe('for the first');
    delivery.acknowledge();
  });
});

it.each([
  ['localhost', 'Invalid URL'],
  ['', 'Invalid URL'],
  ['broker.example:1883', 'neither mqtt:// nor mqtts://'],
  ['wss://127.0.0.1', 'neither mqtt:// nor mqtts://'],
])('an address that is none is told: %s', async (url, detail) => {
  const { statuses } = client(url, 'server');
  const reason = { code: 'broker-unreachable', params: { url, detail: expect.stringContaining(detail) } };
  expect(await statuses.next()).toMatchObject({ state: 'connecting', reason });
  expect(await statuses.next()).toMatchObject({ state: 'connecting', reason });
});

if (!mosquittoProgram) it.skip('a link to Mosquitto: not tried, there is no mosquitto on this machine');
