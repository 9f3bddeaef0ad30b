/** Ways to alter bytes: as a line or an attacker does who knows nothing of DER, and as one who does. */
import { der } from '../../src/sdc/der.ts';
import type { Random } from './random.ts';

const mutations: readonly ((bytes: Buffer, random: Random) => Buffer)[] = [
  // A bit, a byte, a few bytes.
  (bytes, random) => changed(bytes, random.below(bytes.length), byte => byte ^ (1 << random.below(8))),
  (bytes, random) => changed(bytes, random.below(bytes.length), () => random.below(256)),
  (bytes, random) => changed(bytes, random.below(Math.min(60, bytes.length)), () => random.pick(edges)),
  // A range left out, twice, or put elsewhere.
  (bytes, random) => {
    const [from, to] = random.range(bytes.length);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, random) => {
    const [from, to] = random.range(bytes.length);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  (bytes, random) => {
    const [from, to] = random.range(bytes.length);
    const at = random.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, to), bytes.subarray(at)]);
  },
  // Bytes put in, and an end cut off.
  (bytes, random) => {
    const at = random.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), random.bytes(1 + random.below(8)), bytes.subarray(at)]);
  },
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  (bytes, random) => Buffer.concat([bytes, random.bytes(1 + random.below(8))]),
  // Structures of DER: a value left out, twice, in another order, under another tag, with the lengths made to fit.
  (bytes, random) => restructured(bytes, random),
  (bytes, random) => restructured(bytes, random),
  (bytes, random) => restructured(bytes, random),
];

const edges = [0x00, 0x01, 0x02, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xa0, 0xa1, 0xff];

export function mutated(bytes: Buffer, random: Random): Buffer {
  let result = Buffer.from(bytes);
  for (let times = 1 + random.below(3); times > 0; times--) {
    if (result.length > 0) result = Buffer.from(random.pick(mutations)(result, random));
  }
  return result;
}

function changed(bytes: Buffer, at: number, change: (byte: number) => number): Buffer {
  const result = Buffer.from(bytes);
  result[at] = change(result[at] as number);
  return result;
}

interface Value {
  tag: number;
  contents: Buffer | Value[];
}

/** One change to the tree of values, written as DER again; bytes that are no DER are left alone. */
function restructured(bytes: Buffer, random: Random): Buffer {
  const root = parsed(bytes);
  if (!root) return bytes;
  const parents: Value[] = [];
  const visit = (value: Value) => {
    if (!Array.isArray(value.contents)) return;
    if (value.contents.length > 0) parents.push(value);
    for (const child of value.contents) visit(child);
  };
  visit(root);
  if (parents.length === 0) return bytes;
  const children = random.pick(parents).contents as Value[];
  const at = random.below(children.length);
  const child = children[at] as Value;
  switch (random.below(6)) {
    case 0:
      children.splice(at, 1);
      break;
    case 1:
      children.splice(at, 0, child);
      break;
    case 2:
      children.splice(random.below(children.length), 0, ...children.splice(at, 1));
      break;
    case 3:
      child.tag = random.pick([...edges, 0x04, 0x05, 0x06, 0x24, 0xa2, 0xa3]);
      break;
    case 4:
      if (!Array.isArray(child.contents)) child.contents = mutatedOnce(child.contents, random);
      break;
    default:
      children[at] = { tag: random.pick(edges), contents: [child] };
  }
  return written(root);
}

function mutatedOnce(contents: Buffer, random: Random): Buffer {
  if (contents.length === 0) return random.bytes(1);
  return changed(contents, random.below(contents.length), () => random.below(256));
}

function parsed(bytes: Buffer): Value | undefined {
  const [value, end] = valueAt(bytes, 0, bytes.length, 0) ?? [];
  return end === bytes.length ? value : undefined;
}

function valueAt(bytes: Buffer, at: number, end: number, depth: number): [Value, number] | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || depth > 20 || first === 0x80 || first > 0x83)
    return undefined;
  const octets = first < 0x80 ? 0 : first - 0x80;
  if (at + 2 + octets > end) return undefined;
  const length = octets === 0 ? first : bytes.readUIntBE(at + 2, octets);
  const start = at + 2 + octets;
  const stop = start + length;
  if (stop > end) return undefined;
  if ((tag & 0x20) === 0) return [{ tag, contents: bytes.subarray(start, stop) }, stop];
  const children: Value[] = [];
  for (let next = start; next < stop; ) {
    const child = valueAt(bytes, next, stop, depth + 1);
    if (!child) return undefined;
    children.push(child[0]);
    next = child[1];
  }
  return [{ tag, contents: children }, stop];
}

function written({ tag, contents }: Value): Buffer {
  return Array.isArray(contents) ? der(tag, ...contents.map(written)) : der(tag, contents);
}

/** Values within values, some of them many, some deep. */
export function randomDer(random: Random, depth = 0): Buffer {
  if (depth === 0 && random.below(8) === 0) return nested(random);
  if (depth > 0 && random.below(3) === 0) {
    const tag = random.pick([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x80, 0x0c]);
    return der(tag, random.bytes(random.below(40)));
  }
  // Less than one and a half on average: more would grow without end.
  const count = depth === 0 ? random.below(80) : random.below(3);
  const tag = random.pick([0x30, 0x31, 0xa0, 0xa1, 0xa3, 0x24]);
  return der(tag, ...Array.from({ length: count }, () => randomDer(random, depth + 1)));
}

function nested(random: Random): Buffer {
  let bytes = random.bytes(random.below(4));
  for (let levels = random.below(60); levels > 0; levels--)
    bytes = der(random.pick([0x30, 0xa0, 0x24]), bytes);
  return bytes;
}
