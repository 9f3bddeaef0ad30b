/**
 * Keys as node:crypto takes them at the least cost: as text, a character for each byte. Of bytes it needs 10 µs to find
 * out that they are no key object, and a secret key's object stays until V8 next collects its whole heap.
 */

/** What tells node:crypto how the text of a key is to be read. */
export const keyEncoding = { encoding: 'latin1' } as const;

export function keyText(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}
