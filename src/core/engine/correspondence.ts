/**
 * Letters out: what people and rules of the centre have to tell clients, and what became of certificate requests. They
 * wait in XMServerSystem and go into the outbox in XMServerData: posted there once under their key, then marked here. A
 * broker acknowledges also what it has nobody to keep for, and no receipt tells of letters: so each goes out once more
 * when its client is heard from.
 */
import { randomBytes } from 'node:crypto';
import { faultText } from '../errors.ts';
import type { CertificateMessage, Message } from '../message.ts';
import type { ClientAccess, Clock, PublicKeyRef, Sealer } from '../ports.ts';
import { keyOf, type Letter, type Letters, type Post, type ReadKeyRequest } from '../service-ports.ts';
import type { Directory } from './directory.ts';
import { type AnswerBody, refusal } from './services/reply.ts';
import { Worker } from './worker.ts';

const batchLimit = 100;
/** Letters that go once more in one transaction. */
const repeatLimit = 1_000;

export interface CorrespondenceParts {
  readonly clock: Clock;
  readonly letters: Letters;
  readonly post: Post;
  readonly directory: Directory;
  readonly sealer: Sealer;
  readonly readRequest: ReadKeyRequest;
  /** Certificates above a client's own, DER, the nearest first; asked each time, for roots are renewed. At most 7. */
  readonly authorities: (now: number) => readonly Uint8Array[];
  readonly onPosted: () => void;
  readonly onTrouble: (error: unknown) => void;
  readonly log: (line: string) => void;
}

export class Correspondence extends Worker {
  readonly #parts: CorrespondenceParts;
  /** Clients may have been heard from: that is looked for in each cycle, not with each new letter. */
  #looks = true;

  constructor(parts: CorrespondenceParts) {
    super(parts.onTrouble);
    this.#parts = parts;
    parts.letters.onLetters(() => super.wake());
  }

  override wake(): void {
    this.#looks = true;
    super.wake();
  }

  protected override async work(): Promise<void> {
    await this.#post();
    await this.#repeat();
  }

  /** All that wait, once: those that cannot be sealed stay for the next cycle, and hold up nobody. */
  async #post(): Promise<void> {
    const { letters, post, directory, onPosted } = this.#parts;
    const after: { [kind in Letter['kind']]?: bigint } = {};
    const told = new Set<number>();
    while (!this.ending.aborted) {
      const waiting = await letters.letters(batchLimit, after);
      if (waiting.length === 0) return;
      for (const { kind, id } of waiting) after[kind] = id;
      const clients = await directory.clients(waiting.map(({ client }) => client));
      const sealed = await Promise.all(
        waiting.map(letter => this.#sealed(letter, clients.get(letter.client), told)),
      );
      const posted = waiting.flatMap((letter, i) => {
        const sdc = sealed[i];
        return sdc ? [{ letter, sdc }] : [];
      });
      if (posted.length === 0) continue;
      await post.post(
        posted.map(({ letter: { key, client, body }, sdc }) => ({
          key,
          client,
          sdc,
          ...(body.service === 'ENROL' ? { about: body.about } : {}),
        })),
      );
      await letters.handedOn(posted.map(({ letter }) => letter));
      onPosted();
    }
  }

  async #repeat(): Promise<void> {
    const { post, onPosted } = this.#parts;
    while (this.#looks && !this.ending.aborted) {
      this.#looks = false;
      let count = repeatLimit;
      try {
        count = await post.repeat(repeatLimit);
      } finally {
        this.#looks ||= count === repeatLimit;
      }
      if (count > 0) onPosted();
    }
  }

  /** Undefined: there is no key that it could be sealed to, which is told in the log, once for each client in `told`. */
  async #sealed(
    letter: Letter,
    client: ClientAccess | undefined,
    told: Set<number>,
  ): Promise<Uint8Array | undefined> {
    const { clock, sealer, log } = this.#parts;
    try {
      const recipient = this.#recipientOf(letter, client);
      if (!recipient) return undefined;
      const at = Math.floor(clock.now() / 1000);
      const head = { id: randomBytes(8), recipient: recipient.keyId, at };
      const message = { ...this.#bodyOf(letter), ...head } as Message;
      const [sealed] = await sealer.seal([{ message, recipient }]);
      return sealed?.sdc;
    } catch (error) {
      if (!told.has(letter.client)) {
        log(`${letter.key} to client ${letter.client} cannot be sealed: ${faultText(error)}`);
      }
      told.add(letter.client);
      return undefined;
    }
  }

  #recipientOf({ body }: Letter, client: ClientAccess | undefined): PublicKeyRef | undefined {
    return body.service === 'ENROL' ? keyOf(this.#parts.readRequest(body.request)) : client?.recipient;
  }

  #bodyOf({ body }: Letter): AnswerBody {
    if (body.service !== 'ENROL') return body;
    const { about, certificate, reason } = body;
    if (certificate) {
      const above = this.#parts.authorities(this.#parts.clock.now());
      const certificates: CertificateMessage['certificates'] = [certificate, ...above];
      return { service: 'CERTIFICATE', about, certificates };
    }
    const refused = refusal(about, { code: 'enrolment-refused', params: { detail: reason ?? '' } });
    return refused.bodies[0] as AnswerBody;
  }
}
