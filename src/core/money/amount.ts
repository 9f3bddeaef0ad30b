/** Amounts as people write them: whole numbers of the currency's smallest unit inside. */
import { XmError } from '../errors.ts';

export interface Currency {
  /** ISO 4217. */
  readonly code: string;
  /** Digits of its smallest unit: none for XAF, two for EUR. */
  readonly decimals: number;
}

/** What a single movement may be, either way: far above any fee, and far below what 64 bits hold of their sum. */
export const largestAmount = 10n ** 13n;

/**
 * `12500`, `12 500`, and with a currency that has decimals `12,50` or `12.5`, with a sign before it. Thousands are set
 * apart by blanks alone: a point or comma that could be read in two ways is refused. Throws `amount-invalid`.
 */
export function parseAmount(text: string, { decimals }: Currency): bigint {
  const match = /^([+\-−]?)(\d+|\d{1,3}(?:[ \u00A0\u202F]\d{3})+)(?:[.,](\d+))?$/.exec(text.trim());
  const fraction = match?.[3] ?? '';
  if (!match || fraction.length > decimals) throw invalid(text);
  const digits = (match[2] ?? '').replace(/\D/g, '') + fraction.padEnd(decimals, '0');
  const amount = BigInt(digits);
  if (amount > largestAmount) throw invalid(text);
  return match[1] === '' || match[1] === '+' ? amount : -amount;
}

/** `-1234.50`, for programs and for errors; screens have src/text/format.ts. */
export function plainAmount(amount: bigint, { decimals }: Currency): string {
  const digits = String(amount < 0n ? -amount : amount).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  return `${amount < 0n ? '-' : ''}${whole}${decimals > 0 ? `.${fraction}` : ''}`;
}

/** Not zero, and within what a movement may be. Throws `amount-invalid`. */
export function requireAmount(amount: bigint, currency: Currency): void {
  const size = amount < 0n ? -amount : amount;
  if (size === 0n || size > largestAmount) throw invalid(plainAmount(amount, currency));
}

function invalid(amount: string): XmError {
  return new XmError('amount-invalid', { amount });
}
