/** The fixed codes of deflate and what its symbols stand for (RFC 1951 §3.2.5 and §3.2.6). */

export const maxMatch = 258;
export const maxDistance = 32_768;
export const endOfBlock = 256;
/** The first of the 29 symbols of match lengths. */
export const firstLength = 257;

/** Bits of the code of each literal and length symbol. */
export const codeLengths = Uint8Array.from({ length: 288 }, (_, symbol) =>
  symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
);

/** Huffman codes go out most significant bit first, all else least significant first: these are turned round. */
const codes = Uint16Array.from({ length: 288 }, (_, symbol) => {
  const base = symbol < 144 ? 0x30 : symbol < 256 ? 0x190 - 144 : symbol < 280 ? -256 : 0xc0 - 280;
  return reversed(base + symbol, codeLengths[symbol] as number);
});

export function code(symbol: number): number {
  return codes[symbol] as number;
}

const distanceCodes = Uint8Array.from({ length: 32 }, (_, slot) => reversed(slot, 5));

/** The five bits of a distance's slot; its own inverse. */
export function distanceCode(slot: number): number {
  return distanceCodes[slot] as number;
}

/** Extra bits of each length slot, and the shortest match of each. */
export const lengthExtra = Uint8Array.from({ length: 29 }, (_, slot) =>
  slot < 8 || slot === 28 ? 0 : (slot >> 2) - 1,
);
export const lengthBases = Uint16Array.from({ length: 29 }, (_, slot) =>
  slot === 28 ? maxMatch : slot < 8 ? slot + 3 : ((4 + (slot & 3)) << ((slot >> 2) - 1)) + 3,
);
export const distanceExtra = Uint8Array.from({ length: 30 }, (_, slot) => (slot < 4 ? 0 : (slot >> 1) - 1));
export const distanceBases = Uint16Array.from({ length: 30 }, (_, slot) =>
  slot < 4 ? slot + 1 : ((2 + (slot & 1)) << ((slot >> 1) - 1)) + 1,
);

export const lengthSlots = slots(lengthBases, maxMatch);
export const distanceSlots = slots(distanceBases, maxDistance);

/** By value, the last slot whose base is not above it. */
function slots(bases: Uint16Array, limit: number): Uint8Array {
  let slot = 0;
  return Uint8Array.from({ length: limit + 1 }, (_, value) => {
    if (value >= (bases[slot + 1] ?? Number.POSITIVE_INFINITY)) slot++;
    return slot;
  });
}

function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}
