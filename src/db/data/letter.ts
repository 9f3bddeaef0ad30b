/** Letters of XMServerSystem into the outbox, each once, whoever hands it on how often. */
import type { Post } from '../../core/service-ports.ts';
import type { Database } from '../database.ts';
import { answerColumns } from './answer.ts';
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
      `update xms.letter l set outbox = k.outbox from unnest($1::text[], $2::bigint[]) k (key, outbox) where l.key = k.key`,
      [fresh.map(({ key }) => key), entries.map(({ id }) => id)],
    );
    await insertRows(
      connection,
      'xms.answer',
      answerColumns,
      fresh.flatMap(({ client, about }, i) => (about ? [[client, about, entries[i]?.id ?? null]] : [])),
    );
  });
}
