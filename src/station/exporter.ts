/**
 * Export (guide §6.2): rows with Status 2 are sealed and marked 3 in one transaction, published, and marked 4 when the
 * signed receipt has come. Rows that were filed and are at Status 0 since are sent once more, to be cancelled. The SDC is kept until then; what has no receipt after a while is sent again, the same bytes.
 * Where the station is set to, several records go in one SDC; a server that does not grant it has them one by one.
 */
import { XmError } from '../core/errors.ts';
import type { ExportMessage, Receipt } from '../core/message.ts';
import { MessageIds } from '../core/message-id.ts';
import { pause } from '../core/pause.ts';
import type { PublicKeyRef, Sealed, Sealer } from '../core/ports.ts';
import { type FormTable, RecordStatus } from '../core/record.ts';
import type { CollectedRecord, KeptSdc } from '../core/station-ports.ts';
import { batchLimit } from '../sdc/size-limit.ts';
import { Correspondence, type CorrespondenceEvent, type CorrespondenceParts } from './correspondence.ts';

/** Records that are collected at a time, and one SDC of several at least. */
const collectLimit = 50;

export type ExportEvent = CorrespondenceEvent;

export interface ExporterParts extends CorrespondenceParts {
  readonly sealer: Sealer;
  /** Records of one SDC at most, where the server allows several; by default 1. */
  readonly batch?: number;
  /** Told at the beginning of a round: the records that are to be sent, and those that wait for their receipt. */
  readonly onDue?: (records: number) => void;
}

export interface ExportOptions {
  /** Names of the tables; none: all that have rows to export. */
  readonly tables: readonly string[];
  /** The Status of the rows to collect; the guide's value is 2. */
  readonly status?: number;
  /** Sends again what a receipt has refused. */
  readonly refused?: boolean;
  /** Least milliseconds between two messages. */
  readonly paceMs?: number;
}

export class Exporter {
  readonly #parts: ExporterParts;
  readonly #correspondence: Correspondence;
  readonly #ids = new MessageIds();
  #batch: number;
  /** Of the last round. */
  #options: ExportOptions = { tables: [] };

  /** Connects at once; `ending` interrupts whatever waits. Call `close` in the end. */
  constructor(parts: ExporterParts, ending: AbortSignal) {
    this.#parts = parts;
    this.#batch = parts.batch ?? 1;
    const onEvent = (event: CorrespondenceEvent) => {
      if (event.kind === 'receipt' && isDenied(event.receipt)) this.#batch = 1;
      parts.onEvent(event);
    };
    this.#correspondence = new Correspondence({ ...parts, onEvent }, ending);
  }

  /** One round: what waits too long is sent again, then what is new. Rejects with `table-unknown`, why there is no broker, and database errors. */
  async export(options: ExportOptions): Promise<void> {
    this.#options = options;
    await this.#parts.store.purge(this.#parts.clock.now());
    await this.#correspondence.connected();
    if (options.refused) await this.#parts.store.reopenRefused();
    await this.#parts.store.renewDenied();
    this.#parts.onDue?.(await this.countDue(options));
    await this.#correspondence.sendAgain();
    await this.#exportTables();
  }

  /**
   * Resolves when every SDC has its receipt, or at `deadline` (milliseconds since 1970), or when interrupted; with the
   * number of records that still wait.
   */
  async settle(deadline: number): Promise<number> {
    const { clock, store } = this.#parts;
    const { ending, retryMs } = this.#correspondence;
    while (true) {
      const { taken } = this.#correspondence;
      if ((await store.renewDenied()) > 0) await this.#exportTables();
      const waiting = await store.countWaiting();
      const left = deadline - clock.now();
      if (waiting === 0 || left <= 0 || ending.aborted) return waiting;
      await pause(Math.min(left, retryMs), ending, taken);
      await this.#correspondence.sendAgain();
    }
  }

  /** Records that are to be sent, and those that wait for their receipt. Rejects with `table-unknown`. */
  async countDue(options: ExportOptions): Promise<number> {
    const { store } = this.#parts;
    let due = await store.countWaiting();
    for (const { name } of await this.#tables(options)) {
      for (const status of statusesOf(options)) due += await store.countDue(name, status);
    }
    return due;
  }

  /** Sends questions as they are asked, by whichever process, until the end. */
  answerQuestions(): Promise<void> {
    return this.#correspondence.answerQuestions();
  }

  close(): Promise<void> {
    return this.#correspondence.close();
  }

  async #exportTables(): Promise<void> {
    for (const table of await this.#tables(this.#options)) {
      for (const status of statusesOf(this.#options)) await this.#exportTable(table, status);
    }
  }

  async #tables({ tables }: ExportOptions): Promise<readonly FormTable[]> {
    const known = await this.#parts.store.tables();
    return (tables.length > 0 ? tables : [...known.keys()].sort()).map(name => {
      const table = known.get(name);
      if (!table) throw new XmError('table-unknown', { table: name });
      return table;
    });
  }

  async #exportTable(table: FormTable, status: number): Promise<void> {
    const { paceMs } = this.#options;
    const { ending } = this.#correspondence;
    while (!ending.aborted) {
      const batch = this.#batch;
      // With a pace, rows are taken for one message at a time: a row at 3 is one that is on its way.
      const limit = paceMs ? batch : batch * Math.max(1, Math.floor(collectLimit / batch));
      const kept = await this.#parts.store.collect(table, status, limit, async records =>
        (await Promise.all(groups(records, batch).map(group => this.#seal(table, group))))
          .flat()
          .map(one => ({
            ...one,
            ...(status === RecordStatus.cancelled ? { cancels: true } : {}),
          })),
      );
      if (kept.length === 0) return;
      await this.#correspondence.send(kept);
      if (paceMs) await pause(paceMs, ending);
    }
  }

  /** In one SDC, or in two halves, and so on, where together they are too large for any receiver. */
  async #seal(table: FormTable, records: readonly CollectedRecord[]): Promise<KeptSdc[]> {
    const { servers, clock } = this.#parts;
    const [server] = servers();
    const at = Math.floor(clock.now() / 1000);
    const message: ExportMessage = {
      service: 'EXPORT',
      id: this.#ids.next(at),
      recipient: server.keyId,
      at,
      table: table.name,
      records: records.map(({ record }) => record),
    };
    const sealed = await this.#sealed(message, server);
    if (!sealed) {
      const half = Math.ceil(records.length / 2);
      return [
        ...(await this.#seal(table, records.slice(0, half))),
        ...(await this.#seal(table, records.slice(half))),
      ];
    }
    const numeros = records.map(({ numero }) => numero);
    return [{ messageId: message.id, table: table.name, numeros, ...sealed }];
  }

  /** Undefined where several records are too large together. */
  async #sealed(message: ExportMessage, recipient: PublicKeyRef): Promise<Sealed | undefined> {
    try {
      const [sealed] = await this.#parts.sealer.seal([{ message, recipient }]);
      if (!sealed) throw new XmError('internal-fault', { detail: 'nothing sealed' });
      return message.records.length > 1 && sealed.sdc.length > batchLimit.der ? undefined : sealed;
    } catch (error) {
      const isTooLarge = error instanceof XmError && error.code === 'sdc-too-large';
      if (isTooLarge && message.records.length > 1) return undefined;
      throw error;
    }
  }
}

function statusesOf({ status = RecordStatus.imported }: ExportOptions): readonly number[] {
  return [status, RecordStatus.cancelled];
}

function groups<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

function isDenied({ outcomes }: Receipt): boolean {
  return outcomes.some(outcome => outcome.kind === 'refused' && outcome.reason?.code === 'batch-denied');
}
