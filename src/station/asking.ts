/**
 * Questions to the server. A question is sealed once and kept in the station's database until its answer has come:
 * whichever process has the link sends it, the same bytes again after a while, and takes the answer in.
 */
import { randomBytes } from 'node:crypto';
import type { Answer, Head, Outcome, Request } from '../core/message.ts';
import { pause } from '../core/pause.ts';
import type { Clock, PublicKeyRef, Sealer } from '../core/ports.ts';
import type { Reply, StationStore } from '../core/station-ports.ts';
import { messageIn } from '../sdc/opener.ts';

export interface AskingParts {
  readonly clock: Clock;
  /** Whom questions are sealed to: the newest of the server's keys. */
  readonly server: PublicKeyRef;
  readonly store: StationStore;
  readonly sealer: Sealer;
}

/** What is asked; the head is made when it is sealed. */
export type Question = Request extends infer R ? (R extends Request ? Omit<R, keyof Head> : never) : never;

/**
 * Resolves with the answer: messages, those of ROWS in their order; or what the receipt says, where something was to be
 * done or the question was refused. Rejects with the reason of `signal` when that is aborted: the question stays, and its
 * answer is stored when it comes; and with `sdc-payload` what no server would read.
 */
export async function ask(
  { clock, server, store, sealer }: AskingParts,
  question: Question,
  signal: AbortSignal,
): Promise<readonly Answer[] | Outcome> {
  let change = Promise.withResolvers<void>();
  const listening = await store.listen(() => {
    change.resolve();
    change = Promise.withResolvers<void>();
  });
  try {
    const head: Head = { id: randomBytes(8), recipient: server.keyId, at: Math.floor(clock.now() / 1000) };
    const message: Request = { ...question, ...head };
    const [sealed] = await sealer.seal([{ message, recipient: server }]);
    if (sealed) await store.keepAsked({ messageId: head.id, service: message.service, sdc: sealed.sdc });
    while (true) {
      const { promise } = change;
      const reply = await store.replyTo(head.id);
      if (reply) return contentOf(reply);
      signal.throwIfAborted();
      await pause(undefined, signal, promise);
    }
  } finally {
    await listening.close();
  }
}

function contentOf(reply: Reply): readonly Answer[] | Outcome {
  return 'outcome' in reply ? reply.outcome : reply.signed.map(signed => messageIn(signed) as Answer);
}
