/**
 * Records of one structure: the names of their columns once, then the values. Of one record the values stand in one
 * array, of several in an array of arrays. The names come as one run, which the dictionary holds whole, and a null costs
 * one byte.
 */
import { LruMap } from '../core/lru.ts';
import type { FormRecord, Value } from '../core/record.ts';
import { Structure, StructuredRecord } from '../core/structured-record.ts';
import { unreadable } from './cbor.ts';
import type { CborReader } from './cbor-reader.ts';
import { CborWriter } from './cbor-writer.ts';

const key = { columns: 2, values: 3 } as const;
export const recordKeys = [key.columns, key.values] as const;
/** Of the map, that records take. */
export const recordEntries = recordKeys.length;

/** Records of one message. */
export const maxRecords = 250;
/** No table of PostgreSQL has more. */
const maxColumns = 1_600;

/** Throws `sdc-payload` where there are none, too many, or of several structures. */
export function writeRecords(writer: CborWriter, records: readonly FormRecord[]): void {
  const [first] = records;
  if (!first || records.length > maxRecords) throw unreadable('number of records');
  const columns = [...first.keys()];
  if (columns.length > maxColumns) throw unreadable('columns');
  writeColumns(writer, columns);
  if (records.length === 1) {
    writer.array(columns.length);
    for (const value of first.values()) writer.value(value);
    return;
  }
  writer.array(records.length);
  for (const record of records) {
    if (record.size !== columns.length) throw unreadable('columns');
    writer.array(columns.length);
    for (const column of columns) {
      const value = record.get(column);
      if (value === undefined) throw unreadable('columns');
      writer.value(value);
    }
  }
}

/** Column names, and on to the first byte of the values. */
export function writeColumns(writer: CborWriter, columns: readonly string[]): void {
  writer.integer(key.columns);
  writer.array(columns.length);
  for (const column of columns) writer.text(column);
  writer.integer(key.values);
}

/** `table`: where its structure is to be remembered. */
export function readRecords(reader: CborReader, table?: string): FormRecord[] {
  const structure = table === undefined ? readStructure(reader) : readKnownStructure(reader, table);
  const count = reader.array('values');
  // A value is never an array.
  if (!reader.isArray || count === 0) return [readValues(reader, structure, count)];
  if (count < 2 || count > maxRecords) throw unreadable('number of records');
  const records: FormRecord[] = [];
  for (let left = count; left > 0; left--) {
    records.push(readValues(reader, structure, reader.array('values')));
  }
  return records;
}

function readValues(reader: CborReader, structure: Structure, count: number): FormRecord {
  if (count !== structure.columns.length) throw unreadable('number of values');
  const values: Value[] = [];
  for (let left = count; left > 0; left--) values.push(reader.value('value'));
  return new StructuredRecord(structure, values);
}

function readStructure(reader: CborReader): Structure {
  reader.key(key.columns);
  const count = reader.array('columns');
  if (count > maxColumns) throw unreadable('columns');
  const columns = Array.from({ length: count }, () => reader.text('column name'));
  reader.key(key.values);
  const structure = new Structure(columns);
  if (!structure.isProper) throw unreadable('column named twice');
  return structure;
}

/**
 * Names of columns as they came last for a table, and the bytes that say them: nearly all records of a table have the
 * same, and comparing is ten times faster than reading.
 */
const structures = new LruMap<string, { readonly bytes: Buffer; readonly structure: Structure }>(100);
/** Longer structures are not remembered: senders choose them. */
const rememberedColumns = 200;

function readKnownStructure(reader: CborReader, table: string): Structure {
  const known = structures.get(table);
  if (known && reader.take(known.bytes)) return known.structure;
  const structure = readStructure(reader);
  if (structure.columns.length <= rememberedColumns) {
    const writer = new CborWriter();
    writeColumns(writer, structure.columns);
    structures.set(table, { bytes: writer.end(), structure });
  }
  return structure;
}
