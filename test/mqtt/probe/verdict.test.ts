/** The rules of the verdict, one by one: what is broken, and nothing else, is told. */
import { describe, expect, it } from 'vitest';
import {
  type Capability,
  type Circumstances,
  type Findings,
  judge,
  type MqttVersion,
  needs,
  type Result,
  type Verdict,
} from '../../../src/core/broker-test.ts';
import { brokerTestTexts } from '../../../src/text/broker-test.ts';

const roundTrips = { sent: 100, received: 100, duplicates: 0, p50Ms: 1, p95Ms: 2, p99Ms: 3 };

const perfect: Findings = {
  tls: { trusted: true, version: 'TLSv1.3', cipher: 'x', resumed: true, chain: [], daysLeft: 365 },
  connection: { tcpMs: 1, tlsMs: 1, connackMs: 1 },
  announced: {
    retain: true,
    wildcards: true,
    shared: true,
    subscriptionIds: true,
    maximumQos: 2,
    receiveMaximum: 65_535,
    topicAliasMaximum: 10,
  },
  access: { subscribe: true, publish: true },
  qos0: roundTrips,
  qos1: roundTrips,
  qos2: roundTrips,
  retain: { kept: true, removed: true },
  wildcards: { plus: true, hash: true },
  subscriptionIds: { works: true },
  shared: { granted: true, sent: 60, received: 60, members: [20, 20, 20] },
  payload: { worked: 1 << 20 },
  topicLength: { worked: 65_535 },
  clientIdLength: { worked: 65_535 },
  characters: { clientId: '', topic: '' },
  session: { resumed: true, delivered: true },
  queue: { sent: 2_000, kept: 2_000 },
  takeOver: { ended: true },
  will: { delivered: true },
  expiry: { expired: true, others: true },
  receiveMaximum: { asked: 5, live: 5, queued: 5 },
  denial: { refused: true, told: true },
  sys: { topics: 0 },
};

const circumstances: Circumstances = { tls: true, loopback: false, insecure: false };

function results(changes: Partial<Findings> = {}, version: MqttVersion = '5'): Result[] {
  return Object.entries({ ...perfect, ...changes }).map(
    ([capability, finding]) =>
      ({
        capability,
        ...(capability === 'tls' ? {} : { version }),
        ms: 1,
        outcome: 'found',
        finding,
      }) as Result,
  );
}

const told = ({ fitness, remarks }: Verdict) => [fitness, ...remarks.map(({ code }) => code)];

function without(capability: Capability, instead: object): Result[] {
  return results().map(result =>
    result.capability === capability ? ({ capability, version: '5', ms: 1, ...instead } as Result) : result,
  );
}

describe('the verdict', () => {
  it('has nothing to say of a broker without a fault', () => {
    expect(told(judge(results(), circumstances))).toEqual(['fit']);
  });

  it.each<[Partial<Findings>, Verdict['fitness'], string]>([
    [{ tls: { ...perfect.tls, trusted: false } }, 'unfit', 'certificate-untrusted'],
    [{ access: { subscribe: true, publish: false } }, 'unfit', 'topics-denied'],
    [{ qos1: { ...roundTrips, received: 99 } }, 'unfit', 'no-qos1'],
    [{ qos1: { sent: 0, received: 0, duplicates: 0 } }, 'unfit', 'no-qos1'],
    [{ wildcards: { plus: false, hash: true } }, 'unfit', 'no-wildcard'],
    [{ payload: { worked: needs.payload - 1, failed: needs.payload } }, 'unfit', 'payload-small'],
    [{ topicLength: { worked: 0, failed: needs.topicLength } }, 'unfit', 'topic-short'],
    [{ clientIdLength: { worked: 23, failed: 24 } }, 'unfit', 'client-id-short'],
    [{ session: { resumed: true, delivered: false } }, 'unfit', 'no-session'],
    [{ queue: { sent: 2_000, kept: needs.queueLeast - 1 } }, 'unfit', 'no-queue'],
    [{ takeOver: { ended: false } }, 'unfit', 'no-take-over'],
    [{ shared: { granted: false, sent: 0, received: 0, members: [] } }, 'one-engine', 'no-shared'],
    [
      { shared: { granted: true, sent: 60, received: 59, members: [20, 20, 19] } },
      'one-engine',
      'shared-lossy',
    ],
    [
      { shared: { granted: true, sent: 60, received: 180, members: [60, 60, 60] } },
      'one-engine',
      'shared-lossy',
    ],
    [
      { shared: { granted: true, sent: 60, received: 60, members: [60, 0, 0] } },
      'one-engine',
      'shared-unbalanced',
    ],
    [{ queue: { sent: 2_000, kept: 1_000 } }, 'fit', 'queue-short'],
    [{ announced: { ...perfect.announced, sessionExpiryS: 60 } }, 'fit', 'session-short'],
    [{ receiveMaximum: { asked: 5, live: 5, queued: 24 } }, 'fit', 'receive-maximum-ignored'],
    [{ denial: { refused: false, told: false } }, 'fit', 'not-denied'],
    [{ tls: { ...perfect.tls, daysLeft: needs.certificateDays - 1 } }, 'fit', 'certificate-ends'],
  ])('%j: %s, %s', (changes, fitness, code) => {
    expect(told(judge(results(changes), circumstances))).toEqual([fitness, code]);
  });

  it.each<[Partial<Findings>]>([
    [{ payload: { worked: needs.payload, failed: needs.payload + 1 } }],
    [{ clientIdLength: { worked: needs.clientIdLength, failed: needs.clientIdLength + 1 } }],
    [{ queue: { sent: 40, kept: 40 } }],
    [{ announced: { ...perfect.announced, sessionExpiryS: needs.sessionExpiryS } }],
  ])('%j just suffices', changes => {
    expect(told(judge(results(changes), circumstances))).toEqual(['fit']);
  });

  it('does not call fit what it has not seen', () => {
    const untested = without('session', { outcome: 'untested', why: 'time' });
    expect(told(judge(untested, circumstances))).toEqual(['unknown', 'not-proven']);
    const failed = without('session', { outcome: 'failed', fault: { code: 'link-closed', params: {} } });
    expect(told(judge(failed, circumstances))).toEqual(['unfit', 'step-failed']);
    const alone = without('shared', { outcome: 'untested', why: 'time' });
    expect(told(judge(alone, circumstances))).toEqual(['one-engine', 'not-proven']);
    const notNeeded = without('will', { outcome: 'untested', why: 'time' });
    expect(told(judge(notNeeded, circumstances))).toEqual(['fit']);
  });

  it('goes by MQTT 5 where the broker speaks it, else by 3.1.1', () => {
    const worse = results({ session: { resumed: false, delivered: false } }, '3.1.1');
    expect(told(judge([...results(), ...worse], circumstances))).toEqual(['fit']);
    expect(told(judge(results({}, '3.1.1'), circumstances))).toEqual(['one-engine', 'no-mqtt5']);
  });

  it('knows a broker that lets nobody in from a test that was stopped', () => {
    const fault = { code: 'broker-refused', params: { detail: 'CONNACK 0x87' } } as const;
    const refused = { capability: 'connection', version: '5', ms: 1, outcome: 'failed', fault } as const;
    expect(told(judge([refused], circumstances))).toEqual(['unfit', 'unreachable']);
    const stopped = {
      capability: 'connection',
      version: '5',
      ms: 1,
      outcome: 'untested',
      why: 'interrupted',
    } as const;
    expect(told(judge([stopped], circumstances))).toEqual(['unknown', 'not-proven']);
  });

  it('warns of passwords in clear, but not on one machine', () => {
    const plain = results().filter(({ capability }) => capability !== 'tls');
    expect(told(judge(plain, { ...circumstances, tls: false }))).toEqual(['fit', 'no-tls']);
    expect(told(judge(plain, { ...circumstances, tls: false, loopback: true }))).toEqual(['fit']);
    expect(told(judge(results(), { ...circumstances, insecure: true }))).toEqual([
      'fit',
      'certificate-unchecked',
    ]);
  });
});

describe('the texts of the broker test', () => {
  const { fr, en } = brokerTestTexts;
  const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted();

  it('name the same things in both languages', () => {
    expect(Object.keys(en.remarks)).toEqual(Object.keys(fr.remarks));
    for (const code of Object.keys(fr.remarks) as (keyof typeof fr.remarks)[]) {
      expect(placeholders(en.remarks[code]), code).toEqual(placeholders(fr.remarks[code]));
    }
  });

  it('have a place in their sentence for every number of a remark', () => {
    const { remarks } = judge(
      results({
        qos1: { ...roundTrips, received: 99 },
        payload: { worked: 1, failed: 2 },
        queue: { sent: 2_000, kept: 1_000 },
        receiveMaximum: { asked: 5, live: 5, queued: 24 },
        tls: { ...perfect.tls, daysLeft: 3 },
      }),
      circumstances,
    );
    expect(remarks).toHaveLength(5);
    for (const { code, params } of remarks) {
      expect(placeholders(fr.remarks[code]), code).toEqual(
        Object.keys(params)
          .map(name => `{${name}}`)
          .toSorted(),
      );
    }
  });
});
