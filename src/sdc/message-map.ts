/**
 * What a message says, after its head: one CBOR map with small integer keys in ascending order; docs/sdc.md lists
 * them. Column names and values stand in two arrays: the names of a table come as one run, which the dictionary holds whole, and a null costs
 * one byte.
 */
import { isErrorCode } from '../core/errors.ts';
import { LruMap } from '../core/lru.ts';
import type { ExportMessage, Head, Message, Receipt, ReceiptMessage, Service } from '../core/message.ts';
import type { Value } from '../core/record.ts';
import { unreadable } from './cbor.ts';
import { CborReader } from './cbor-reader.ts';
import { CborWriter } from './cbor-writer.ts';

const key = { service: 0, table: 1, columns: 2, values: 3, about: 4, outcomes: 5, digest: 6 } as const;

const services: Readonly<Record<Service, number>> = { EXPORT: 1, RECEIPT: 2 };

/** Fields of an EXPORT; a RECEIPT has as many, or one less where no digest is due. */
const exportFields = 4;

export function encodeMessage(message: Message): Buffer {
  const writer = new CborWriter();
  const isUnproven = message.service === 'RECEIPT' && message.digest.length === 0;
  writer.map(isUnproven ? exportFields - 1 : exportFields);
  writer.integer(key.service);
  writer.integer(services[message.service]);
  if (message.service === 'EXPORT') {
    writeStructure(writer, message.table, [...message.record.keys()]);
    for (const value of message.record.values()) writer.value(value);
  } else writeReceipts(writer, message);
  return writer.end();
}

/** The message whose head was read before. Refuses with `sdc-payload`, naming the field. */
export function decodeMessage(head: Head, bytes: Buffer): Message {
  const reader = new CborReader(bytes);
  const fields = reader.map('map');
  reader.key(key.service);
  const service = reader.integer('service');
  const message =
    service === services.EXPORT ? readExport(reader, head) : readReceipts(reader, head, service);
  reader.done();
  const isUnproven = message.service === 'RECEIPT' && message.digest.length === 0;
  if (fields !== (isUnproven ? exportFields - 1 : exportFields)) throw unreadable('number of fields');
  return message;
}

/** What an EXPORT holds from the service to the first value, of a record in the table's own order. */
export function structureFragment(table: string, columns: readonly string[]): Buffer {
  const writer = new CborWriter();
  writer.integer(key.service);
  writer.integer(services.EXPORT);
  writeStructure(writer, table, columns);
  return writer.end();
}

function writeStructure(writer: CborWriter, table: string, columns: readonly string[]): void {
  writer.integer(key.table);
  writer.text(table);
  writeColumns(writer, columns);
  writer.array(columns.length);
}

function writeColumns(writer: CborWriter, columns: readonly string[]): void {
  writer.integer(key.columns);
  writer.array(columns.length);
  for (const column of columns) writer.text(column);
  writer.integer(key.values);
}

function readExport(reader: CborReader, head: Head): ExportMessage {
  reader.key(key.table);
  const table = reader.text('table');
  const columns = readColumns(reader, table);
  if (reader.array('values') !== columns.length) throw unreadable('number of values');
  const record = new Map<string, Value>();
  for (const column of columns) record.set(column, reader.value('value'));
  if (record.size !== columns.length) throw unreadable('column named twice');
  return { ...head, service: 'EXPORT', table, record };
}

/**
 * Names of columns as they came last for a table, and the bytes that say them: nearly all records of a table have the
 * same, and comparing is ten times faster than reading.
 */
const structures = new LruMap<string, { readonly bytes: Buffer; readonly columns: readonly string[] }>(100);
/** Longer structures are not remembered: senders choose them. */
const rememberedColumns = 200;

/** Reads on to the first byte of the values. */
function readColumns(reader: CborReader, table: string): readonly string[] {
  const known = structures.get(table);
  if (known && reader.take(known.bytes)) return known.columns;
  reader.key(key.columns);
  const columns: string[] = [];
  for (let left = reader.array('columns'); left > 0; left--) columns.push(reader.text('column name'));
  reader.key(key.values);
  if (columns.length <= rememberedColumns) {
    const writer = new CborWriter();
    writeColumns(writer, columns);
    structures.set(table, { bytes: writer.end(), columns });
  }
  return columns;
}

/**
 * Ids of one length stand in one byte string, one after the other; ids of several lengths in an array. An outcome is,
 * of a filed record, the Numero, as the difference to that of the filed one before; of a refused one, null, or the
 * reason as [code, {parameter: value}].
 */
function writeReceipts(writer: CborWriter, { receipts, digest }: ReceiptMessage): void {
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
  for (const receipt of receipts) {
    if (receipt.outcome === 'filed') {
      const numero = receipt.numero ?? last;
      writer.integer(numero - last);
      last = numero;
    } else if (receipt.reason) writeReason(writer, receipt.reason);
    else writer.value(null);
  }
  if (digest.length === 0) return;
  writer.integer(key.digest);
  writer.bytes(digest);
}

function writeReason(writer: CborWriter, reason: NonNullable<Receipt['reason']>): void {
  writer.array(2);
  writer.text(reason.code);
  const params = Object.entries(reason.params);
  writer.map(params.length);
  for (const [name, value] of params) {
    writer.text(name);
    writer.value(value);
  }
}

function readReceipts(reader: CborReader, head: Head, service: number | bigint): ReceiptMessage {
  if (service !== services.RECEIPT) throw unreadable('service');
  reader.key(key.about);
  const { packed, ids } = readIds(reader);
  reader.key(key.outcomes);
  const count = reader.array('outcomes');
  const length = packed.length / count;
  if (packed.length > 0 ? !(length >= 8 && length <= 16 && Number.isInteger(length)) : ids.length !== count) {
    throw unreadable('receipt ids');
  }
  let last = 0n;
  const receipts: Receipt[] = [];
  for (let i = 0; i < count; i++) {
    const about = ids[i] ?? packed.subarray(i * length, (i + 1) * length);
    if (reader.takeNull()) receipts.push({ about, outcome: 'refused' });
    else if (reader.isArray) receipts.push({ about, outcome: 'refused', ...readReason(reader) });
    else {
      last += BigInt(reader.integer('outcome'));
      receipts.push({ about, outcome: 'filed', numero: last });
    }
  }
  if (receipts.every(({ outcome }) => outcome === 'refused')) {
    return { ...head, service: 'RECEIPT', receipts, digest: new Uint8Array() };
  }
  reader.key(key.digest);
  return { ...head, service: 'RECEIPT', receipts, digest: reader.bytes(32, 32, 'digest') };
}

function readIds(reader: CborReader): { packed: Buffer; ids: Uint8Array[] } {
  if (!reader.isArray) return { packed: reader.bytes(8, 1_000_000, 'receipt ids'), ids: [] };
  const ids: Uint8Array[] = [];
  for (let left = reader.array('receipt ids'); left > 0; left--) ids.push(reader.bytes(8, 16, 'receipt id'));
  return { packed: Buffer.alloc(0), ids };
}

/** A code that this version does not know (the sender is newer) leaves a refusal without a reason. */
function readReason(reader: CborReader): Pick<Receipt, 'reason'> {
  if (reader.array('reason') !== 2) throw unreadable('reason');
  const code = reader.text('reason');
  const params = new Map<string, string | number>();
  for (let left = reader.map('reason'); left > 0; left--) {
    const name = reader.text('reason');
    const value = reader.value('reason');
    if ((typeof value !== 'string' && typeof value !== 'number') || params.has(name))
      throw unreadable('reason');
    params.set(name, value);
  }
  return isErrorCode(code) ? { reason: { code, params: Object.fromEntries(params) } } : {};
}
