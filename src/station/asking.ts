/**
 * Questions to the server. A question is sealed once and kept in the station's database until its answer has come:
 * whichever process has the link sends it, the same bytes again after a while, and takes the answer in.
 */
import { hash } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import type { Answer, Head, MessageId, Outcome, Request } from '../core/message.ts';
import { MessageIds } from '../core/message-id.ts';
import { pause } from '../core/pause.ts';
import type { Clock, PublicKeyRef, Sealer } from '../core/ports.ts';
import type { AskedProgress, Reply, StationStore } from '../core/station-ports.ts';
import { isRecord } from '../core/structured-record.ts';
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
 * Seals a question and keeps it, and resolves as `answerTo` does. Rejects with `sdc-payload` what no server would read.
 */
export async function ask(
  parts: AskingParts,
  question: Question,
  signal: AbortSignal,
  onProgress?: (progress: AskedProgress) => void,
): Promise<readonly Answer[] | Outcome> {
  const id = await keepQuestion(parts, question);
  const answer = await answerTo(parts.store, id, signal, onProgress);
  await parts.store.markTaken(id, parts.clock.now());
  return answer;
}

/** Returns its id; that of the same question where its answer is still awaited, or was told to nobody. */
export async function keepQuestion(
  { clock, server, store, sealer }: AskingParts,
  question: Question,
): Promise<MessageId> {
  const questionHash = hashOf(question);
  const same = questionHash && (await store.sameAsked(questionHash, clock.now()));
  if (same) return same;
  const at = Math.floor(clock.now() / 1000);
  const head: Head = { id: new MessageIds().next(at), recipient: server.keyId, at };
  const message: Request = { ...question, ...head };
  const [sealed] = await sealer.seal([{ message, recipient: server }]);
  if (!sealed) throw new XmError('internal-fault', { detail: 'nothing sealed' });
  const { service } = message;
  await store.keepAsked(
    { messageId: head.id, service, sdc: sealed.sdc },
    {
      ...(questionHash ? { questionHash } : {}),
      ...(service === 'MESSAGE' ? { note: { subject: message.subject, text: message.text } } : {}),
    },
  );
  return head.id;
}

/** Undefined where a password is in it: whoever reads the database could try them. */
function hashOf(question: Question): Uint8Array | undefined {
  const { service } = question;
  if (service === 'PASSWORD' || service === 'ENROL') return undefined;
  return hash('sha256', JSON.stringify(question, hashable), 'buffer');
}

function hashable(_name: string, value: unknown): unknown {
  if (isRecord(value)) return [...value];
  return typeof value === 'bigint' ? `${value}n` : value;
}

/**
 * Resolves with the answer: messages, those of ROWS in their order; or what the receipt says, where something was to be
 * done or the question was refused. Rejects with the reason of `signal` when that is aborted: the question stays, and its
 * answer is stored when it comes.
 */
export async function answerTo(
  store: StationStore,
  id: MessageId,
  signal: AbortSignal,
  onProgress?: (progress: AskedProgress) => void,
): Promise<readonly Answer[] | Outcome> {
  let change = Promise.withResolvers<void>();
  const listening = await store.listen(() => {
    change.resolve();
    change = Promise.withResolvers<void>();
  });
  try {
    while (true) {
      const { promise } = change;
      const reply = await store.replyTo(id);
      if (reply) return contentOf(reply);
      signal.throwIfAborted();
      if (onProgress) onProgress(await store.progressOf(id));
      await pause(undefined, signal, promise);
    }
  } finally {
    await listening.close();
  }
}

function contentOf(reply: Reply): readonly Answer[] | Outcome {
  return 'outcome' in reply ? reply.outcome : reply.signed.map(signed => messageIn(signed) as Answer);
}
