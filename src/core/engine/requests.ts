/**
 * Questions answered. They are stored with the attempt and taken here: each is opened again, judged by what holds now,
 * answered, paid for where it reads records of the centre, sealed and stored in one transaction. Whatever is cut off is
 * done again, and has no other effect. Several are in hand at once, one of each client: a slow one holds up no other.
 */
import { randomBytes } from 'node:crypto';
import { XmError } from '../errors.ts';
import type { Message, Request } from '../message.ts';
import type {
  ClientAccess,
  Clock,
  DocumentStore,
  Opener,
  OpenRequest,
  PublicKeyRef,
  Reason,
  Sealer,
} from '../ports.ts';
import { numeroColumn } from '../record.ts';
import {
  type Affairs,
  keyOf,
  type Library,
  type PaidQuestion,
  type ReadKeyRequest,
} from '../service-ports.ts';
import type { Directory } from './directory.ts';
import { datedServices, judge } from './judge.ts';
import { Patience } from './patience.ts';
import { answerAccount } from './services/account.ts';
import { answerCertify } from './services/certify.ts';
import { answerEnrol } from './services/enrol.ts';
import { answerImport } from './services/import.ts';
import { answerNote } from './services/note.ts';
import { answerPassword } from './services/password.ts';
import { answerProfile } from './services/profile.ts';
import { type AnswerBody, type Reply, refusal } from './services/reply.ts';
import type { Structures } from './structures.ts';
import { Worker } from './worker.ts';

/** In hand at once. */
const lanes = 8;
/** Taken at once: in a rush looking for them costs more than many answers. */
const takeLimit = 32;
/** After this a dead engine's questions are free for another. All that is taken is answered by then, or refused. */
const leaseMs = 60_000;
/** A question that fails so often while the database answers is refused as an internal fault. */
const failureLimit = 4;
/** Bytes of an SDC that every receiver accepts, and that one which takes batches does (ports.ts, Closed). */
const sdcLimits = { single: 16_384, batch: 65_536 } as const;

export interface RequestsParts {
  readonly clock: Clock;
  readonly documents: Pick<DocumentStore, 'takeRequests' | 'answerRequest'>;
  readonly directory: Directory;
  readonly structures: Structures;
  readonly opener: Opener;
  readonly sealer: Sealer;
  readonly library: Library;
  readonly affairs: Affairs;
  readonly readRequest: ReadKeyRequest;
  /** Answers wait in the outbox. */
  readonly onAnswered: () => void;
  readonly onTrouble: (error: unknown) => void;
}

/** A question that can be answered, if only by a refusal. */
interface Asked {
  readonly message: Request;
  /** Undefined: a stranger's, who asks for a certificate. */
  readonly client: ClientAccess | undefined;
  readonly recipient: PublicKeyRef;
  /** Why not, by the rules that hold now: rights and structures may have changed since it was asked. */
  readonly refuse?: Reason;
}

export class Requests extends Worker {
  readonly #parts: RequestsParts;
  /** Taken, and not begun. */
  #taken: OpenRequest[] = [];
  readonly #inHand = new Set<Promise<void>>();

  constructor(parts: RequestsParts) {
    super(parts.onTrouble);
    this.#parts = parts;
  }

  override async stop(): Promise<void> {
    await super.stop();
    await Promise.all(this.#inHand);
  }

  /** Takes what is open as long as there is room; a question that is done makes room, and wakes us. */
  protected override async work(): Promise<void> {
    while (!this.ending.aborted && this.#inHand.size < lanes) {
      if (this.#taken.length === 0) {
        this.#taken = await this.#parts.documents.takeRequests(takeLimit, leaseMs);
      }
      const request = this.#taken.shift();
      if (!request) return;
      this.#begin(request);
    }
  }

  #begin(request: OpenRequest): void {
    const answering = this.#answer(request).finally(() => {
      this.#inHand.delete(answering);
      this.wake();
    });
    this.#inHand.add(answering);
  }

  /** Never rejects; where stopping makes it give up, the question's lease ends and it is taken again. */
  async #answer(request: OpenRequest): Promise<void> {
    const { documents, onAnswered, onTrouble } = this.#parts;
    const patience = new Patience();
    for (let failures = 0; !this.ending.aborted; ) {
      try {
        // Not even a refusal could be sealed: what cannot be answered must not come back for ever.
        if (failures > failureLimit) await documents.answerRequest(request.client, request.messageId, []);
        else await this.#attempt(request, failures === failureLimit);
        if (patience.attempts > 0) onTrouble(undefined);
        onAnswered();
        return;
      } catch (error) {
        onTrouble(error);
        if (!isOutage(error)) failures++;
        await patience.pause(this.ending);
      }
    }
  }

  /** `isHopeless`: it is not tried again, but refused. */
  async #attempt(request: OpenRequest, isHopeless: boolean): Promise<void> {
    const { documents } = this.#parts;
    const { client, messageId, service } = request;
    const asked = await this.#open(request);
    // Nobody is there whom an answer could be sealed to.
    if (!asked) return documents.answerRequest(client, messageId, []);
    let sdcs: readonly Uint8Array[];
    try {
      if (isHopeless) throw new XmError('internal-fault', { detail: request.service });
      if (asked.refuse) throw new XmError(asked.refuse.code, asked.refuse.params);
      sdcs = await this.#served(request, asked);
    } catch (error) {
      if (!isRefusal(error) && !isHopeless) throw error;
      const { code, params } = error as XmError;
      sdcs = await this.#seal(asked, refusal(messageId, { code, params }));
    }
    await documents.answerRequest(
      client,
      messageId,
      sdcs.map(sdc => ({ sdc })),
      undefined,
      datedServices.has(service) ? asked.message.at * 1000 : undefined,
    );
  }

  async #open({ client: matricule, sdc }: OpenRequest): Promise<Asked | undefined> {
    const { directory, opener, structures, clock, readRequest } = this.#parts;
    const [result] = await opener.open([{ sdc, isBatch: true }], async ids => [
      ...(await directory.signers(ids)).values(),
    ]);
    if (!result?.ok || !isQuestion(result.message)) return undefined;
    const { message } = result;
    const signers = await directory.signers([result.signer]);
    const clients = await directory.clients([matricule, ...[...signers.values()].map(one => one.matricule)]);
    const tables = await structures.current();
    const { client, verdict } = judge(result, { signers, clients, tables, now: clock.now() });
    const refuse = 'refuse' in verdict ? { refuse: verdict.refuse } : {};
    if (client) return { message, client, recipient: client.recipient, ...refuse };
    if (message.service !== 'ENROL') return undefined;
    return { message, client, recipient: keyOf(readRequest(message.request)), ...refuse };
  }

  /** `most`: records of the centre that can be paid. */
  async #serve({ message, client }: Asked, most: number): Promise<Reply> {
    const { affairs, library, structures, readRequest } = this.#parts;
    if (message.service === 'ENROL') {
      return answerEnrol(message, client?.matricule, affairs, readRequest);
    }
    if (!client) throw new XmError('client-unknown', { client: 0 });
    const tables = await structures.current();
    switch (message.service) {
      case 'IMPORT':
        return answerImport(message, client, tables, library, most);
      case 'CERTIFY':
        return answerCertify(message, tables, library);
      case 'ACCOUNT':
        return answerAccount(message, client.matricule, affairs);
      case 'PROFILE':
        return this.#changed(answerProfile(message, client.matricule, affairs));
      case 'PASSWORD':
        return this.#changed(answerPassword(message, client.matricule, affairs));
      case 'MESSAGE':
        return answerNote(message, client.matricule, affairs);
    }
  }

  /** What the client asks next, he asks as he is then, also where the database has not told of the change yet. */
  async #changed(reply: Promise<Reply>): Promise<Reply> {
    const done = await reply;
    this.#parts.directory.forget();
    return done;
  }

  /**
   * Sealed, and paid for where it reads records of the centre: of those, as many as can be paid, which is known for sure
   * only when they are sealed. Throws `account-empty`, `quota-reached`, `answer-too-large`, and what is wrong with the
   * question.
   */
  async #served(request: OpenRequest, asked: Asked): Promise<Uint8Array[]> {
    const { affairs } = this.#parts;
    const { service } = asked.message;
    let most =
      service === 'IMPORT'
        ? await affairs.affordable(paidQuestion(request, service))
        : Number.POSITIVE_INFINITY;
    while (true) {
      const reply = await this.#serve(asked, most);
      const sdcs = await this.#seal(asked, reply);
      const { read } = reply;
      if (read === undefined || (service !== 'IMPORT' && service !== 'CERTIFY')) return sdcs;
      const bytes = sdcs.reduce((sum, sdc) => sum + sdc.length, 0);
      const paid = await affairs.prepay({ ...paidQuestion(request, service), records: read, bytes });
      // Another engine may have been paid for more, or for less, under this message.
      if (read <= paid && paid <= most) return sdcs;
      most = paid;
    }
  }

  /** Throws `answer-too-large`. */
  async #seal({ client, recipient }: Asked, { bodies }: Reply): Promise<Uint8Array[]> {
    const at = Math.floor(this.#parts.clock.now() / 1000);
    const messages = bodies.map(body => ({
      recipient,
      message: { ...body, id: randomBytes(8), recipient: recipient.keyId, at } as Message,
    }));
    const sealed = await this.#parts.sealer.seal(messages);
    const limit = client?.batch ? sdcLimits.batch : sdcLimits.single;
    const tooLarge = sealed.findIndex(({ sdc }) => sdc.length > limit);
    if (tooLarge >= 0) throw new XmError('answer-too-large', { numero: numeroIn(bodies[tooLarge]) });
    return sealed.map(({ sdc }) => sdc);
  }
}

const questions: ReadonlySet<Message['service']> = new Set<Request['service']>([
  'IMPORT',
  'CERTIFY',
  'ACCOUNT',
  'PROFILE',
  'PASSWORD',
  'MESSAGE',
  'ENROL',
]);

function paidQuestion(
  { client, messageId, at }: OpenRequest,
  service: PaidQuestion['service'],
): PaidQuestion {
  return { client, messageId, service, askedAt: at };
}

function isQuestion(message: Message): message is Request {
  return questions.has(message.service);
}

/** The databases, or the network to them: the same can be done again. */
function isOutage(error: unknown): boolean {
  return error instanceof XmError && error.code.startsWith('database-');
}

/** An error that speaks of the question, not of us. */
function isRefusal(error: unknown): error is XmError {
  return error instanceof XmError && !/^(database|internal|link)-/.test(error.code);
}

function numeroIn(body: AnswerBody | undefined): number {
  const [record] = body?.service === 'ROWS' ? body.records : [];
  return Number(record?.get(numeroColumn) ?? 0);
}
