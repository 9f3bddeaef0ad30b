/** Crockford's base 32: what is read out on the telephone and typed again. No I, L, O, U; small letters are read, too. */

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Most significant bit first; the last character is filled up with zeros. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let [held, bits] = [0, 0];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + alphabet[(held << (5 - bits)) & 31] : text;
}

/** Undefined: characters that it does not have, or bits left over that are not zero. */
export function fromBase32(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  let [held, bits] = [0, 0];
  for (const character of text.toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1')) {
    const value = alphabet.indexOf(character);
    if (value < 0) return undefined;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push(held >> bits);
      held &= (1 << bits) - 1;
    }
  }
  return held === 0 && bits < 5 ? Uint8Array.from(bytes) : undefined;
}

/** In groups, `ABCDE-FGHJK`. */
export function grouped(text: string, size: number): string {
  return text.match(new RegExp(`.{1,${size}}`, 'g'))?.join('-') ?? '';
}
