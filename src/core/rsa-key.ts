/** RSA keys that are taken: 2 048 to 8 192 bits, and an exponent as programs make them. */
import type { KeyObject } from 'node:crypto';

const bits = { least: 2048, most: 8192 } as const;
/** With 1 everybody can sign. Programs take 3 or 65 537; Windows reads no more than 32 bits. */
const exponent = { least: 3n, most: 2n ** 32n - 1n } as const;

/**
 * Longer ones only cost, and whoever sends a key chooses what verifying with it costs: 26 ms with 3 072 bits and an
 * exponent as long, 15 ms with 16 384 bits, against 0.1 ms.
 */
export function isSuitableRsa({ modulusLength = 0, publicExponent = 0n }: KeyDetails): boolean {
  return (
    modulusLength >= bits.least &&
    modulusLength <= bits.most &&
    publicExponent >= exponent.least &&
    publicExponent <= exponent.most
  );
}

type KeyDetails = NonNullable<KeyObject['asymmetricKeyDetails']>;
