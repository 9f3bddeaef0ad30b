/**
 * CBOR (RFC 8949) as the payload uses it: definite lengths, shortest heads, valid UTF-8, and of the tags only 100,
 * days since 1970 (RFC 8943). A writer and a cursor, for a message has one order of fields; a general decoder costs
 * three times as much and lets bytes pass that are no UTF-8.
 */
import { XmError } from '../core/errors.ts';

export const Major = { uint: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6 } as const;

export const dateTag = 100;

export const simple = {
  false: 0xf4,
  true: 0xf5,
  null: 0xf6,
  float16: 0xf9,
  float32: 0xfa,
  float64: 0xfb,
} as const;

export function unreadable(detail: string): XmError {
  return new XmError('sdc-payload', { detail });
}
