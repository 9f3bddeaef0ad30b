/** Certificates that come to their end: told 60 days before, and again each week. */

export interface Expiring {
  /** Whose it is: of several with one owner only the one that ends last counts, the others have been renewed. */
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly notAfter: number;
}

export interface ExpiryWarning<T extends Expiring> {
  readonly certificate: T;
  /** Whole days that are left; negative: it has ended. */
  readonly daysLeft: number;
  /** Week of warning, from 0: who has told this one waits for the next. */
  readonly week: number;
}

const dayMs = 86_400_000;
export const firstWarningMs = 60 * dayMs;

/** The warnings of this moment, the most urgent first. */
export function expiryWarnings<T extends Expiring>(
  certificates: readonly T[],
  now: number,
): ExpiryWarning<T>[] {
  const last = new Map<string, T>();
  for (const certificate of certificates) {
    const known = last.get(certificate.owner);
    if (!known || known.notAfter < certificate.notAfter) last.set(certificate.owner, certificate);
  }
  return [...last.values()]
    .map(certificate => {
      const left = certificate.notAfter - now;
      return {
        certificate,
        daysLeft: Math.floor(left / dayMs),
        week: Math.floor((firstWarningMs - left) / (7 * dayMs)),
      };
    })
    .filter(({ week }) => week >= 0)
    .sort((a, b) => a.certificate.notAfter - b.certificate.notAfter);
}
