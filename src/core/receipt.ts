/** Receipts: what the server tells a client of its messages, and how the client checks the proof. */
import { createHash } from 'node:crypto';
import type { Outcome, Receipt } from './message.ts';
import type { DueReceipt } from './ports.ts';

/** The name in a receipt of an SDC that could not be opened: the first 8 bytes of SHA-256 over its bytes. */
export function sdcHash(sdc: Uint8Array): Uint8Array {
  return createHash('sha256').update(sdc).digest().subarray(0, 8);
}

/** SHA-256 over the payload digests of the filed messages, in their order; empty where none was filed. */
export function proofDigest(digests: readonly Uint8Array[]): Uint8Array {
  if (digests.length === 0) return new Uint8Array();
  const hash = createHash('sha256');
  for (const digest of digests) hash.update(digest);
  return hash.digest();
}

export function receiptOf({ about, outcomes }: DueReceipt): Receipt {
  return { about, outcomes: outcomes.map(toldOutcome) };
}

/**
 * What the peer learns of a refusal. Whoever cannot be trusted is told nothing but "refused": which check failed
 * would guide a forger. The journal keeps the reason.
 */
export function toldOutcome(outcome: Outcome): Outcome {
  const isSecret =
    outcome.kind === 'refused' &&
    outcome.reason !== undefined &&
    /^(sdc|certificate|client-unknown|question-date|internal)/.test(outcome.reason.code);
  return isSecret ? { kind: 'refused' } : outcome;
}
