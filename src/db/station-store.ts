/** The station's database: its forms, the SDCs it keeps until their receipt, questions and what the server sends. */
import type { Answer, MessageId, Receipt } from '../core/message.ts';
import type { Reason } from '../core/ports.ts';
import { type FormRecord, type FormTable, numeroColumn, RecordStatus, statusColumn } from '../core/record.ts';
import type {
  AskedDetails,
  AskedProgress,
  AskedSdc,
  CollectedRecord,
  KeptSdc,
  Landing,
  ReceivedLetter,
  RefusedRecord,
  SentLetter,
  SettledRecord,
  StationStore,
  StationSummary,
  TableSummary,
  Validation,
} from '../core/station-ports.ts';
import { type Database, type Queryable, quoted } from './database.ts';
import { qualified, readFormTables } from './form-tables.ts';
import { Listener } from './listener.ts';
import { landRecords } from './office/imported.ts';
import { keep, markSent, readWaiting, renew, reopen, setStatusOf, settle } from './office/kept.ts';
import { readSentLetters, readUnasked } from './office/letter.ts';
import {
  countUnasked,
  keepAsked,
  markAskedSent,
  markTaken,
  questionChannel,
  readProgress,
  readReply,
  readSameAsked,
  readUntaken,
  readWaitingAsked,
  readWaitingQuestions,
  receive,
  settleAsked,
} from './office/question.ts';
import { countRecords, lockRecords, setStatus } from './office/record.ts';
import { purge } from './office/retention.ts';
import { validateRecords } from './office/validation.ts';

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
      if (status === RecordStatus.cancelled) return kept;
      await setStatus(
        connection,
        table.name,
        kept.flatMap(({ numeros }) => numeros),
        { from: status, to: RecordStatus.collected },
      );
      return kept;
    });
  }

  countDue(table: string, status: number): Promise<number> {
    return countRecords(this.#database, table, status);
  }

  waiting(options: { limit: number; sentBefore: number; now: number }): Promise<KeptSdc[]> {
    return readWaiting(this.#database, options);
  }

  reopenRefused(): Promise<number> {
    return this.#database.transaction(
      async connection => (await reopen(connection)) + (await renew(connection, false)),
    );
  }

  renewDenied(): Promise<number> {
    return this.#database.transaction(connection => renew(connection, true));
  }

  markSent(ids: readonly MessageId[], at: number): Promise<void> {
    return markSent(this.#database, ids, at);
  }

  applyReceipts(
    receipts: readonly Receipt[],
    signed: Uint8Array,
    at: number,
  ): Promise<readonly SettledRecord[]> {
    return this.#database.transaction(async connection => {
      const settled: SettledRecord[] = [];
      for (const receipt of receipts) {
        const records = await settle(connection, receipt, signed, at);
        settled.push(...records);
        if (records.length === 0) await settleAsked(connection, receipt, at);
      }
      const filed = settled.filter(({ outcome }) => outcome === 'filed');
      await setStatusOf(connection, filed, RecordStatus.exported);
      return settled;
    });
  }

  keepAsked(asked: AskedSdc, details: AskedDetails = {}): Promise<void> {
    return this.#database.transaction(connection => keepAsked(connection, asked, details));
  }

  sameAsked(questionHash: Uint8Array, now: number): Promise<MessageId | undefined> {
    return readSameAsked(this.#database, questionHash, now);
  }

  waitingAsked(options: { limit: number; retryMs: number; now: number }): Promise<AskedSdc[]> {
    return readWaitingAsked(this.#database, options);
  }

  markAskedSent(ids: readonly MessageId[], at: number): Promise<void> {
    return markAskedSent(this.#database, ids, at);
  }

  receive(message: Answer, signed: Uint8Array, at: number): Promise<boolean> {
    return this.#database.transaction(connection => receive(connection, message, signed, at));
  }

  replyTo(id: MessageId) {
    return readReply(this.#database, id);
  }

  progressOf(id: MessageId): Promise<AskedProgress> {
    return readProgress(this.#database, id);
  }

  untaken(service: 'IMPORT' | 'ENROL'): Promise<MessageId[]> {
    return readUntaken(this.#database, service);
  }

  markTaken(id: MessageId, at: number): Promise<void> {
    return markTaken(this.#database, id, at);
  }

  land(question: MessageId, table: FormTable, records: readonly FormRecord[], at: number): Promise<Landing> {
    return this.#database.transaction(async connection => {
      const landing = await landRecords(connection, table, records);
      await markTaken(connection, question, at);
      return landing;
    });
  }

  validate(
    table: FormTable,
    after: bigint,
    limit: number,
    faultOf: (record: FormRecord) => Reason | undefined,
  ): Promise<Validation> {
    return this.#database.transaction(connection =>
      validateRecords(connection, table, after, limit, faultOf),
    );
  }

  unasked(limit: number): Promise<readonly ReceivedLetter[]> {
    return readUnasked(this.#database, limit);
  }

  sentLetters(limit: number): Promise<readonly SentLetter[]> {
    return readSentLetters(this.#database, limit);
  }

  purge(now: number): Promise<void> {
    return this.#database.transaction(connection => purge(connection, now));
  }

  async listen(onChange: () => void): Promise<{ close(): Promise<void> }> {
    const listener = new Listener(this.#database.settings, 'xmstation', [questionChannel], {
      onNotification: onChange,
      onState: onChange,
    });
    await listener.start();
    return listener;
  }

  async digests(ids: readonly MessageId[]): Promise<(Uint8Array | undefined)[]> {
    const rows = await this.#database.query<{ digest: Buffer | null }>(
      `select k.digest from unnest($1::bytea[]) with ordinality i (message_id, place)
         left join xms.kept k on k.message_id = i.message_id and k.index = 0 order by i.place`,
      [ids],
    );
    return rows.map(({ digest }) => digest ?? undefined);
  }

  async messageIdOf(hash: Uint8Array): Promise<MessageId | undefined> {
    const [row] = await this.#database.query<{ message_id: Buffer }>(
      `select message_id from xms.kept where sdc_hash = $1
       union all select message_id from xms.asked where sdc_hash = $1 limit 1`,
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

  async countWaitingSdcs(): Promise<number> {
    const [waiting] = await this.#database.query<{ count: bigint }>(
      'select count(distinct message_id) from xms.kept where outcome is null',
    );
    return Number(waiting?.count ?? 0);
  }

  async summary(): Promise<StationSummary> {
    const tables: TableSummary[] = [];
    for (const name of (await this.tables()).keys()) tables.push(await summaryOf(this.#database, name));
    return {
      tables,
      waiting: await this.countWaiting(),
      refused: await readRefused(this.#database),
      questions: await readWaitingQuestions(this.#database),
      messages: await countUnasked(this.#database),
    };
  }
}

async function summaryOf(database: Queryable, table: string): Promise<TableSummary> {
  const rows = await database.query<{ status: number; count: bigint }>(
    `select ${quoted(statusColumn)} as status, count(*) from ${qualified(table)} group by 1`,
  );
  const count = (status: number) => Number(rows.find(row => row.status === status)?.count ?? 0);
  const [imported] = await database.query<{ count: number }>(
    `select count(*)::int as count from xms.imported i
       join ${qualified(table)} r on r.${quoted(numeroColumn)} = i.numero and r.${quoted(statusColumn)} = $2
      where i.table_name = $1`,
    [table, RecordStatus.imported],
  );
  return {
    table,
    byStatus: [count(0), count(1), count(2), count(3), count(4)],
    imported: imported?.count ?? 0,
  };
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
