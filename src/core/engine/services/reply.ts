/** What a service gives back: what the answers say, before they are addressed and sealed. */
import type { Answer, ReceiptMessage } from '../../message.ts';

/** Distributes over the union, where Omit alone would leave what all have in common. */
type Body<M> = M extends M ? Omit<M, 'id' | 'recipient' | 'at'> : never;

export type AnswerBody = Body<Answer | ReceiptMessage>;

export interface Reply {
  /** In the order in which they are sent; none: the answer comes later. */
  readonly bodies: readonly AnswerBody[];
  /** Records of the centre in them: they are paid before they are sent. */
  readonly read?: number;
}
