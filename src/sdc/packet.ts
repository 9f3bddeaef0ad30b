/** Byte strings on their way to another thread: one buffer that moves there, instead of many that are copied. */

export interface Packet {
  readonly bytes: ArrayBuffer;
  readonly lengths: Uint32Array;
}

export function pack(parts: readonly Uint8Array[]): Packet {
  const lengths = Uint32Array.from(parts, part => part.length);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes: bytes.buffer, lengths };
}

export function unpack({ bytes, lengths }: Packet): Buffer[] {
  let at = 0;
  return Array.from(lengths, length => {
    at += length;
    return Buffer.from(bytes, at - length, length);
  });
}
