/**
 * BER (X.690 §8) as `openssl cms -stream` writes it, made DER: indefinite lengths, and octet strings in pieces.
 * Lengths that are definite must be minimal, as in DER.
 */
import { DerReader, der, malformed, Tag } from './der.ts';

const maxNodes = 512;
const maxDepth = 16;
const constructedOctetString = 0x24;
const endOfContents = 0x00;

/** True where the outermost value has an indefinite length: all that is not plain DER from the start. */
export function isStreamed(bytes: Uint8Array): boolean {
  return bytes[1] === 0x80;
}

/** Refuses with `sdc-malformed`. */
export function toDer(bytes: Buffer): Buffer {
  const state = { bytes, at: 0, nodes: 0 };
  const value = normalized(state, bytes.length, 0);
  if (state.at !== bytes.length) throw malformed('trailing bytes');
  return value;
}

interface State {
  readonly bytes: Buffer;
  at: number;
  nodes: number;
}

function normalized(state: State, end: number, depth: number): Buffer {
  if (++state.nodes > maxNodes) throw malformed('nodes');
  if (depth > maxDepth) throw malformed('depth');
  const { bytes, at } = state;
  const tag = bytes[at];
  if (tag === undefined || at + 1 >= end) throw malformed('truncated');
  const isConstructed = (tag & 0x20) !== 0;
  const isIndefinite = bytes[at + 1] === 0x80;
  if (!isConstructed) {
    const value = new DerReader(bytes, at, end).element(tag, 'value');
    state.at = at + value.length;
    return value;
  }
  const stop = isIndefinite ? end : at + new DerReader(bytes, at, end).element(tag, 'value').length;
  state.at = isIndefinite ? at + 2 : contentsOf(bytes, at);
  const children: Buffer[] = [];
  while (isIndefinite ? bytes[state.at] !== endOfContents : state.at < stop) {
    children.push(normalized(state, stop, depth + 1));
  }
  if (isIndefinite) {
    if (state.at + 2 > end || bytes[state.at + 1] !== 0) throw malformed('truncated');
    state.at += 2;
  }
  return joined(tag, children);
}

function contentsOf(bytes: Buffer, at: number): number {
  const first = bytes[at + 1] as number;
  return at + 2 + (first < 0x80 ? 0 : first - 0x80);
}

/** A constructed value; an octet string in pieces becomes one. */
function joined(tag: number, children: readonly Buffer[]): Buffer {
  if (tag === constructedOctetString) return der(Tag.octetString, ...pieces(children));
  const [first, second, third] = children;
  // EncryptedContentInfo { type, algorithm, [0] IMPLICIT OCTET STRING }: nothing else has [0] in the third place.
  if (
    tag === Tag.sequence &&
    first?.[0] === Tag.oid &&
    second?.[0] === Tag.sequence &&
    third?.[0] === Tag.explicit0
  ) {
    const contents = new DerReader(third).enter(Tag.explicit0, 'encrypted content');
    const parts: Buffer[] = [];
    while (contents.peek !== undefined) parts.push(contents.bytes(Tag.octetString, 'encrypted content'));
    return der(tag, first, second, der(Tag.implicit0, ...parts), ...children.slice(3));
  }
  return der(tag, ...children);
}

function pieces(children: readonly Buffer[]): Buffer[] {
  return children.map(child => {
    const reader = new DerReader(child);
    return reader.bytes(Tag.octetString, 'piece of an octet string');
  });
}
