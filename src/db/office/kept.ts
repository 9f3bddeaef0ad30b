/** What a station keeps of the SDCs of its records until their receipt, and what receipts make of it. */
import type { MessageId, Outcome, Receipt } from '../../core/message.ts';
import { sdcHash } from '../../core/receipt.ts';
import { RecordStatus } from '../../core/record.ts';
import type { KeptSdc, SettledRecord } from '../../core/station-ports.ts';
import { type Queryable, valuesList } from '../database.ts';
import { qualified } from '../form-tables.ts';
import { storableJson } from '../storable.ts';
import { setStatus } from './record.ts';

/** A row for each record; the first has what is the message's. */
export async function keep(connection: Queryable, kept: readonly KeptSdc[]): Promise<void> {
  const { text, parameters } = valuesList(
    kept.flatMap(({ messageId, table, numeros, cancels = false, sdc, digest }) =>
      numeros.map((numero, index) => {
        const own = index === 0 ? [sdc, sdcHash(sdc), digest] : [null, null, null];
        return [messageId, index, table, numero, cancels, ...own];
      }),
    ),
  );
  await connection.query(
    `insert into xms.kept (message_id, index, table_name, numero, cancels, sdc, sdc_hash, digest) values ${text}`,
    parameters,
  );
}

export async function readWaiting(
  connection: Queryable,
  { limit, sentBefore, now }: { limit: number; sentBefore: number; now: number },
): Promise<KeptSdc[]> {
  const rows = await connection.query<{
    message_id: Buffer;
    table_name: string;
    numeros: string[];
    cancels: boolean;
    sdc: Buffer;
    digest: Buffer;
  }>(
    `select message_id, table_name, cancels, sdc, digest,
            array(select numero::text from xms.kept record where record.message_id = kept.message_id order by index)
              as numeros
       from xms.kept
      where outcome is null and index = 0 and (sent_at is null or sent_at < $2 or sent_at > $3)
      order by sealed_at, numero limit $1`,
    [limit, new Date(sentBefore), new Date(now)],
  );
  return rows.map(({ message_id, table_name, numeros, cancels, sdc, digest }) => ({
    messageId: message_id,
    table: table_name,
    numeros: numeros.map(BigInt),
    ...(cancels ? { cancels } : {}),
    sdc,
    digest,
  }));
}

/**
 * Writes what a receipt says of each record, once: what is filed stays filed, what was sealed anew is another message's,
 * and the same refusal twice is one. A refusal of the whole is one of each.
 */
export async function settle(
  connection: Queryable,
  { about, outcomes }: Receipt,
  signed: Uint8Array,
  at: number,
): Promise<SettledRecord[]> {
  const rows = outcomes.flatMap(settledRow);
  if (rows.length < outcomes.length) return [];
  const isOfAll = outcomes.length === 1 && outcomes[0]?.kind === 'refused';
  const settled = await connection.query<{
    table_name: string;
    numero: bigint;
    outcome: 'filed' | 'refused';
  }>(
    `update xms.kept
        set outcome = told.outcome, outcome_at = $2, server_numero = told.numero, reason = told.reason::jsonb,
            receipt = case when index = 0 then $3::bytea end
       from unnest($4::text[], $5::bigint[], $6::text[]) with ordinality told (outcome, numero, reason, place)
      where message_id = $1 and ($7 or place = index + 1)
        and ($7 or (select count(*) from xms.kept own where own.message_id = $1) = cardinality($4::text[]))
        and (kept.outcome is null or kept.outcome = 'refused')
        and (kept.outcome, kept.reason) is distinct from (told.outcome, told.reason::jsonb)
      returning table_name, kept.numero, kept.outcome`,
    [
      about,
      new Date(at),
      signed,
      rows.map(({ outcome }) => outcome),
      rows.map(({ numero }) => numero),
      rows.map(({ reason }) => reason),
      isOfAll,
    ],
  );
  return settled.map(({ table_name, numero, outcome }) => ({ table: table_name, numero, outcome }));
}

/** None of what is done: records are filed. */
function settledRow(outcome: Outcome): { outcome: string; numero: bigint | null; reason: string | null }[] {
  switch (outcome.kind) {
    case 'filed':
      return [{ outcome: 'filed', numero: outcome.numero, reason: null }];
    case 'refused':
      return [
        { outcome: 'refused', numero: null, reason: outcome.reason ? storableJson(outcome.reason) : null },
      ];
    case 'done':
      return [];
  }
}

/** Only rows that were collected: one that the office has taken up again meanwhile is no longer what was sent. */
export async function setStatusOf(
  connection: Queryable,
  records: readonly { readonly table: string; readonly numero: bigint }[],
  to: RecordStatus,
): Promise<void> {
  for (const [table, rows] of Map.groupBy(records, ({ table }) => table)) {
    const [found] = await connection.query('select to_regclass($1) as oid', [qualified(table)]);
    // The office may have dropped the table; the receipt counts all the same.
    if (found?.oid === null) continue;
    const numeros = rows.map(({ numero }) => numero);
    await setStatus(connection, table, numeros, { from: RecordStatus.collected, to });
  }
}

/** Refused SDCs of one record wait again, as if never sent; returns their number. */
export async function reopen(connection: Queryable): Promise<number> {
  const rows = await connection.query(
    `update xms.kept set outcome = null, outcome_at = null, reason = null, sent_at = null
      where outcome = 'refused' and reason is not null and not exists (${others}) returning message_id`,
  );
  return rows.length;
}

/**
 * Refused records of SDCs that held several are at Status 2 again, and those that the server has not told why: under
 * keys that count no longer, the same bytes would be refused for ever. Returns their number.
 */
export async function renew(connection: Queryable, isDenied: boolean): Promise<number> {
  const rows = await connection.query<{ table_name: string; numero: bigint }>(
    `update xms.kept set outcome = 'renewed'
      where outcome = 'refused'
        and case when $1 then reason ->> 'code' = 'batch-denied' and exists (${others})
                 else reason is null or exists (${others}) end
      returning table_name, numero`,
    [isDenied],
  );
  const records = rows.map(({ table_name, numero }) => ({ table: table_name, numero }));
  await setStatusOf(connection, records, RecordStatus.imported);
  return rows.length;
}

const others = `select from xms.kept other where other.message_id = kept.message_id and other.index <> kept.index`;

export async function markSent(connection: Queryable, ids: readonly MessageId[], at: number): Promise<void> {
  await connection.query(
    `update xms.kept set attempts = attempts + 1, sent_at = $2
      where message_id = any($1::bytea[]) and index = 0`,
    [ids, new Date(at)],
  );
}
