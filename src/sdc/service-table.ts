/** The services but EXPORT and RECEIPT: number, and each field with its key, kind and bounds (docs/sdc.md, "Messages"). */
import type { Head, Message, Service } from '../core/message.ts';
import type { FormRecord } from '../core/record.ts';
import { unreadable } from './cbor.ts';
import { type Body, bodyOf, type Field, type Fields, group, optional, required } from './field.ts';
import { bytes, choice, flag, list, long, orNull, row, text, whole } from './kind.ts';
import { name, query } from './query-array.ts';
import { readRecords, recordEntries, recordKeys, writeRecords } from './record-list.ts';

/** The services whose bodies are no more than their fields. */
export type TableService = Exclude<Service, 'EXPORT' | 'RECEIPT'>;
export type BodyOf<S extends Service> = Omit<Extract<Message, { service: S }>, keyof Head | 'service'>;

interface Entry<S extends Service> {
  readonly number: number;
  readonly body: Body<BodyOf<S>>;
}

const messageId = bytes(8, 16);
const cursor = text(1, 800);
const matricule = whole(1, 999_999_999);
const seconds = whole(0, 0xffff_ffff);
const password = text(1, 256);
const personName = text(0, 640);
const town = text(0, 320);
const telephone = text(0, 160);
const certificate = bytes(1, 8_192);

const rows: Field<readonly FormRecord[]> = {
  keys: recordKeys,
  entries: records => (records.length === 0 ? 0 : recordEntries),
  write: (writer, records) => void (records.length === 0 || writeRecords(writer, records)),
  read: reader => (reader.isKey(recordKeys[0]) ? readRecords(reader) : []),
};

const paper: Field<FormRecord> = {
  keys: recordKeys,
  entries: () => recordEntries,
  write: (writer, record) => writeRecords(writer, [record]),
  read(reader, name) {
    const [record, ...others] = readRecords(reader);
    if (!record || others.length > 0) throw unreadable(name);
    return record;
  },
};

const note: Fields<BodyOf<'MESSAGE'>> = {
  subject: required(16, text(0, 320)),
  text: required(17, text(0, 8_000)),
};

export const serviceTable: { readonly [S in TableService]: Entry<S> } = {
  IMPORT: entry<'IMPORT'>(3, { query: required(7, query), after: optional(8, cursor) }),
  CERTIFY: entry<'CERTIFY'>(4, { table: required(1, name), paper }),
  ACCOUNT: entry<'ACCOUNT'>(5, { from: optional(9, seconds), to: optional(10, seconds) }),
  PROFILE: entry<'PROFILE'>(6, {
    change: group<NonNullable<BodyOf<'PROFILE'>['change']>>({
      name: optional(11, personName),
      town: optional(12, town),
      telephone: optional(13, telephone),
    }),
  }),
  PASSWORD: entry<'PASSWORD'>(7, { old: required(14, password), new: required(15, password) }),
  MESSAGE: entry<'MESSAGE'>(8, note),
  ENROL: entry<'ENROL'>(9, {
    password: required(14, password),
    matricule: required(18, matricule),
    request: required(19, certificate),
  }),
  ROWS: entry<'ROWS'>(10, {
    table: required(1, name),
    records: rows,
    about: required(4, messageId),
    next: optional(8, cursor),
    part: required(20, whole(0, 999_999)),
    isLast: required(21, flag),
  }),
  'CERTIFY-ANSWER': entry<'CERTIFY-ANSWER'>(11, {
    about: required(4, messageId),
    verdict: required(22, choice('genuine', 'unknown', 'differs', 'cancelled')),
    differs: required(23, list(name, 0, 1_600)),
    numero: optional(24, long),
  }),
  STATEMENT: entry<'STATEMENT'>(12, {
    about: optional(4, messageId),
    balance: required(25, long),
    movements: required(
      26,
      list(
        row<BodyOf<'STATEMENT'>['movements'][number]>({
          at: seconds,
          kind: choice('recharge', 'charge', 'correction'),
          service: orNull(text(1, 32)),
          count: whole(0, 0xffff_ffff),
          amount: long,
        }),
        0,
        1_000,
      ),
    ),
  }),
  'PROFILE-ANSWER': entry<'PROFILE-ANSWER'>(13, {
    about: optional(4, messageId),
    name: required(11, personName),
    town: required(12, town),
    telephone: required(13, telephone),
    matricule: required(18, matricule),
    status: required(27, whole(0, 255)),
    batch: required(28, flag),
    tables: required(29, list(row({ table: name, write: flag, read: flag }), 0, 500)),
  }),
  NOTICE: entry<'NOTICE'>(14, {
    balance: required(25, long),
    kind: required(30, choice('recharge', 'correction')),
    amount: required(31, long),
  }),
  CERTIFICATE: entry<'CERTIFICATE'>(15, {
    about: required(4, messageId),
    certificates: required(32, list(certificate, 1, 8)),
  }),
};

function entry<S extends TableService>(number: number, fields: Fields<BodyOf<S>>): Entry<S> {
  return { number, body: bodyOf(fields) };
}
