/** What was sent: found by its number, its client and what waits; told as far as the books go; sent again. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ConsoleMessages } from '../../src/cli/console-messages.ts';
import { ConsoleSent } from '../../src/cli/console-sent.ts';
import type { OpenInstallation } from '../../src/cli/installation.ts';
import type { Arrival, DueReceipt, SealedAnswer } from '../../src/core/ports.ts';
import type { FormTable } from '../../src/core/record.ts';
import { findAttempt } from '../../src/db/data/journal.ts';
import { sendAgain } from '../../src/db/data/sent.ts';
import { PostgresDocumentStore } from '../../src/db/document-store.ts';
import { createClient } from '../../src/db/system/directory.ts';
import { queueMessage } from '../../src/db/system/outgoing-message.ts';
import { exportOf, numeroOf, questionOf, refusedOf } from './arrivals.ts';
import { clone, untilBlocked } from './databases.ts';

const [system, documents] = await Promise.all([clone('XMServerSystem'), clone('XMServerData', 4)]);
const store = new PostgresDocumentStore(documents);
const births = (await store.tables()).get('Naissance') as FormTable;
for (const [matricule, nom] of [
  [1_000, 'Mbalmayo II'],
  [1_001, 'Kribi'],
] as const) {
  await createClient(system, { matricule, nom, ville: '', telephone: '', status: 2 });
}

const journal: [string, unknown][] = [];
const options = {
  demand: () => undefined,
  journal: async (act: string, detail: unknown) => void journal.push([act, detail]),
};
const sent = new ConsoleSent({ system, documents }, options);
const page = { search: '', sort: 'id', descending: true, from: 'start', limit: 10 } as const;
const ids = async (search: string) => (await sent.page({ ...page, search })).rows.map(({ id }) => id);

beforeEach(async () => {
  journal.length = 0;
  await documents.query(
    `truncate xms.due, xms.answer, xms.outgoing, xms.sent, xms.outbox, xms.request, xms.letter, xms.provenance,
       xms.unbilled, xms.inbox, xms.daily restart identity`,
  );
});

async function seal(due: readonly DueReceipt[]): Promise<SealedAnswer[]> {
  return [...Map.groupBy(due, ({ client }) => client)].map(([client, receipts]) => ({
    client,
    sdc: Buffer.from(`receipts of ${client}`),
    receipts: receipts.map(({ id }) => id),
  }));
}

async function send(): Promise<void> {
  const entries = await store.takeOutbox(500, 30_000);
  await store.markSent(entries.map(({ id }) => id));
}

/** Returns the numeros. */
async function receipted(...arrivals: Arrival[]): Promise<bigint[]> {
  const outcomes = await store.file(arrivals);
  await store.sealDue(500, seal);
  return outcomes.flatMap(outcome => (outcome.kind === 'filed' ? [numeroOf(outcome)] : []));
}

const birth = (client: number, numero: number, status: 0 | 2 = 2) =>
  exportOf({ client, table: births, numero, status });

describe('what was sent', () => {
  it('is listed, the newest first, page after page in both directions', async () => {
    for (let i = 1; i <= 5; i++) await receipted(birth(1_000, i));
    const first = await sent.page({ ...page, limit: 2 });
    expect(first.rows.map(({ id }) => id)).toEqual([5, 4]);
    expect(first.rows[0]).toMatchObject({
      key: '5',
      client: 1_000,
      clientName: 'Mbalmayo II',
      kind: 'receipts',
      count: 1,
      times: 0,
      waits: true,
    });
    const side = async (side: 'at' | 'after' | 'before', key: string) =>
      (await sent.page({ ...page, limit: 2, from: { side, key } })).rows.map(({ id }) => id);
    expect(await side('after', '4')).toEqual([3, 2]);
    expect(await side('at', '3')).toEqual([3, 2]);
    expect(await side('before', '2')).toEqual([4, 3]);
    expect((await sent.page({ ...page, limit: 2, from: 'end' })).rows.map(({ id }) => id)).toEqual([2, 1]);
    expect((await sent.page({ ...page, descending: false, limit: 2 })).rows.map(({ id }) => id)).toEqual([
      1, 2,
    ]);
  });

  it('is found by matricule, by words of the client, and as what waits', async () => {
    await receipted(birth(1_000, 1));
    await receipted(birth(1_001, 1));
    await receipted(birth(1_000, 2));
    await send();
    await receipted(birth(1_001, 2));
    expect(await ids('1000')).toEqual([3, 1]);
    expect(await ids('kri')).toEqual([4, 2]);
    expect(await ids('nobody')).toEqual([]);
    expect(await ids('7')).toEqual([]);
    expect(await ids('attend')).toEqual([4]);
    expect(await ids('wait')).toEqual([4]);
    const after = { side: 'after', key: '3' } as const;
    expect((await sent.page({ ...page, search: 'mbalmayo', from: after })).rows.map(({ id }) => id)).toEqual([
      1,
    ]);
  });

  it('asks for more words where too many clients have them', async () => {
    await system.query(
      `insert into client (matricule, nom) select i, 'Annexe ' || i from generate_series(50000, 50100) i`,
    );
    await expect(ids('annexe')).rejects.toMatchObject({ code: 'search-wide', params: { limit: 100 } });
    expect(await ids('annexe 50007')).toEqual([]);
  });

  it('tells what receipts are about, what became of the records, and that others were refused', async () => {
    const reason = { code: 'table-denied', params: { table: 'Naissance' } } as const;
    const [numero] = await receipted(birth(1_000, 7));
    await receipted(birth(1_000, 8), birth(1_000, 7, 0), refusedOf(birth(1_000, 9), reason));
    const detail = await sent.find(2);
    expect(detail).toMatchObject({ kind: 'receipts', count: 3 });
    expect(detail.about).toHaveLength(2);
    expect(detail.about.flatMap(({ records }) => records)).toEqual(
      expect.arrayContaining([
        { table: 'Naissance', numeroThere: 8, numero: expect.any(Number), act: 'filed' },
        { table: 'Naissance', numeroThere: 7, numero: Number(numero), act: 'cancelled' },
      ]),
    );
    expect(Buffer.from(detail.text.split('\n')[1] ?? '', 'base64').toString()).toBe('receipts of 1000');
  });

  it('tells which question an answer answers', async () => {
    const question = questionOf(1_000);
    await store.file([question]);
    await store.answerRequest(1_000, question.opened?.message.id ?? Buffer.alloc(0), [
      { sdc: Buffer.from('sdc') },
    ]);
    const detail = await sent.find(1);
    expect(detail).toMatchObject({ kind: 'answer', count: 0 });
    expect(detail.service).toBe(question.opened?.message.service);
    expect(detail.about).toMatchObject([
      { service: detail.service, askedAt: expect.any(Number), records: [] },
    ]);
  });

  it('tells what an operator wrote, and what a notice says', async () => {
    const { id } = await queueMessage(system, {
      client: 1_000,
      subject: 'Registre',
      text: 'Il est prêt.',
      createdBy: 'mbome',
    });
    const [notice] = await system.query<{ id: bigint }>(
      `insert into notice (client, kind, amount, balance) values (1001, 'recharge', 500, 750) returning id`,
    );
    await store.post([
      { key: `message ${id}`, client: 1_000, sdc: Buffer.from('a') },
      { key: `notice ${notice?.id}`, client: 1_001, sdc: Buffer.from('b') },
    ]);
    expect(await sent.find(1)).toMatchObject({
      kind: 'message',
      written: { subject: 'Registre', text: 'Il est prêt.' },
    });
    expect(await sent.find(2)).toMatchObject({
      kind: 'notice',
      notice: { kind: 'recharge', amount: 500n, balance: 750n },
    });
  });

  it('is unknown under any other number', async () => {
    await expect(sent.find(1)).rejects.toMatchObject({ code: 'sent-unknown' });
    await expect(sent.sendAgain(1, 0)).rejects.toMatchObject({ code: 'sent-unknown' });
  });
});

describe('sending again', () => {
  it('has the same bytes wait once, and stands in the journal once', async () => {
    await receipted(birth(1_000, 1));
    await send();
    expect(await sent.sendAgain(1, 1)).toBe('queued');
    expect(await sent.sendAgain(1, 1)).toBe('waiting');
    expect(journal).toEqual([['message-resend', { id: 1 }]]);
    const [entry, none] = await store.takeOutbox(10, 30_000);
    expect(Buffer.from(entry?.sdc ?? []).toString()).toBe('receipts of 1000');
    expect(none).toBeUndefined();
    await store.markSent([1n]);
    expect((await sent.page(page)).rows).toMatchObject([{ times: 2, waits: false }]);
  });

  it('asked for twice over a slow link sends once, also where the first was quick', async () => {
    await receipted(birth(1_000, 1));
    await send();
    expect(await sent.sendAgain(1, 1)).toBe('queued');
    await send();
    expect(await sent.sendAgain(1, 1)).toBe('sent');
    expect((await sent.page(page)).rows).toMatchObject([{ times: 2, waits: false }]);
    // Who has seen that may want it once more.
    expect(await sent.sendAgain(1, 2)).toBe('queued');
  });

  it('asked for by many at once sends once', async () => {
    await receipted(birth(1_000, 1));
    await send();
    const results = await Promise.all(Array.from({ length: 4 }, () => sendAgain(documents, 1, 1)));
    expect(results.filter(result => result === 'queued')).toHaveLength(1);
    expect(results.filter(result => result === 'waiting')).toHaveLength(3);
  });

  it('waits for whoever is sending it at that moment', async () => {
    await receipted(birth(1_000, 1));
    await send();
    await sent.sendAgain(1, 1);
    const asked = await documents.transaction(async connection => {
      await connection.query('delete from xms.outgoing where outbox = 1');
      await connection.query('insert into xms.sent (outbox) values (1)');
      const waiting = sendAgain(documents, 1, 1);
      await untilBlocked(documents);
      return { waiting };
    });
    expect(await asked.waiting).toBe('sent');
  });
});

describe('the journal of messages', () => {
  const messages = new ConsoleMessages({ system, documents } as OpenInstallation, options);

  it('names what was cancelled and what was changed, and finds it', async () => {
    await receipted(birth(1_000, 1));
    await receipted(birth(1_000, 1, 0));
    const { rows } = await messages.page(page);
    expect(rows.map(({ outcome, act }) => [outcome, act])).toEqual([
      ['filed', 'cancelled'],
      ['filed', undefined],
    ]);
    for (const search of ['annulé', 'cancel', 'ANN']) {
      expect((await messages.page({ ...page, search })).rows.map(({ id }) => id)).toEqual([2]);
    }
    expect((await messages.page({ ...page, search: 'modif' })).rows).toEqual([]);
    expect((await findAttempt(documents, 1))?.acts).toBeUndefined();
    // As the books told before the list did.
    await documents.query('update xms.inbox set act = null');
    expect(await findAttempt(documents, 2)).toMatchObject({ acts: { changed: 0, cancelled: 1 } });
  });
});
