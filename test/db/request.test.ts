import { beforeEach, describe, expect, it } from 'vitest';
import type { Arrival } from '../../src/core/ports.ts';
import { PostgresDocumentStore } from '../../src/db/document-store.ts';
import { exportOf, messageId, questionOf } from './arrivals.ts';
import { clone, open } from './databases.ts';

const database = await clone('XMServerData');
const store = new PostgresDocumentStore(database);
/** Another engine. */
const other = new PostgresDocumentStore(open(database.settings.database));
const leaseMs = 30_000;
const sdcs = (...texts: string[]) => texts.map(text => ({ sdc: Buffer.from(text) }));

beforeEach(async () => {
  await database.query(
    'truncate xms.request, xms.due, xms.answer, xms.outgoing, xms.sent, xms.outbox, xms.unbilled, xms.inbox',
  );
});

async function send() {
  const sent = await store.takeOutbox(500, leaseMs);
  await store.markSent(sent.map(({ id }) => id));
  return sent;
}

describe('a question', () => {
  it('is stored with its attempt, and gets no receipt', async () => {
    const question = questionOf(1000);
    expect(await store.file([question])).toEqual([{ kind: 'asked' }]);
    expect(await database.query('select outcome, service, client from xms.inbox')).toEqual([
      { outcome: 'asked', service: 'ACCOUNT', client: 1000 },
    ]);
    expect(await store.takeRequests(10, leaseMs)).toEqual([
      {
        client: 1000,
        messageId: question.opened?.message.id,
        service: 'ACCOUNT',
        at: question.at,
        sdc: question.sdc,
      },
    ]);
    expect((await store.counts()).waiting).toBe(0);
  });

  it('comes with records in one batch', async () => {
    const table = (await store.tables()).get('Naissance');
    if (!table) throw new Error('no table');
    const outcomes = await store.file([
      exportOf({ client: 1000, table, numero: 1 }),
      questionOf(1000),
      questionOf(1001),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['filed', 'asked', 'asked']);
  });

  it('is taken by one engine, the oldest first, and by another when the lease has ended', async () => {
    await store.file([{ ...questionOf(1000), at: 1_700_000_005_000 }, questionOf(1001), questionOf(1002)]);
    const [first] = await store.takeRequests(1, leaseMs);
    expect(first?.client).toBe(1001);
    const rest = await other.takeRequests(10, leaseMs);
    expect(rest.map(({ client }) => client)).toEqual([1002, 1000]);
    expect(await store.takeRequests(10, leaseMs)).toEqual([]);
    await database.query(
      "update xms.request set leased_until = leased_until - interval '31 seconds' where client = 1001",
    );
    expect(await other.takeRequests(10, leaseMs)).toEqual([first]);
  });

  it('is answered once: its SDCs wait, and it is charged', async () => {
    const question = questionOf(1000);
    const id = question.opened?.message.id as Uint8Array;
    await store.file([question]);
    await Promise.all([
      store.answerRequest(1000, id, sdcs('a', 'b'), { records: 2, bytes: 1_500 }),
      other.answerRequest(1000, id, sdcs('c'), { records: 1, bytes: 9 }),
    ]);
    await store.answerRequest(1000, id, sdcs('d'), { records: 1, bytes: 9 });
    const sent = (await send()).map(({ sdc, count }) => `${sdc.toString()} ${count}`).join();
    expect(['a 0,b 0', 'c 0']).toContain(sent);
    expect(await store.unbilled(10)).toEqual([
      {
        client: 1000,
        messageId: id,
        index: 0,
        service: 'ACCOUNT',
        ...(sent === 'c 0' ? { records: 1, bytes: 9 } : { records: 2, bytes: 1_500 }),
      },
    ]);
    expect(await store.takeRequests(10, leaseMs)).toEqual([]);
  });

  it('that comes again before it is answered is one question', async () => {
    const question = questionOf(1000);
    expect(await store.file([question, question])).toEqual([{ kind: 'asked' }, { kind: 'repeated' }]);
    expect(await store.file([question])).toEqual([{ kind: 'repeated' }]);
    expect(await store.takeRequests(10, leaseMs)).toHaveLength(1);
    expect(await send()).toEqual([]);
  });

  it('that comes again after it was answered gets the same SDCs, byte for byte', async () => {
    const question = questionOf(1000);
    await store.file([question]);
    await store.answerRequest(1000, question.opened?.message.id as Uint8Array, sdcs('a', 'b'));
    const sent = await send();
    expect(await store.file([question])).toEqual([{ kind: 'repeated' }]);
    // Twice at once: what waits already goes out once.
    await store.file([question, question]);
    expect(await send()).toEqual(sent);
    expect(await send()).toEqual([]);
    expect(await store.takeRequests(10, leaseMs)).toEqual([]);
  });

  it('under an id that another one has is refused, and told so', async () => {
    const id = messageId();
    await store.file([questionOf(1000, id)]);
    const reason = { code: 'message-id-reused', params: {} };
    expect(await store.file([questionOf(1000, id, 5)])).toEqual([{ kind: 'refused', reason }]);
    await store.sealDue(10, async due => {
      expect(due).toMatchObject([{ client: 1000, about: id, outcomes: [{ kind: 'refused', reason }] }]);
      return [];
    });
    expect(await store.file([questionOf(1001, id, 5)])).toEqual([{ kind: 'asked' }]);
  });

  it('goes with its answers when they are old, and would be asked anew', async () => {
    const [question, unanswered] = [questionOf(1000), questionOf(1001)];
    await store.file([question, unanswered]);
    await store.answerRequest(1000, question.opened?.message.id as Uint8Array, sdcs('a', 'b'));
    await send();
    await database.query(
      `update xms.outbox set created_at = created_at - interval '181 days';
       update xms.request set at = at - interval '1 year', answered_at = answered_at - interval '181 days'`,
    );
    await new PostgresDocumentStore(database, async () => ({ attemptDays: 400, answerDays: 180 })).purge();
    expect(await store.file([question, unanswered])).toEqual([{ kind: 'asked' }, { kind: 'repeated' }]);
  });

  it('waits only where not too many of its client wait already', async () => {
    const many = Array.from({ length: 502 }, () => questionOf(1000));
    const outcomes = await store.file([...many, questionOf(1001)]);
    expect(outcomes.filter(({ kind }) => kind === 'asked')).toHaveLength(501);
    expect(await store.file([questionOf(1000), many[0] as Arrival])).toMatchObject([
      { kind: 'refused', reason: { code: 'questions-waiting', params: { count: 500 } } },
      { kind: 'repeated' },
    ]);
    await store.answerRequest(1000, many[0]?.opened?.message.id as Uint8Array, sdcs('answer'));
    expect(await store.file([questionOf(1000)])).toEqual([{ kind: 'asked' }]);
  });
});
