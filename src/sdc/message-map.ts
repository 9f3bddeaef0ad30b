/**
 * What a message says, after its head: one CBOR map with small integer keys in ascending order; docs/sdc.md lists
 * them. EXPORT and RECEIPT, which are nearly all there is, are written and read by hand; the others by service-table.ts.
 */
import type { ExportMessage, Head, Message } from '../core/message.ts';
import { unreadable } from './cbor.ts';
import { CborReader } from './cbor-reader.ts';
import { CborWriter } from './cbor-writer.ts';
import { readReceipts, receiptEntries, writeReceipts } from './receipt-list.ts';
import { readRecords, recordEntries, writeColumns, writeRecords } from './record-list.ts';
import { type BodyOf, serviceTable, type TableService } from './service-table.ts';

const key = { service: 0, table: 1 } as const;

const exportNumber = 1;
const receiptNumber = 2;
/** Service, table, columns and values. */
const exportEntries = 2 + recordEntries;

/** Throws `sdc-payload`, naming the field, where the message is not what a receiver would take. */
export function encodeMessage(message: Message): Buffer {
  const writer = new CborWriter();
  if (message.service === 'EXPORT') {
    writer.map(exportEntries);
    writeStart(writer, exportNumber);
    writeTable(writer, message.table);
    writeRecords(writer, message.records);
  } else if (message.service === 'RECEIPT') {
    writer.map(1 + receiptEntries(message));
    writeStart(writer, receiptNumber);
    writeReceipts(writer, message);
  } else writeByTable(writer, message.service, message);
  return writer.end();
}

function writeByTable<S extends TableService>(writer: CborWriter, service: S, message: BodyOf<S>): void {
  const { number, body } = serviceTable[service];
  writer.map(1 + body.entries(message));
  writeStart(writer, number);
  body.write(writer, message);
}

/** The message whose head was read before. Refuses with `sdc-payload`, naming the field. */
export function decodeMessage(head: Head, bytes: Buffer): Message {
  const reader = new CborReader(bytes);
  const entries = reader.map('map');
  const { message, expected } = readBody(reader, head);
  reader.done();
  if (entries !== expected) throw unreadable('number of fields');
  return message;
}

function readBody(reader: CborReader, head: Head): { message: Message; expected: number } {
  reader.key(key.service);
  const number = reader.integer('service');
  if (number === exportNumber) return { message: readExport(reader, head), expected: exportEntries };
  if (number === receiptNumber) {
    const body = readReceipts(reader);
    return { message: { ...head, service: 'RECEIPT', ...body }, expected: 1 + receiptEntries(body) };
  }
  const service = services.find(service => serviceTable[service].number === number);
  if (!service) throw unreadable('service');
  return readByTable(reader, head, service);
}

const services = Object.keys(serviceTable) as TableService[];

function readByTable<S extends TableService>(reader: CborReader, head: Head, service: S) {
  const { body } = serviceTable[service];
  const read = body.read(reader);
  return { message: { ...head, service, ...read } as Message, expected: 1 + body.entries(read) };
}

/** Whether a map is one of this service; nothing else is looked at. */
export function isOfService(map: Buffer, service: TableService): boolean {
  return map[1] === key.service && map[2] === serviceTable[service].number;
}

/** What an EXPORT holds from the service to the first value, of a record in the table's own order. */
export function structureFragment(table: string, columns: readonly string[]): Buffer {
  const writer = new CborWriter();
  writeStart(writer, exportNumber);
  writeTable(writer, table);
  writeColumns(writer, columns);
  writer.array(columns.length);
  return writer.end();
}

function writeStart(writer: CborWriter, service: number): void {
  writer.integer(key.service);
  writer.integer(service);
}

function writeTable(writer: CborWriter, table: string): void {
  writer.integer(key.table);
  writer.text(table);
}

function readExport(reader: CborReader, head: Head): ExportMessage {
  reader.key(key.table);
  const table = reader.text('table');
  return { ...head, service: 'EXPORT', table, records: readRecords(reader, table) };
}
