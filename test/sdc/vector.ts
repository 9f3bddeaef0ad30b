/**
 * Test vectors as files: header lines, and after an empty line the SDC in text form. `form: text` says that the text
 * itself is the SDC; otherwise it is the bytes that the text stands for, well-formed or not.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyIdOf } from '../../src/core/key-id.ts';
import { hex, type Message } from '../../src/core/message.ts';
import { CalendarDate, type Value } from '../../src/core/record.ts';

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

/** A message as JSON of one line: bytes as {"bytes": hex}, dates as {"date": text}, large integers as {"integer": text}. */
export function messageJson(message: Message): string {
  const { recipient, id, at, service } = message;
  const head = { recipient: hex(recipient), at, id: hex(id), service };
  if (message.service === 'EXPORT') {
    const columns = [...message.record.keys()];
    const values = [...message.record.values()].map(valueJson);
    return JSON.stringify({ ...head, table: message.table, columns, values });
  }
  const receipts = message.receipts.map(({ about, outcome, numero, reason }) => ({
    about: hex(about),
    outcome,
    ...(numero === undefined ? {} : { numero: String(numero) }),
    ...(reason ? { reason } : {}),
  }));
  return JSON.stringify({ ...head, receipts, digest: hex(message.digest) });
}

function valueJson(value: Value): unknown {
  if (value instanceof Uint8Array) return { bytes: hex(value) };
  if (value instanceof CalendarDate) return { date: value.toString() };
  return typeof value === 'bigint' ? { integer: String(value) } : value;
}
