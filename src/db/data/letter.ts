/** Letters of XMServerSystem into the outbox, each once, whoever hands it on how often; and out of it once more. */
import type { Post } from '../../core/service-ports.ts';
import type { Database } from '../database.ts';
import { answerColumns, queueAgain } from './answer.ts';
import { insertRows } from './insert.ts';
import { writeOutbox } from './outbox.ts';

export function postLetters(database: Database, letters: Parameters<Post['post']>[0]): Promise<void> {
  return database.transaction(async connection => {
    // In the order of their keys: two engines cannot wait for each other in a circle.
    const rows = await connection.query<{ key: string }>(
      `insert into xms.letter (key) select key from unnest($1::text[]) key order by key
       on conflict (key) do nothing returning key`,
      [letters.map(({ key }) => key)],
    );
    const posted = new Set(rows.map(({ key }) => key));
    const fresh = letters.filter(({ key }) => posted.has(key));
    const entries = await writeOutbox(
      connection,
      fresh.map(({ client, sdc }) => ({ client, sdc, count: 0 })),
    );
    await connection.query(
      `update xms.letter l set outbox = k.outbox, client = k.client
         from unnest($1::text[], $2::bigint[], $3::int[]) k (key, outbox, client) where l.key = k.key`,
      [fresh.map(({ key }) => key), entries.map(({ id }) => id), fresh.map(({ client }) => client)],
    );
    await insertRows(
      connection,
      'xms.answer',
      answerColumns,
      fresh.flatMap(({ client, about }, i) => (about ? [[client, about, entries[i]?.id ?? null]] : [])),
    );
  });
}

/**
 * By clients, not by letters: those who are never heard from cost one look-up each, however many letters wait for them.
 * Each step is a subquery that the planner cannot turn into another join: where it took a table that had just grown for
 * a small one, it compared all with all. Only what was opened is heard: the topic of the rest is a hint. The clock of
 * the engine that dated it may differ from ours: then a letter goes earlier or later than it should, but once.
 */
const heardAndUnrepeated = `
  select letter.key
    from (select distinct client from xms.letter where repeated_at is null and outbox is not null) k
   cross join lateral (select at, message_id from xms.inbox where client = k.client order by id desc limit 1) heard
   cross join lateral (
     select l.key from xms.letter l
      where l.client = k.client and l.posted_at < heard.at and l.repeated_at is null and l.outbox is not null
        and heard.message_id is not null
        -- Never, where it was not sent yet, or so long ago that it is purged.
        and (select max(at) from xms.sent where outbox = l.outbox) < heard.at
        and (select outbox from xms.outgoing where outbox = l.outbox) is null
     offset 0) letter`;

export function repeatLetters(database: Database, limit: number): Promise<number> {
  return database.transaction(async connection => {
    const letters = await connection.query<{ outbox: bigint }>(
      `with due as materialized (${heardAndUnrepeated} limit $1),
       free as materialized (
         select key from xms.letter where key = any(array(select key from due)) and repeated_at is null
          for update skip locked)
       update xms.letter set repeated_at = now() where key = any(array(select key from free)) returning outbox`,
      [limit],
    );
    await queueAgain(
      connection,
      letters.map(({ outbox }) => outbox),
    );
    return letters.length;
  });
}
