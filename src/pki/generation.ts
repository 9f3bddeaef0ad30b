/**
 * Renewal with an overlap in both directions. Who renews goes on with the old key until the others can know the new
 * one; whoever has the new certificate uses it at once; all accept both until each one's own end.
 */

/** A key with the period of its certificate; milliseconds since 1970. */
export interface Generation {
  readonly notBefore: number;
  readonly notAfter: number;
  readonly revokedAt?: number | undefined;
}

/** What may open and verify: all that are in date and not revoked, the newest first. */
export function accepted<T extends Generation>(generations: readonly T[], now: number): T[] {
  return generations
    .filter(
      one =>
        one.notBefore <= now && now <= one.notAfter && !(one.revokedAt !== undefined && one.revokedAt <= now),
    )
    .sort((a, b) => b.notBefore - a.notBefore || b.notAfter - a.notAfter);
}

/** What to seal to: the newest of a peer's certificates. Undefined: it has none in date. */
export function recipientOf<T extends Generation>(generations: readonly T[], now: number): T | undefined {
  return accepted(generations, now)[0];
}

/**
 * What to sign with: the newest key that the others have had `leadMs` to learn of; where none is that old, the oldest.
 * Undefined: there is none in date.
 */
export function signerOf<T extends Generation>(
  generations: readonly T[],
  now: number,
  leadMs: number,
): T | undefined {
  const usable = accepted(generations, now);
  return usable.find(one => one.notBefore + leadMs <= now) ?? usable.at(-1);
}
