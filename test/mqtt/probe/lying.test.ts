/** Brokers that lie, rave or fall silent: the test says so, in time. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  accepted,
  connect,
  end,
  publish,
  refused,
  type Script,
  ScriptedBroker,
  subscribe,
} from '../scripted-broker.ts';
import { found, probe, remarksOf, resultOf } from './found.ts';

let broker: ScriptedBroker;
afterEach(() => broker.close());

async function probed(script: Script) {
  broker = await ScriptedBroker.start({ [pingreq]: () => [0xd0, 0], ...script });
  return probe({ url: broker.url, versions: ['5'], limitMs: 20_000 });
}

const pingreq = 0xc0;
const granted = (id: readonly number[]) => [0x90, 4, ...id, 0, 1];
const acknowledged = (id: readonly number[]) => [0x40, 2, ...id];

describe('a broker that', () => {
  it('says nothing is given up', async () => {
    const test = await probed({});
    expect(resultOf(test, 'connection')).toMatchObject({
      outcome: 'failed',
      fault: { code: 'broker-unreachable', params: { detail: 'no answer' } },
    });
    expect(remarksOf(test)).toEqual(['unreachable']);
  });

  it('refuses is quoted', async () => {
    const test = await probed({ [connect]: refused(0x87) });
    expect(resultOf(test, 'connection')).toMatchObject({
      fault: { code: 'broker-refused', params: { detail: 'CONNACK 0x87, not authorized' } },
    });
  });

  it('hangs up is told', async () => {
    const test = await probed({ [connect]: () => [end] });
    expect(resultOf(test, 'connection')).toMatchObject({ outcome: 'failed', fault: { code: 'link-closed' } });
  });

  it('sends what is no MQTT is told', async () => {
    const test = await probed({ [connect]: () => [...Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')] });
    expect(resultOf(test, 'connection')?.outcome).toBe('failed');
    expect(test.verdict.fitness).toBe('unfit');
  });

  it('acknowledges everything and delivers nothing does not pass', async () => {
    const test = await probed({ [connect]: accepted(), [subscribe]: granted, [publish]: acknowledged });
    expect(found(test, 'access')).toEqual({ subscribe: false, publish: false });
    expect([test.verdict.fitness, ...remarksOf(test)]).toEqual(['unfit', 'topics-denied', 'no-take-over']);
  });

  it('sends without end is left', async () => {
    const message = [0x30, 7, 0, 1, 0x78, 0, 0x61, 0x62, 0x63];
    const flood = Array.from({ length: 25_000 }, () => message).flat();
    const test = await probed({
      [connect]: accepted(),
      [subscribe]: id => [...granted(id), ...flood],
      [publish]: acknowledged,
    });
    expect(test.ms).toBeLessThan(20_000);
    expect(test.verdict.fitness).toBe('unfit');
  });

  it('claims less than it can is taken at its word', async () => {
    // Maximum QoS 0, Retain, Wildcard, Subscription Identifiers, Shared: not available.
    const claims = [0x24, 0, 0x25, 0, 0x28, 0, 0x29, 0, 0x2a, 0];
    const test = await probed({ [connect]: accepted(claims), [subscribe]: granted, [publish]: acknowledged });
    expect(found(test, 'announced')).toMatchObject({
      maximumQos: 0,
      retain: false,
      wildcards: false,
      subscriptionIds: false,
      shared: false,
    });
  });
});
