/** A letter goes out once more when its client is heard from after it was sent. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { FormTable } from '../../src/core/record.ts';
import { readSent } from '../../src/db/data/sent.ts';
import { PostgresDocumentStore } from '../../src/db/document-store.ts';
import { exportOf, refusedOf } from './arrivals.ts';
import { clone, open } from './databases.ts';

const database = await clone('XMServerData', 4);
const retention = { attemptDays: 400, answerDays: 180 };
const store = new PostgresDocumentStore(database, async () => retention);
const births = (await store.tables()).get('Naissance') as FormTable;

beforeEach(async () => {
  await database.query(
    `truncate xms.due, xms.answer, xms.outgoing, xms.sent, xms.outbox, xms.request, xms.letter, xms.provenance,
       xms.unbilled, xms.inbox restart identity`,
  );
});

const post = (key: string, client: number) => store.post([{ key, client, sdc: Buffer.from(key) }]);

/** What goes out. */
async function send(): Promise<string[]> {
  const entries = await store.takeOutbox(5_000, 30_000);
  await store.markSent(entries.map(({ id }) => id));
  return entries.map(({ sdc }) => Buffer.from(sdc).toString());
}

let numero = 0;
const message = (client: number) => exportOf({ client, table: births, numero: ++numero });
/** After, or before, all that was sent until now: dates of arrivals are whole milliseconds. */
const hear = (client: number, when: 'before' | 'after' = 'after') =>
  store.file([{ ...message(client), at: Date.now() + (when === 'after' ? 2 : -1_000) }]);
const times = async () =>
  (await readSent(database, {}, { inclusive: false, descending: false, limit: 10 })).map(one => one.times);

describe('a letter', () => {
  it('goes out once more, the same bytes, when its client is heard from; and not a third time', async () => {
    await post('message 1', 1_000);
    expect(await send()).toEqual(['message 1']);
    expect(await store.repeat(10)).toBe(0);
    await hear(1_000);
    expect(await store.repeat(10)).toBe(1);
    expect(await send()).toEqual(['message 1']);
    expect(await times()).toEqual([2]);
    await hear(1_000);
    expect(await store.repeat(10)).toBe(0);
    expect(await send()).toEqual([]);
  });

  it('waits where the client was heard from before it was sent, or another was', async () => {
    await hear(1_000, 'before');
    await post('message 1', 1_000);
    await hear(1_000);
    // Not sent yet.
    expect(await store.repeat(10)).toBe(0);
    await hear(1_000, 'before');
    await send();
    await hear(1_001);
    expect(await store.repeat(10)).toBe(0);
    await hear(1_000);
    expect(await store.repeat(10)).toBe(1);
  });

  it('waits where what came was not opened, and may be from anybody', async () => {
    await post('message 1', 1_000);
    await send();
    const { opened: _none, ...sealed } = refusedOf(message(1_000), { code: 'sdc-malformed', params: {} });
    await store.file([{ ...sealed, at: Date.now() + 2 }]);
    expect(await store.repeat(10)).toBe(0);
    await hear(1_000);
    expect(await store.repeat(10)).toBe(1);
  });

  it('that is being sent again already is left until the client is heard from after that', async () => {
    await post('message 1', 1_000);
    await send();
    await database.query('insert into xms.outgoing (outbox) values (1)');
    await hear(1_000);
    expect(await store.repeat(10)).toBe(0);
    await hear(1_000, 'before');
    await send();
    expect(await store.repeat(10)).toBe(0);
    await hear(1_000);
    expect(await store.repeat(10)).toBe(1);
  });

  it('goes once more where several engines look at once', async () => {
    for (let i = 0; i < 200; i++) await post(`message ${i}`, 1_000 + (i % 20));
    await send();
    for (let client = 1_000; client < 1_020; client++) await hear(client);
    const others = Array.from(
      { length: 3 },
      () => new PostgresDocumentStore(open(database.settings.database, 1)),
    );
    let found = 0;
    for (let counts = [1]; counts.some(count => count > 0); ) {
      counts = await Promise.all([store, ...others].map(one => one.repeat(30)));
      for (const count of counts) found += count;
    }
    expect(found).toBe(200);
    expect(await send()).toHaveLength(200);
    expect(await database.query('select outbox from xms.sent group by 1 having count(*) <> 2')).toEqual([]);
  });

  it('that is purged is let go', async () => {
    await post('message 1', 1_000);
    await send();
    await database.query(`update xms.outbox set created_at = now() - interval '181 days'`);
    await store.purge();
    expect(await database.query('select from xms.outbox')).toEqual([]);
    await hear(1_000);
    await store.repeat(10);
    expect(await database.query('select from xms.outgoing')).toEqual([]);
  });
});
