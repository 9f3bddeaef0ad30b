/** The station's database: its forms, and the SDCs it keeps until their receipt. */
import type { MessageId, Receipt } from '../core/message.ts';
import type { Reason } from '../core/ports.ts';
import { sdcHash } from '../core/receipt.ts';
import { type FormTable, numeroColumn, RecordStatus, statusColumn } from '../core/record.ts';
import type {
  CollectedRecord,
  KeptSdc,
  RefusedRecord,
  StationStore,
  TableSummary,
} from '../core/station-ports.ts';
import { type Database, type Queryable, quoted, valuesList } from './database.ts';
import { qualified, readFormTables } from './form-tables.ts';
import { storableJson } from './storable.ts';
import { fromText, textSettings } from './value.ts';

export class PostgresStationStore implements StationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  tables() {
    return readFormTables(this.#database);
  }

  collect(
    table: FormTable,
    status: number,
    limit: number,
    seal: (records: readonly CollectedRecord[]) => Promise<readonly KeptSdc[]>,
  ): Promise<readonly KeptSdc[]> {
    return this.#database.transaction(async connection => {
      const records = await lockRecords(connection, table, status, limit);
      if (records.length === 0) return [];
      const kept = await seal(records);
      if (kept.length === 0) return [];
      await keep(connection, kept);
      await setStatus(
        connection,
        table.name,
        kept.map(({ numero }) => numero),
        { from: status, to: RecordStatus.collected },
      );
      return kept;
    });
  }

  async waiting(options: { limit: number; sentBefore: number; now: number }): Promise<KeptSdc[]> {
    const rows = await this.#database.query<KeptRow>(
      `select message_id, table_name, numero, sdc, digest from xms.kept
        where outcome is null and (sent_at is null or sent_at < $2 or sent_at > $3)
        order by sealed_at, numero limit $1`,
      [options.limit, new Date(options.sentBefore), new Date(options.now)],
    );
    return rows.map(({ message_id, table_name, numero, sdc, digest }) => ({
      messageId: message_id,
      table: table_name,
      numero,
      sdc,
      digest,
    }));
  }

  async reopenRefused(): Promise<number> {
    const rows = await this.#database.query(
      `update xms.kept set outcome = null, outcome_at = null, reason = null, sent_at = null
        where outcome = 'refused' returning message_id`,
    );
    return rows.length;
  }

  async markSent(ids: readonly MessageId[], at: number): Promise<void> {
    await this.#database.query(
      'update xms.kept set attempts = attempts + 1, sent_at = $2 where message_id = any($1::bytea[])',
      [ids, new Date(at)],
    );
  }

  applyReceipts(receipts: readonly Receipt[], signed: Uint8Array, at: number) {
    return this.#database.transaction(async connection => {
      const filed: SettledRow[] = [];
      let refused = 0;
      for (const receipt of receipts) {
        const row = await settle(connection, receipt, signed, at);
        if (row && receipt.outcome === 'filed') filed.push(row);
        else if (row) refused++;
      }
      await markExported(connection, filed);
      return { filed: filed.length, refused };
    });
  }

  async digests(ids: readonly MessageId[]): Promise<(Uint8Array | undefined)[]> {
    const rows = await this.#database.query<{ digest: Buffer | null }>(
      `select k.digest from unnest($1::bytea[]) with ordinality i (message_id, place)
         left join xms.kept k using (message_id) order by i.place`,
      [ids],
    );
    return rows.map(({ digest }) => digest ?? undefined);
  }

  async messageIdOf(hash: Uint8Array): Promise<MessageId | undefined> {
    const [row] = await this.#database.query<{ message_id: Buffer }>(
      'select message_id from xms.kept where sdc_hash = $1',
      [hash],
    );
    return row?.message_id;
  }

  async countWaiting(): Promise<number> {
    const [waiting] = await this.#database.query<{ count: bigint }>(
      'select count(*) from xms.kept where outcome is null',
    );
    return Number(waiting?.count ?? 0);
  }

  async summary() {
    const tables: TableSummary[] = [];
    for (const name of (await this.tables()).keys()) tables.push(await summaryOf(this.#database, name));
    return { tables, waiting: await this.countWaiting(), refused: await readRefused(this.#database) };
  }
}

interface KeptRow extends Record<string, unknown> {
  readonly message_id: Buffer;
  readonly table_name: string;
  readonly numero: bigint;
  readonly sdc: Buffer;
  readonly digest: Buffer;
}

async function lockRecords(
  connection: Queryable,
  table: FormTable,
  status: number,
  limit: number,
): Promise<CollectedRecord[]> {
  // As text: what travels is the value that PostgreSQL holds, not what JavaScript makes of it. By place: whatever the
  // names of columns are, they name no properties of our objects.
  const columns = table.columns.map(({ name }, i) => `${quoted(name)}::text as c${i}`);
  await connection.query(textSettings);
  const rows = await connection.query<Record<string, string | null>>(
    `select ${columns.join(',')} from ${qualified(table.name)} as record
      where ${quoted(statusColumn)} = $1 order by record.${quoted(numeroColumn)} limit $2 for update skip locked`,
    [status, limit],
  );
  return rows.map(row => {
    const record = new Map(
      table.columns.map(({ name, kind }, i) => [name, fromText(kind, row[`c${i}`] ?? null)]),
    );
    return { numero: BigInt(record.get(numeroColumn) as number | bigint), record };
  });
}

async function keep(connection: Queryable, kept: readonly KeptSdc[]): Promise<void> {
  const { text, parameters } = valuesList(
    kept.map(({ messageId, table, numero, sdc, digest }) => [
      messageId,
      table,
      numero,
      sdc,
      sdcHash(sdc),
      digest,
    ]),
  );
  await connection.query(
    `insert into xms.kept (message_id, table_name, numero, sdc, sdc_hash, digest) values ${text}`,
    parameters,
  );
}

async function setStatus(
  connection: Queryable,
  table: string,
  numeros: readonly bigint[],
  { from, to }: { readonly from: number; readonly to: RecordStatus },
): Promise<void> {
  const [numero, status] = [quoted(numeroColumn), quoted(statusColumn)];
  await connection.query(
    `update ${qualified(table)} set ${status} = $3 where ${numero} = any($1::bigint[]) and ${status} = $2`,
    [numeros, from, to],
  );
}

interface SettledRow extends Record<string, unknown> {
  readonly table_name: string;
  readonly numero: bigint;
}

/** Writes the outcome once: what is filed stays filed, and the same refusal twice is one. */
async function settle(
  connection: Queryable,
  { about, outcome, numero, reason }: Receipt,
  signed: Uint8Array,
  at: number,
): Promise<SettledRow | undefined> {
  const [row] = await connection.query<SettledRow>(
    `update xms.kept set outcome = $2, outcome_at = $3, server_numero = $4, reason = $5, receipt = $6
      where message_id = $1 and outcome is distinct from 'filed' and (outcome, reason) is distinct from ($2, $5::jsonb)
      returning table_name, numero`,
    [about, outcome, new Date(at), numero ?? null, reason ? storableJson(reason) : null, signed],
  );
  return row;
}

/** Only rows that were collected: one that the office has taken up again meanwhile is no longer what was filed. */
async function markExported(connection: Queryable, filed: readonly SettledRow[]): Promise<void> {
  for (const [table, rows] of Map.groupBy(filed, row => row.table_name)) {
    const [found] = await connection.query('select to_regclass($1) as oid', [qualified(table)]);
    // The office may have dropped the table; the receipt counts all the same.
    if (found?.oid === null) continue;
    await setStatus(
      connection,
      table,
      rows.map(({ numero }) => numero),
      { from: RecordStatus.collected, to: RecordStatus.exported },
    );
  }
}

async function summaryOf(database: Queryable, table: string): Promise<TableSummary> {
  const rows = await database.query<{ status: number; count: bigint }>(
    `select ${quoted(statusColumn)} as status, count(*) from ${qualified(table)} group by 1`,
  );
  const count = (status: number) => Number(rows.find(row => row.status === status)?.count ?? 0);
  return { table, byStatus: [count(0), count(1), count(2), count(3), count(4)] };
}

async function readRefused(database: Queryable): Promise<RefusedRecord[]> {
  const rows = await database.query<{
    table_name: string;
    numero: bigint;
    at: number;
    reason: Reason | null;
  }>(
    `select table_name, numero, (extract(epoch from outcome_at) * 1000)::float8 as at, reason
       from xms.kept where outcome = 'refused' order by sealed_at, numero`,
  );
  return rows.map(({ table_name, numero, at, reason }) => ({
    table: table_name,
    numero,
    at,
    ...(reason ? { reason } : {}),
  }));
}
