/** Clients that mean harm: nothing of theirs is filed, nobody else waits for them, and every attempt is on record. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyIdOf } from '../../src/core/key-id.ts';
import { topics } from '../../src/core/message.ts';
import { spkiOf } from '../../src/pki/certificate.ts';
import { makeKey } from '../../src/pki/key-file.ts';
import { accountOf, settled, wholeAccount } from '../site/account.ts';
import type { RunningEngine } from '../site/engine.ts';
import type { Office } from '../site/enrol.ts';
import { birth, Collector, type LoadMessage, Senders, sealLoad, sealRecords } from '../site/load.ts';
import { residentMb } from '../site/process.ts';
import { ReceiptBook, type Waits, waits } from '../site/receipts.ts';
import { makeSite, type Site } from '../site/site.ts';
import { until } from '../until.ts';
import { scaled, tell } from './scale.ts';

/**
 * A flood is more than an office's line carries, and less than the engine does: what comes on top waits at the broker,
 * and so does what comes after it.
 */
const floodPerSecond = 1_000;
/** Others' receipts may take so much longer then, p99 against p99 of at least 50 ms. */
const floodFactor = 20;
const othersPerSecond = 50;
const others = scaled({ short: 100, full: 500 });

type Wrong = Pick<LoadMessage, 'topic' | 'sdc'>;

describe('a hostile client', () => {
  let site: Site;
  let engine: RunningEngine;
  let senders: Senders;
  let collector: Collector;
  let book: ReceiptBook;
  let [villain, victim]: Office[] = [];
  let victims: LoadMessage[];
  let sent = 0;
  beforeAll(async () => {
    site = await makeSite(12, 'ec');
    engine = await site.startEngine();
    senders = await Senders.connect(site.broker.url, 2);
    collector = await Collector.connect(site.broker.url);
    book = new ReceiptBook(site, collector);
    [villain, victim] = site.offices;
    victims = await sealRecords(site, office(victim), births(20, 1));
    await senders.send(victims, 20);
    sent = victims.length;
    await book.until(victims.map(({ id }) => id));
  });
  afterAll(async () => {
    await senders?.close();
    await collector?.close();
    await site?.close();
  });

  it.each<[string, () => Wrong[] | Promise<Wrong[]>, string]>([
    [
      'garbage',
      () => lengths(0, 1, 2, 30, 500, 5_000, 16_000).map(n => mine(randomBytes(n))),
      'sdc-malformed',
    ],
    [
      'too much',
      () => lengths(16_385, 60_000, 250_000).map(n => mine(Buffer.alloc(n, 0x30))),
      'sdc-too-large',
    ],
    [
      'too much for one record, under the topic of who may send several',
      async () => {
        const other = office(site.offices[2]);
        await site.system.query('update client set batch = true where matricule = $1', [other.matricule]);
        const notes = ['x'.repeat(70_000), randomBytes(20_000).toString('base64')];
        const acts = notes.map((note, i) => birth(400 + i).set('MentionsMarginales', note));
        const sealed = await sealRecords(site, office(villain), acts);
        return sealed.map(({ sdc }) => ({ topic: topics.up(other.matricule), sdc }));
      },
      'sdc-too-large',
    ],
    ['garbage from nowhere', () => [{ topic: 'xms/u/%00..', sdc: randomBytes(600) }], 'sdc-malformed'],
    [
      'a bit changed',
      () => victims.slice(0, 10).map(({ sdc }, i) => mine(flipped(sdc, 40 + i * 50))),
      'sdc-',
    ],
    ['signed by a stranger', () => sealRecords(site, stranger(), births(3, 100)), 'sdc-signer-unknown'],
    [
      'signed in another’s name',
      () => sealRecords(site, { ...office(victim), privateKey: office(villain).privateKey }, births(3, 200)),
      'sdc-signature',
    ],
    [
      'sealed to himself',
      () => sealRecords(site, office(villain), births(3, 300), { recipient: ownKey() }),
      'sdc-not-for-us',
    ],
    [
      'the server’s receipts sent back',
      () => collector.arrived.slice(0, 3).map(({ sdc }) => mine(sdc)),
      'sdc-not-for-us',
    ],
  ])(
    '%s is refused and kept',
    async (_name, make, code) => {
      const wrong = await make();
      const before = await refused(code);
      await senders.send(
        wrong.map((one, i) => ({ ...one, id: `${i}` })),
        5,
      );
      await until(async () => (await refused(code)) >= before + wrong.length);
      await balanced();
    },
    30_000,
  );

  it('who replays others’ messages files nothing, and they get their receipts once more', async () => {
    await senders.send(
      victims.map(one => ({ ...one, topic: topics.up(office(villain).matricule) })),
      5,
    );
    await duplicates(victims.length);
    await balanced();
    for (const { id } of victims) {
      expect(new Set(book.of(id).map(({ outcomes, client }) => `${outcomes[0]?.kind} ${client}`)).size).toBe(
        1,
      );
    }
  }, 30_000);

  it('who signs acts of his own under another’s topic answers for them himself', async () => {
    const acts = await sealRecords(site, office(villain), births(5, 1));
    await senders.send(
      acts.map(one => ({ ...one, topic: topics.up(office(victim).matricule) })),
      5,
    );
    sent += acts.length;
    await balanced();
    await book.until(acts.map(({ id }) => id));
    for (const { id } of acts) expect(book.of(id)[0]?.client).toBe(office(villain).matricule);
  }, 30_000);

  it(`who floods makes nobody else wait ${floodFactor} times as long`, async () => {
    const calm = await othersWait();
    const flooding = await Senders.connect(site.broker.url, 1);
    const count = (floodPerSecond * others) / othersPerSecond;
    const messages = Array.from({ length: count }, (_, i) => ({ ...mine(randomBytes(600)), id: `${i}` }));
    const [flooded] = await Promise.all([othersWait(), flooding.pace(messages, floodPerSecond)]);
    await flooding.close();
    await balanced();
    tell(
      `${floodPerSecond} messages a second of one client: others wait ${flooded.p50} ms, p99 ${flooded.p99} ms; before ${calm.p50} ms, p99 ${calm.p99} ms`,
    );
    expect(flooded.p99).toBeLessThan(floodFactor * Math.max(50, calm.p99));
  }, 120_000);

  it('who sends more than memory holds does not fill the engine’s', async () => {
    const count = scaled({ short: 400, full: 1_000 });
    const large = Buffer.alloc(250_000, 0x30);
    const kept = await refused('sdc-too-large');
    const before = residentMb(engine.pid);
    // Nothing can be filed meanwhile: whatever the engine reads, it must hold.
    const held = await site.documents.transaction(async connection => {
      await connection.query('lock table xms.inbox in exclusive mode');
      await senders.send(
        Array.from({ length: count }, (_, i) => ({ ...mine(large), id: `${i}` })),
        50,
      );
      return residentMb(engine.pid);
    });
    await until(async () => (await refused('sdc-too-large')) >= kept + count);
    tell(
      `${count / 4} MB of large messages held up: engine from ${Math.round(before)} MB to ${Math.round(held)} MB`,
    );
    expect(held - before).toBeLessThan(60);
    await balanced();
  }, 120_000);

  async function balanced(): Promise<void> {
    await settled(site, sent);
    expect(await accountOf(site)).toEqual(wholeAccount(sent));
  }

  /** Births of the others at an even pace. */
  async function othersWait(): Promise<Waits> {
    const honest = { ...site, offices: site.offices.slice(2) };
    const load = await sealLoad(honest, others, true, sent + 1_000);
    sent += load.length;
    const sentAt = new Map<string, number>();
    await senders.pace(load, othersPerSecond, ({ id }) => sentAt.set(id, performance.now()));
    return waits(book, sentAt);
  }

  async function refused(code: string): Promise<number> {
    return count(`outcome = 'refused' and reason ->> 'code' like '${code}%'`);
  }

  async function duplicates(least: number): Promise<void> {
    await until(async () => (await count(`outcome = 'duplicate'`)) >= least);
  }

  async function count(condition: string): Promise<number> {
    const [row] = await site.documents.query<{ n: bigint }>(
      `select count(*) as n from xms.inbox where ${condition}`,
    );
    return Number(row?.n);
  }

  function mine(sdc: Uint8Array): Wrong {
    return { topic: topics.up(office(villain).matricule), sdc };
  }

  /** Sealed to himself: nobody else can open it. */
  function ownKey() {
    const { publicKey } = makeKey('ec');
    const spki = spkiOf(publicKey);
    return { spki, keyId: keyIdOf(spki) };
  }

  function stranger(): Office {
    const { privateKey, publicKey } = makeKey('ec');
    return { ...office(victim), privateKey, keyId: keyIdOf(spkiOf(publicKey)) };
  }
});

function office(one: Office | undefined): Office {
  if (!one) throw new Error('no office');
  return one;
}

function births(count: number, first: number) {
  return Array.from({ length: count }, (_, i) => birth(first + i));
}

function lengths(...all: number[]): number[] {
  return all;
}

function flipped(sdc: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(sdc);
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}
