/** What a service gives back: what the answers say, before they are addressed and sealed. */
import type { Answer, MessageId, ReceiptMessage } from '../../message.ts';
import type { Reason } from '../../ports.ts';
import { toldOutcome } from '../../receipt.ts';

/** Distributes over the union, where Omit alone would leave what all have in common. */
type Body<M> = M extends M ? Omit<M, 'id' | 'recipient' | 'at'> : never;

export type AnswerBody = Body<Answer | ReceiptMessage>;

export interface Reply {
  /** In the order in which they are sent. */
  readonly bodies: readonly AnswerBody[];
  /** Records of the centre in them: they are paid before they are sent. */
  readonly read?: number;
}

/** Nothing was filed, so there is nothing to prove. */
const noProof = new Uint8Array();

/** The question was carried out. */
export function done(about: MessageId): Reply {
  return {
    bodies: [{ service: 'RECEIPT', receipts: [{ about, outcomes: [{ kind: 'done' }] }], digest: noProof }],
  };
}

/** It was not, and why. */
export function refusal(about: MessageId, reason: Reason): Reply {
  const outcome = toldOutcome({ kind: 'refused', reason });
  return { bodies: [{ service: 'RECEIPT', receipts: [{ about, outcomes: [outcome] }], digest: noProof }] };
}
