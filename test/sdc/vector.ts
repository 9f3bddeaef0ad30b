/**
 * Test vectors as files: header lines, and after an empty line the SDC in text form. `form: text` says that the text
 * itself is the SDC; otherwise it is the bytes that the text stands for, well-formed or not.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyIdOf } from '../../src/core/key-id.ts';
import { hex, type Message } from '../../src/core/message.ts';
import { CalendarDate, type FormRecord } from '../../src/core/record.ts';
import { isRecord } from '../../src/core/structured-record.ts';

export const vectorFolder = join(import.meta.dirname, '../vectors');

export interface Vector {
  readonly name: string;
  readonly comment: string;
  /** `opened`, or the error code and its detail. */
  readonly expect: string;
  readonly form?: 'text';
  /** Of a good one: in hexadecimal what was signed, and the CBOR in it; and the message as JSON. */
  readonly payload?: string;
  readonly map?: string;
  readonly message?: string;
  readonly sdc: Buffer;
}

export function readVectors(): Vector[] {
  return readdirSync(vectorFolder)
    .filter(file => file.endsWith('.txt'))
    .map(file => {
      const text = readFileSync(join(vectorFolder, file), 'utf8');
      const split = text.indexOf('\n\n');
      const headers = Object.fromEntries(
        text
          .slice(0, split)
          .split('\n')
          .map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      ) as unknown as Vector;
      const body = text.slice(split + 2);
      const base64 = body.replaceAll(/-----[A-Z ]+-----|\s/g, '');
      const sdc = headers.form === 'text' ? Buffer.from(body) : Buffer.from(base64, 'base64');
      return { ...headers, name: file.slice(0, -4), sdc };
    });
}

export function writeVector({
  comment,
  expect,
  form,
  payload,
  map,
  message,
  sdc,
}: Omit<Vector, 'name'>): string {
  const headers = { comment, expect, form, payload, map, message };
  const lines = Object.entries(headers).flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []));
  const base64 = sdc.toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd();
  const body = form === 'text' ? sdc.toString() : `-----BEGIN CMS-----\n${base64}\n-----END CMS-----\n`;
  return `${lines.join('\n')}\n\n${body}`;
}

/** A key and certificate of test/vectors/keys. */
export function readParty(name: string) {
  const privateKey = createPrivateKey(readFileSync(join(vectorFolder, 'keys', `${name}.key`)));
  const certificate = new X509Certificate(readFileSync(join(vectorFolder, 'keys', `${name}.crt`)));
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return { privateKey, spki, keyId: keyIdOf(spki), certificate: certificate.raw };
}

/**
 * A message as JSON of one line: bytes as {"bytes": hex}, but for its own id and recipient; dates as {"date": text}, large
 * integers as {"integer": text}; records as columns and values, as on the wire.
 */
export function messageJson(message: Message): string {
  const { recipient, id, at, service, ...body } = message;
  const head = { recipient: hex(recipient), at, id: hex(id), service };
  const fields = Object.entries(body).flatMap(([name, value]) =>
    name === 'records' ? recordFields(value as readonly FormRecord[]) : [[name, plain(value)]],
  );
  return JSON.stringify({ ...head, ...Object.fromEntries(fields) });
}

function recordFields(records: readonly FormRecord[]): (readonly [string, unknown])[] {
  const rows = records.map(record => [...record.values()].map(plain));
  return [
    ['columns', [...(records[0]?.keys() ?? [])]],
    ['values', rows.length === 1 ? rows[0] : rows],
  ];
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: hex(value) };
  if (value instanceof CalendarDate) return { date: value.toString() };
  if (isRecord(value)) return Object.fromEntries(recordFields([value]));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'bigint') return { integer: String(value) };
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}
