/**
 * Messages out. Receipts that are due are sealed, all of one client together, and stored; what is stored is published
 * until the broker acknowledges it. A row is the truth: what a crash or a lost link interrupts is done again from it.
 */
import { randomBytes } from 'node:crypto';
import { faultText, XmError } from '../errors.ts';
import { type ReceiptMessage, topics } from '../message.ts';
import { pause } from '../pause.ts';
import type {
  ClientAccess,
  Clock,
  DocumentStore,
  DueReceipt,
  Link,
  OutboxEntry,
  Sealed,
  SealedAnswer,
  Sealer,
} from '../ports.ts';
import { proofDigest, receiptOf } from '../receipt.ts';
import type { Directory } from './directory.ts';
import { Worker } from './worker.ts';

/** Due receipts sealed in one transaction: the more there are of one client, the less each costs. */
const sealLimit = 5_000;
/** How long receipts wait at most while messages do: under a load those of one client then go together. */
const giveWayMs = 2_000;
const lookMs = 20;
/** Outcomes in one SDC, or one receipt: 100 stay well below the size that every receiver accepts (16 KB). */
const outcomesPerSdc = 100;
/** Entries in flight to the broker. */
const windowLimit = 200;
/** After this a dead engine's entries are free for another. */
const leaseMs = 30_000;

export interface OutboxParts {
  readonly clock: Clock;
  readonly documents: Pick<DocumentStore, 'sealDue' | 'takeOutbox' | 'markSent' | 'releaseOutbox'>;
  readonly directory: Directory;
  readonly sealer: Sealer;
  /** The link, while it is connected. */
  readonly link: () => Pick<Link, 'publish'> | undefined;
  /** Messages wait to be filed. */
  readonly isBehind: () => boolean;
  readonly onSent: (entries: readonly OutboxEntry[], clients: ReadonlyMap<number, ClientAccess>) => void;
  readonly onTrouble: (error: unknown) => void;
  readonly log: (line: string) => void;
}

/** Receipts that go into one SDC. */
interface Group {
  readonly client: ClientAccess;
  readonly due: readonly DueReceipt[];
}

export class Outbox extends Worker {
  readonly #parts: OutboxParts;
  /** Published, and given back, which the database does not know yet. */
  #sent: bigint[] = [];
  #returned: bigint[] = [];
  /** What is on its way while the next receipts are sealed; ends when it is written down, and leaves its fault. */
  #sending: Promise<void> = Promise.resolve();
  #fault: { readonly error: unknown } | undefined;
  /** The link was lost under what was on its way. */
  #isCutOff = false;
  /** There may be entries in the database beside those that we seal. */
  #looks = true;
  #leaseEnd: NodeJS.Timeout | undefined;

  constructor(parts: OutboxParts) {
    super(parts.onTrouble);
    this.#parts = parts;
  }

  override start(): void {
    super.start();
    // What an engine that died just before us had taken is free by then.
    this.#wakeAtLeaseEnd();
  }

  override async stop(): Promise<void> {
    clearTimeout(this.#leaseEnd);
    await super.stop();
    await this.#sending;
  }

  override wake(): void {
    this.#looks = true;
    super.wake();
  }

  /** Receipts are due, and nothing else is new. */
  wakeForReceipts(): void {
    super.wake();
  }

  /** All that there is to send, once: for who has no loop. Rejects where the database does. */
  async drain(): Promise<void> {
    await this.#sendAll();
    await this.#sending;
    if (this.#fault) throw this.#fault.error;
  }

  protected override async work(): Promise<void> {
    try {
      await this.#sendAll();
    } catch (error) {
      // What was taken when the answer got lost is ours, and we do not know it.
      this.#wakeAtLeaseEnd();
      throw error;
    }
  }

  async #sendAll(): Promise<void> {
    const { documents } = this.#parts;
    if (this.#fault) {
      await this.#sending;
      await this.#writeDown();
      this.#fault = undefined;
    }
    this.#isCutOff = false;
    while (!this.ending.aborted) {
      await this.#giveWay();
      // Without a link all that is due still gets sealed; sending goes on when the link is back, which wakes us.
      const link = this.#isCutOff ? undefined : this.#parts.link();
      const takenAt = performance.now();
      const { sealed, entries } = await documents.sealDue(
        sealLimit,
        due => this.#seal(due),
        link ? leaseMs : undefined,
      );
      const taken = link ? await this.#take() : [];
      if (link && entries.length + taken.length > 0) {
        await this.#sendNext(link, [...entries, ...taken], takenAt);
      }
      if (sealed === 0 && taken.length === 0) return;
    }
  }

  /** Begins when what went before is written down. Throws its fault, and keeps these to be given back. */
  async #sendNext(
    link: Pick<Link, 'publish'>,
    entries: readonly OutboxEntry[],
    takenAt: number,
  ): Promise<void> {
    await this.#sending;
    if (this.#fault) {
      this.#giveBack(entries);
      throw this.#fault.error;
    }
    this.#sending = this.#sendAsTaken(link, entries, takenAt).catch((error: unknown) => {
      this.#fault = { error };
      super.wake();
    });
  }

  async #take(): Promise<readonly OutboxEntry[]> {
    if (!this.#looks) return [];
    this.#looks = false;
    let taken: readonly OutboxEntry[] | undefined;
    try {
      taken = await this.#parts.documents.takeOutbox(windowLimit, leaseMs);
      return taken;
    } finally {
      this.#looks ||= taken?.length !== 0;
    }
  }

  /** In windows. What is not on its way while the lease holds, or when the link was lost, is given back. */
  async #sendAsTaken(
    link: Pick<Link, 'publish'>,
    entries: readonly OutboxEntry[],
    takenAt: number,
  ): Promise<void> {
    for (let i = 0; i < entries.length; i += windowLimit) {
      const isLate = performance.now() - takenAt > leaseMs / 2;
      if (isLate) this.#giveBack(entries.slice(i));
      else if (await this.#sendWindow(link, entries, i)) continue;
      else this.#isCutOff = true;
      await this.#writeDown();
      // The link may be back already, and have called while this was under way.
      return this.wake();
    }
  }

  /** False where the link was lost. Then, and where it cannot be written down, what comes after it is to be given back. */
  async #sendWindow(
    link: Pick<Link, 'publish'>,
    entries: readonly OutboxEntry[],
    from: number,
  ): Promise<boolean> {
    let isSent = false;
    try {
      isSent = await this.#send(link, entries.slice(from, from + windowLimit));
      return isSent;
    } finally {
      if (!isSent) this.#giveBack(entries.slice(from + windowLimit));
    }
  }

  /** With what is written down next. */
  #giveBack(entries: readonly OutboxEntry[]): void {
    this.#returned.push(...entries.map(({ id }) => id));
  }

  async #giveWay(): Promise<void> {
    for (let waited = 0; waited < giveWayMs && this.#parts.isBehind(); waited += lookMs) {
      await pause(lookMs, this.ending);
    }
  }

  async #seal(due: readonly DueReceipt[]): Promise<readonly SealedAnswer[]> {
    const clients = await this.#parts.directory.clients(due.map(receipt => receipt.client));
    const groups: Group[] = [];
    for (const [client, receipts] of Map.groupBy(due, receipt => receipt.client)) {
      const access = clients.get(client);
      // A client without a certificate cannot be answered: his receipts wait until he has one.
      if (access) groups.push(...portions(receipts).map(portion => ({ client: access, due: portion })));
    }
    return this.#sealGroups(groups);
  }

  /** Those that a key cannot be used for are left out, and wait: they hold up no other. */
  async #sealGroups(groups: readonly Group[]): Promise<readonly SealedAnswer[]> {
    if (groups.length === 0) return [];
    const nowMs = this.#parts.clock.now();
    try {
      const sealed = await this.#parts.sealer.seal(
        groups.map(({ client: { recipient }, due }) => ({
          recipient,
          message: receiptMessage(due, recipient.keyId, nowMs),
        })),
      );
      return groups.map(({ client, due }, i) => ({
        client: client.matricule,
        sdc: (sealed[i] as Sealed).sdc,
        receipts: due.map(receipt => receipt.id),
      }));
    } catch (error) {
      if (groups.length === 1) {
        this.#parts.log(`client ${groups[0]?.client.matricule} cannot be answered: ${faultText(error)}`);
        return [];
      }
      const middle = groups.length >> 1;
      return [
        ...(await this.#sealGroups(groups.slice(0, middle))),
        ...(await this.#sealGroups(groups.slice(middle))),
      ];
    }
  }

  /** False where the link was lost meanwhile. */
  async #send(link: Pick<Link, 'publish'>, entries: readonly OutboxEntry[]): Promise<boolean> {
    const results = await Promise.allSettled(
      entries.map(entry => link.publish(topics.down(entry.client), entry.sdc)),
    );
    const sent = entries.filter((_, i) => results[i]?.status === 'fulfilled');
    const interrupted = entries.filter((_, i) => isLinkClosed(results[i]));
    this.#sent = sent.map(entry => entry.id);
    this.#returned = interrupted.map(entry => entry.id);
    await this.#writeDown();
    if (sent.length > 0) {
      this.#parts.onSent(sent, await this.#parts.directory.clients(sent.map(entry => entry.client)));
    }
    // What the broker itself refuses keeps its lease, and is tried again when that ends: it holds up no other.
    if (sent.length + interrupted.length < entries.length) this.#wakeAtLeaseEnd();
    return interrupted.length === 0;
  }

  /** Where the database is away, this is the first to be done when it is back. */
  async #writeDown(): Promise<void> {
    const { documents } = this.#parts;
    if (this.#sent.length > 0) await documents.markSent(this.#sent);
    this.#sent = [];
    if (this.#returned.length === 0) return;
    await documents.releaseOutbox(this.#returned);
    this.#returned = [];
    this.#looks = true;
  }

  #wakeAtLeaseEnd(): void {
    clearTimeout(this.#leaseEnd);
    this.#leaseEnd = setTimeout(() => this.wake(), leaseMs + 1_000);
  }
}

function isLinkClosed(result: PromiseSettledResult<void> | undefined): boolean {
  return (
    result?.status === 'rejected' && result.reason instanceof XmError && result.reason.code === 'link-closed'
  );
}

function receiptMessage(due: readonly DueReceipt[], recipient: Uint8Array, nowMs: number): ReceiptMessage {
  return {
    service: 'RECEIPT',
    id: randomBytes(8),
    recipient,
    at: Math.floor(nowMs / 1000),
    receipts: due.map(receiptOf),
    digest: proofDigest(due.flatMap(({ digest }) => digest ?? [])),
  };
}

function portions(due: readonly DueReceipt[]): DueReceipt[][] {
  const portions: DueReceipt[][] = [];
  let room = 0;
  for (const receipt of due) {
    room -= receipt.outcomes.length;
    if (room >= 0) {
      portions.at(-1)?.push(receipt);
    } else {
      portions.push([receipt]);
      room = outcomesPerSdc - receipt.outcomes.length;
    }
  }
  return portions;
}
