/** How large a message may be: looked at before anything is parsed, and while it inflates. */

export interface SizeLimit {
  /** Bytes of the SDC as DER. */
  readonly der: number;
  /** Bytes of the map. */
  readonly map: number;
}

/** Of a message of one record. */
const ordinary: SizeLimit = { der: 16_384, map: 65_536 };
/** Of several records in one SDC. */
export const batchLimit: SizeLimit = { der: 65_536, map: 1_048_576 };
/** Of the map of an ENROL, by whoever nobody knows: its request is a few hundred bytes, with an RSA key 1 or 2 KB. */
export const strangerMap = 9_000;

export function limitOf(isBatch: boolean): SizeLimit {
  return isBatch ? batchLimit : ordinary;
}

/** Bytes of the maps that are held at once, of all messages that are opened together. */
export const heldLimit = 4 << 20;

/** The larger of the two where it exceeds what a message of one record may have. */
export function oversizeOf({ der, map }: SizeLimit): number | undefined {
  return der > ordinary.der || map > ordinary.map ? Math.max(der, map) : undefined;
}
