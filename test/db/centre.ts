/** A centre without a broker: its databases, its intake, and what answers questions; offices that ask them. */
import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { Correspondence } from '../../src/core/engine/correspondence.ts';
import { Directory } from '../../src/core/engine/directory.ts';
import { Intake } from '../../src/core/engine/intake.ts';
import { Requests, type RequestsParts } from '../../src/core/engine/requests.ts';
import { Structures } from '../../src/core/engine/structures.ts';
import { faultText } from '../../src/core/errors.ts';
import type { ExportMessage, Message, Outcome, Request, Service } from '../../src/core/message.ts';
import type { ArrivalOutcome } from '../../src/core/ports.ts';
import { PostgresAffairs } from '../../src/db/affairs.ts';
import type { Database } from '../../src/db/database.ts';
import { PostgresDocumentStore } from '../../src/db/document-store.ts';
import { PostgresLibrary } from '../../src/db/library.ts';
import { PostgresSystemStore } from '../../src/db/system-store.ts';
import { createAuthority, issueCertificate } from '../../src/pki/authority.ts';
import { readRequest } from '../../src/pki/request.ts';
import { createOpener } from '../../src/sdc/opener.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import { type Identity, identity } from '../sdc/identity.ts';
import { clone } from './databases.ts';

type Question<R = Request | ExportMessage> = R extends R ? Omit<R, 'id' | 'recipient' | 'at'> : never;

export interface Office {
  readonly matricule: number;
  readonly key: Identity;
}

export interface OfficeOptions {
  readonly status?: number;
  readonly batch?: boolean;
  readonly reads?: readonly string[];
  /** Without a certificate. */
  readonly isNew?: boolean;
}

const dayMs = 86_400_000;

export async function makeCentre(changed: Partial<RequestsParts> = {}): Promise<Centre> {
  const centre = new Centre(await clone('XMServerSystem'), await clone('XMServerData', 12), changed);
  await centre.begin();
  return centre;
}

export class Centre {
  readonly system: Database;
  readonly data: Database;
  readonly documents: PostgresDocumentStore;
  readonly affairs: PostgresAffairs;
  readonly key = identity();
  authority = createAuthority({ commonName: 'Test CA', now: Date.now(), years: 10 });
  authorities = (_now: number): readonly Uint8Array[] => [this.authority.certificate.der];
  readonly #store: PostgresSystemStore;
  readonly #intake: Intake;
  readonly #events = new EventEmitter().setMaxListeners(0);
  requests: Requests;
  readonly correspondence: Correspondence;
  answerDays = 180;
  readonly troubles: unknown[] = [];
  readonly log: string[] = [];
  readonly #outcomes = new Map<string, ArrivalOutcome>();
  readonly #parts: RequestsParts;

  constructor(system: Database, data: Database, changed: Partial<RequestsParts>) {
    this.system = system;
    this.data = data;
    this.documents = new PostgresDocumentStore(data);
    this.#store = new PostgresSystemStore(system);
    this.affairs = new PostgresAffairs(system, listener => this.#store.onLetters(listener));
    const shared = {
      clock: Date,
      opener: createOpener({ recipients: [this.key] }),
      sealer: createSealer({ signer: this.key }),
      documents: this.documents,
      directory: new Directory(this.#store),
      structures: new Structures(this.documents),
      readRequest,
      onTrouble: (error: unknown) => {
        if (error !== undefined) this.troubles.push(error);
      },
    };
    this.#intake = new Intake({
      ...shared,
      answerDays: () => this.answerDays,
      onFiled: (arrivals, outcomes) => {
        for (const [i, { sdc }] of arrivals.entries()) {
          this.#outcomes.set(Buffer.from(sdc).toString('base64'), outcomes[i] as ArrivalOutcome);
        }
        this.requests.wake();
      },
    });
    this.#parts = {
      ...shared,
      library: new PostgresLibrary(data),
      affairs: this.affairs,
      onAnswered: () => this.#events.emit('answered'),
      ...changed,
    };
    this.requests = new Requests(this.#parts);
    this.correspondence = new Correspondence({
      ...shared,
      letters: this.affairs,
      post: this.documents,
      authorities: now => this.authorities(now),
      onPosted: () => this.#events.emit('posted'),
      log: line => this.log.push(line),
    });
  }

  async begin(): Promise<void> {
    await this.#store.onCommand('test', () => undefined);
    this.#intake.start();
    this.requests.start();
    this.correspondence.start();
  }

  async close(): Promise<void> {
    await this.#intake.stop();
    await Promise.all([this.requests.stop(), this.correspondence.stop(), this.#store.close()]);
  }

  /** The worker that answers stops, as with its process, and another begins. */
  async restart(changed: Partial<RequestsParts> = {}): Promise<void> {
    await this.requests.stop();
    await this.data.query('update xms.request set leased_until = null where answered_at is null');
    this.requests = new Requests({ ...this.#parts, ...changed });
    this.requests.start();
  }

  /** Changes clients or rights; resolves when the centre has been told. */
  async change(statement: string, parameters: readonly unknown[]): Promise<void> {
    const told = Promise.withResolvers<void>();
    this.#store.onDirectoryChange(told.resolve);
    await this.system.query(statement, parameters);
    await told.promise;
  }

  async office({
    status = 3,
    batch = false,
    reads = ['Naissance'],
    isNew = false,
  }: OfficeOptions = {}): Promise<Office> {
    const [row] = await this.system.query<{ matricule: number }>(
      `insert into client (nom, status, batch) values ('Centre', $1, $2) returning matricule`,
      [status, batch],
    );
    const { matricule } = row as { matricule: number };
    const key = identity();
    await this.system.query('insert into account (client) values ($1)', [matricule]);
    await this.system.query(
      `insert into access_right (client, table_name, may_read) select $1, t, true from unnest($2::text[]) t`,
      [matricule, reads],
    );
    if (!isNew) await this.certify(matricule, key);
    return { matricule, key };
  }

  async certify(matricule: number, { keyId, spki }: Identity): Promise<void> {
    await this.system.query(
      `insert into certificate (key_id, client, spki, der, not_before, not_after) values ($1, $2, $3, $4, $5, $6)`,
      [keyId, matricule, spki, spki, new Date(Date.now() - dayMs), new Date(Date.now() + dayMs)],
    );
  }

  /** Seals and delivers it; the same bytes can be sent again. */
  /** `atMs`: by the office's clock. */
  async sealed(
    office: Office,
    question: Question,
    id: Uint8Array = randomBytes(8),
    atMs = Date.now(),
  ): Promise<Buffer> {
    const message = {
      ...question,
      id,
      recipient: this.key.keyId,
      at: Math.floor(atMs / 1000),
    } as Message;
    const [sealed] = await createSealer({ signer: office.key }).seal([{ message, recipient: this.key }]);
    return Buffer.from(sealed?.sdc ?? []);
  }

  async deliver(office: Office, sdc: Uint8Array): Promise<ArrivalOutcome> {
    const { promise, resolve } = Promise.withResolvers<void>();
    void this.#intake.accept({ topic: `xms/u/${office.matricule}`, payload: sdc, acknowledge: resolve });
    await promise;
    return this.#outcomes.get(Buffer.from(sdc).toString('base64')) as ArrivalOutcome;
  }

  /** Asks, and waits for all SDCs of the answer; a refusal at the door is given back as its code. */
  async ask(office: Office, question: Question): Promise<Message[] | string> {
    const id = randomBytes(8);
    const outcome = await this.deliver(office, await this.sealed(office, question, id));
    if (outcome.kind === 'refused') return outcome.reason.code;
    return this.answers(office, id);
  }

  async answers(office: Office, id: Uint8Array): Promise<Message[]> {
    await this.until('answered', async () => {
      const rows = await this.data.query(
        'select from xms.request where client = $1 and message_id = $2 and answered_at is not null',
        [office.matricule, id],
      );
      return rows.length > 0;
    });
    return this.opened(office, await this.sdcs(office, id));
  }

  async sdcs(office: Office, about: Uint8Array): Promise<Buffer[]> {
    const rows = await this.data.query<{ sdc: Buffer }>(
      `select o.sdc from xms.answer a join xms.outbox o on o.id = a.outbox
        where a.client = $1 and a.about = $2 order by o.id`,
      [office.matricule, about],
    );
    return rows.map(({ sdc }) => sdc);
  }

  /** Resolves when it holds; asked anew at each such event. */
  async until(event: 'answered' | 'posted', holds: () => Promise<boolean>): Promise<void> {
    for (;;) {
      const next = once(this.#events, event, { signal: AbortSignal.timeout(20_000) });
      next.catch(() => undefined);
      if (await holds()) return;
      await next;
    }
  }

  async opened(office: Office, sdcs: readonly Uint8Array[]): Promise<Message[]> {
    const opener = createOpener({ recipients: [office.key] });
    const results = await opener.open(
      sdcs.map(sdc => ({ sdc, isBatch: true })),
      async () => [this.key],
    );
    return results.map(result => {
      if (!result.ok) throw new Error(`${result.reason.code} ${JSON.stringify(result.reason.params)}`);
      return result.message;
    });
  }

  /** All that was sent to a client, whatever it is about. */
  async inbox(office: Office): Promise<Message[]> {
    const rows = await this.data.query<{ sdc: Buffer }>(
      'select sdc from xms.outbox where client = $1 order by id',
      [office.matricule],
    );
    return this.opened(
      office,
      rows.map(({ sdc }) => sdc),
    );
  }

  /** As an operator's `pki request accept` does. */
  async accept(): Promise<void> {
    const [waiting] = await this.system.query<{ id: number; client: number; der: Buffer }>(
      'select id, client, der from certificate_request where decision is null',
    );
    if (!waiting) throw new Error('no request waits');
    const certificate = issueCertificate(this.authority, {
      subject: { commonName: 'Centre', serialNumber: `${waiting.client}` },
      publicKey: readRequest(waiting.der).publicKey,
      role: 'station',
      notBefore: Date.now() - dayMs,
      notAfter: Date.now() + dayMs,
    });
    await this.system.query(
      `insert into certificate (key_id, client, spki, der, not_before, not_after) values ($1, $2, $3, $4, $5, $6)`,
      [
        certificate.keyId,
        waiting.client,
        certificate.spki,
        certificate.der,
        new Date(certificate.notBefore),
        new Date(certificate.notAfter),
      ],
    );
    await this.system.query(
      `update certificate_request set decision = 'accepted', decided_at = now() where id = $1`,
      [waiting.id],
    );
  }
}

/** The only message of an answer. */
export function only<S extends Service>(
  answer: Message[] | string,
  service: S,
): Extract<Message, { service: S }> {
  const [message, ...others] = typeof answer === 'string' ? [] : answer;
  if (!message || others.length > 0 || message.service !== service) {
    throw new Error(typeof answer === 'string' ? answer : answer.map(one => one.service).join(' '));
  }
  return message as Extract<Message, { service: S }>;
}

/** What the receipt of a question says: `done`, or the code of the refusal. */
export function outcomeOf(answer: Message[] | string): string {
  if (typeof answer === 'string') return answer;
  const [outcome]: readonly (Outcome | undefined)[] = only(answer, 'RECEIPT').receipts[0]?.outcomes ?? [];
  return outcome?.kind === 'refused'
    ? (outcome.reason?.code ?? 'refused')
    : (outcome?.kind ?? faultText(outcome));
}
