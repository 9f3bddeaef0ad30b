/** Byte strings on their way to another thread: one buffer that moves there, instead of many that are copied. */

export interface Packet {
  readonly bytes: ArrayBuffer;
  readonly lengths: Uint32Array;
}

export function pack(parts: readonly Uint8Array[]): Packet {
  const lengths = new Uint32Array(parts.length);
  let size = 0;
  for (const [i, { length }] of parts.entries()) {
    lengths[i] = length;
    size += length;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes: bytes.buffer, lengths };
}

export function unpack({ bytes, lengths }: Packet): Buffer[] {
  const parts: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    parts.push(Buffer.from(bytes, at, length));
    at += length;
  }
  return parts;
}
