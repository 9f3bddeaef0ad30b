/**
 * What is signed: version · dictionary id · head · raw deflate (RFC 1951) of the message's CBOR map. The head is not
 * deflated, for it is mostly random and would only grow: recipient (8 bytes), time (4), length of the message id (1),
 * message id (8 to 16).
 */
import { XmError } from '../core/errors.ts';
import type { Head, Message } from '../core/message.ts';
import { unreadable } from './cbor.ts';
import { dictionaryFor, dictionaryOf } from './dictionary.ts';
import { inflate } from './inflate.ts';
import { decodeMessage, encodeMessage } from './message-map.ts';
import { batchLimit } from './size-limit.ts';

/** Never 0x31: a payload must not be taken for the signed attributes of CMS, a DER SET (RFC 5652 §5.4). */
const version = 1;
/** Where the message id starts. */
const idOffset = 15;

/** A message in bytes that are not deflated: how threads hand it to each other. */
export interface EncodedMessage {
  /** Version to message id, as the payload has it. */
  readonly head: Buffer;
  readonly map: Buffer;
}

/** Throws `sdc-payload` or `sdc-too-large` where no receiver would take the message. */
export function encodePayload(message: Message): EncodedMessage {
  const head = Buffer.allocUnsafe(idOffset + message.id.length);
  head[0] = version;
  head[1] = dictionaryFor('table' in message ? message.table : undefined).id;
  head.set(message.recipient, 2);
  head.writeUInt32BE(message.at, 10);
  head[14] = message.id.length;
  head.set(message.id, idOffset);
  const map = encodeMessage(message);
  if (map.length > batchLimit.map) throw new XmError('sdc-too-large', { size: map.length });
  return { head, map };
}

export function deflatePayload({ head, map }: EncodedMessage): Buffer {
  return Buffer.concat([head, dictionaryOf(head[1] as number).deflate(map)]);
}

/** Refuses with `sdc-payload`; inflates to `maxBytes` at most. */
export function inflatePayload(payload: Buffer, maxBytes: number): EncodedMessage {
  if (payload[0] !== version) throw unreadable(`version ${payload[0]}`);
  const length = payload[14] ?? 0;
  const end = idOffset + length;
  if (length < 8 || length > 16 || end >= payload.length) throw unreadable('message id');
  const dictionary = dictionaryOf(payload[1] as number).bytes;
  return { head: payload.subarray(0, end), map: inflate(payload.subarray(end), dictionary, maxBytes) };
}

/** Key id of the addressee. */
export function recipientOf({ head }: EncodedMessage): Buffer {
  return head.subarray(2, 10);
}

/** Refuses with `sdc-payload`, naming the field. */
export function decodePayload(encoded: EncodedMessage): Message {
  const { head, map } = encoded;
  const read: Head = {
    recipient: recipientOf(encoded),
    at: head.readUInt32BE(10),
    id: head.subarray(idOffset),
  };
  return decodeMessage(read, map);
}
