/** Clients who bring files, and what the broker took for them meanwhile. */
import { beforeEach, expect, it } from 'vitest';
import { PostgresCarriedStore } from '../../src/db/data/carried.ts';
import { writeOutbox } from '../../src/db/data/outbox.ts';
import { PostgresDocumentStore } from '../../src/db/document-store.ts';
import { clone, untilBlocked } from './databases.ts';

const database = await clone('XMServerData');
const store = new PostgresCarriedStore(database);
const documents = new PostgresDocumentStore(database);
const everyone = { carriedOnly: false } as const;
const carriedOnly = { carriedOnly: true } as const;

beforeEach(() => database.query('truncate xms.outgoing, xms.sent, xms.outbox, xms.carried'));

const answer = (client: number) => ({ client, sdc: Buffer.from(`to ${client}`), count: 1 });
const write = async (...clients: readonly number[]) =>
  (await database.transaction(connection => writeOutbox(connection, clients.map(answer)))).map(
    ({ id }) => id,
  );
const clientsOf = (entries: readonly { readonly client: number }[]) => entries.map(({ client }) => client);

it('what waits is taken of all, of one client, or of those who bring files', async () => {
  await store.carry([2]);
  await write(1, 2, 3, 2);
  expect(await store.countFree(everyone)).toBe(4);
  expect(await store.countFree({ ...everyone, client: 3 })).toBe(1);
  expect(await store.countFree(carriedOnly)).toBe(2);
  expect(clientsOf(await store.take({ ...everyone, client: 3 }, 10, 60_000))).toEqual([3]);
  expect(clientsOf(await store.take(carriedOnly, 1, 60_000))).toEqual([2]);
  expect(clientsOf(await store.take({ ...carriedOnly, client: 1 }, 10, 60_000))).toEqual([]);
  expect(clientsOf(await store.take(everyone, 10, 60_000))).toEqual([1, 2]);
  expect(await store.take(everyone, 10, 60_000)).toEqual([]);
  expect(await store.countFree(everyone)).toBe(0);
});

it('what was sent since a client came is told until it was exported', async () => {
  await documents.markSent(await write(1, 2));
  await store.carry([2, 2, 1]);
  const [first, second] = (await write(1, 2, 3)) as [bigint, bigint, bigint];
  await documents.markSent([second]);
  await documents.markSent([first]);
  expect((await store.sentSince(carriedOnly)).ids).toEqual([first, second]);
  expect((await store.sentSince({ ...everyone, client: 2 })).ids).toEqual([second]);
  const { upTo } = await store.sentSince({ ...everyone, client: 2 });
  await store.exported({ ...everyone, client: 2 }, upTo);
  expect((await store.sentSince(everyone)).ids).toEqual([first]);
  expect(clientsOf(await store.read([second, 0n]))).toEqual([2]);
  // Coming again does not forget what was sent in between.
  await store.carry([1]);
  expect((await store.sentSince(everyone)).ids).toEqual([first]);
});

it('who brought nothing for a month is reached by the broker alone', async () => {
  await store.carry([1]);
  const [id] = await write(1);
  await documents.markSent([id as bigint]);
  await database.query(`update xms.carried set at = now() - interval '31 days'`);
  expect((await store.sentSince(everyone)).ids).toEqual([]);
  await store.carry([1]);
  expect((await store.sentSince(everyone)).ids).toEqual([]);
});

it('what is being marked as sent is waited for, so that the mark leaves nothing out', async () => {
  await store.carry([1]);
  const [id] = (await write(1)) as [bigint];
  const [later] = await database.transaction(async connection => {
    await connection.query('insert into xms.sent (outbox) values ($1)', [id]);
    const reading = store.sentSince(everyone);
    await untilBlocked(database);
    return [reading];
  });
  expect((await later)?.ids).toEqual([id]);
});
