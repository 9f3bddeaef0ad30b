/**
 * The body of a RECEIPT: about which messages, what became of each, and one digest over all that was filed.
 *
 * Ids of one length stand in one byte string, one after the other; ids of several lengths in an array. What became of a
 * message is one outcome, or an array of several. An outcome is of a filed record the Numero, as the difference to that
 * of the one filed before, whichever message it was in; `true` of what was done; of what was refused null, or the reason
 * as [code, {parameter: value}].
 */
import { isErrorCode } from '../core/errors.ts';
import type { Outcome, Receipt, ReceiptMessage } from '../core/message.ts';
import { unreadable } from './cbor.ts';
import type { CborReader } from './cbor-reader.ts';
import type { CborWriter } from './cbor-writer.ts';
import { maxRecords } from './record-list.ts';

const key = { about: 4, outcomes: 5, digest: 6 } as const;

type Body = Pick<ReceiptMessage, 'receipts' | 'digest'>;

/** Entries of the map: without a digest where nothing was filed. */
export function receiptEntries({ digest }: Body): number {
  return digest.length === 0 ? 2 : 3;
}

/** Throws `sdc-payload` where a receipt has no outcome, or the digest is there without anything filed, or missing. */
export function writeReceipts(writer: CborWriter, { receipts, digest }: Body): void {
  if (isAnyFiled(receipts) !== digest.length > 0) throw unreadable('digest');
  const ids = receipts.map(({ about }) => about);
  writer.integer(key.about);
  if (ids.every(({ length }) => length === ids[0]?.length)) writer.bytes(Buffer.concat(ids));
  else {
    writer.array(ids.length);
    for (const id of ids) writer.bytes(id);
  }
  writer.integer(key.outcomes);
  writer.array(receipts.length);
  let last = 0n;
  for (const { outcomes } of receipts) {
    if (outcomes.length === 0 || outcomes.length > maxRecords) throw unreadable('outcomes');
    if (outcomes.length > 1) writer.array(outcomes.length);
    for (const outcome of outcomes) last = writeOutcome(writer, outcome, last);
  }
  if (digest.length === 0) return;
  writer.integer(key.digest);
  writer.bytes(digest);
}

/** Returns the Numero filed last. */
function writeOutcome(writer: CborWriter, outcome: Outcome, last: bigint): bigint {
  if (outcome.kind === 'filed') {
    writer.integer(outcome.numero - last);
    return outcome.numero;
  }
  if (outcome.kind === 'done') writer.value(true);
  else if (outcome.reason) writeReason(writer, outcome.reason);
  else writer.value(null);
  return last;
}

type Reason = NonNullable<Extract<Outcome, { kind: 'refused' }>['reason']>;

function writeReason(writer: CborWriter, { code, params }: Reason): void {
  writer.array(2);
  writer.text(code);
  const entries = Object.entries(params);
  writer.map(entries.length);
  for (const [name, value] of entries) {
    writer.text(name);
    writer.value(value);
  }
}

export function readReceipts(reader: CborReader): Body {
  reader.key(key.about);
  const { packed, ids } = readIds(reader);
  reader.key(key.outcomes);
  const count = reader.array('outcomes');
  const length = packed.length / count;
  if (packed.length > 0 ? !(length >= 8 && length <= 16 && Number.isInteger(length)) : ids.length !== count) {
    throw unreadable('receipt ids');
  }
  const outcomes = new OutcomeReader(reader);
  const receipts: Receipt[] = [];
  for (let i = 0; i < count; i++) {
    const about = ids[i] ?? packed.subarray(i * length, (i + 1) * length);
    receipts.push({ about, outcomes: outcomes.next() });
  }
  if (!isAnyFiled(receipts)) return { receipts, digest: new Uint8Array() };
  reader.key(key.digest);
  return { receipts, digest: reader.bytes(32, 32, 'digest') };
}

function isAnyFiled(receipts: readonly Receipt[]): boolean {
  return receipts.some(({ outcomes }) => outcomes.some(({ kind }) => kind === 'filed'));
}

function readIds(reader: CborReader): { packed: Buffer; ids: Uint8Array[] } {
  if (!reader.isArray) return { packed: reader.bytes(8, 1_000_000, 'receipt ids'), ids: [] };
  const ids: Uint8Array[] = [];
  for (let left = reader.array('receipt ids'); left > 0; left--) ids.push(reader.bytes(8, 16, 'receipt id'));
  // Of one length they stand packed: one encoding of one message.
  if (ids.every(({ length }) => length === ids[0]?.length)) throw unreadable('receipt ids');
  return { packed: Buffer.alloc(0), ids };
}

class OutcomeReader {
  readonly #reader: CborReader;
  #last = 0n;

  constructor(reader: CborReader) {
    this.#reader = reader;
  }

  /** Of one message. An array is a reason where it starts with a text, else outcomes, two at least. */
  next(): Outcome[] {
    if (!this.#reader.isArray) return [this.#plain()];
    const length = this.#reader.array('outcomes');
    if (this.#reader.isText) return [readReason(this.#reader, length)];
    if (length < 2 || length > maxRecords) throw unreadable('number of outcomes');
    return Array.from({ length }, () =>
      this.#reader.isArray ? readReason(this.#reader, this.#reader.array('reason')) : this.#plain(),
    );
  }

  #plain(): Outcome {
    if (this.#reader.takeNull()) return { kind: 'refused' };
    if (this.#reader.takeTrue()) return { kind: 'done' };
    this.#last += BigInt(this.#reader.integer('outcome'));
    return { kind: 'filed', numero: this.#last };
  }
}

/** A code that this version does not know (the sender is newer) leaves a refusal without a reason. */
function readReason(reader: CborReader, length: number): Outcome {
  if (length !== 2) throw unreadable('reason');
  const code = reader.text('reason');
  const params = new Map<string, string | number>();
  for (let left = reader.map('reason'); left > 0; left--) {
    const name = reader.text('reason');
    const value = reader.value('reason');
    if ((typeof value !== 'string' && typeof value !== 'number') || params.has(name))
      throw unreadable('reason');
    params.set(name, value);
  }
  return {
    kind: 'refused',
    ...(isErrorCode(code) ? { reason: { code, params: Object.fromEntries(params) } } : {}),
  };
}
