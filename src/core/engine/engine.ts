/**
 * The transmission engine.
 *
 *   starting ──▶ running ⇄ paused          "Lancer" starts the process, "Arrêter" pauses, "Reprendre" resumes
 *       └───────────┴────────┴──▶ stopping   a command, a signal, or the end of the program
 *
 * running: the link is open, intake and outbox work. paused: the link is closed (the broker keeps what arrives),
 * nothing is read or sent; commands and signs of life go on. stopping: the batch in hand is filed and acknowledged,
 * the link closed, the engine's row removed.
 */
import { countsOf } from '../arrival-counts.ts';
import type { EngineCommand, EngineStatus, MonitorEvent } from '../engine-status.ts';
import { faultText, XmError } from '../errors.ts';
import type {
  Arrival,
  ArrivalOutcome,
  ClientAccess,
  Clock,
  DocumentStore,
  Link,
  LinkHandlers,
  Opener,
  OutboxEntry,
  Sealer,
  SystemStore,
} from '../ports.ts';
import { Adoptions } from './adoptions.ts';
import { Billing } from './billing.ts';
import { Correspondence, type CorrespondenceParts } from './correspondence.ts';
import { Directory } from './directory.ts';
import { Intake } from './intake.ts';
import type { Judgement } from './judge.ts';
import { Outbox } from './outbox.ts';
import { Purge } from './purge.ts';
import { type Identity, Report } from './report.ts';
import { Requests, type RequestsParts } from './requests.ts';
import { Structures } from './structures.ts';

/** Certificates change slowly. */
const certificatesReadMs = 3_600_000;
/** Warned of so long before their end. */
const endingMs = 60 * 86_400_000;

/** `protocol`: the only one that is spoken to it; absent: the better one. */
export interface ChosenBroker {
  readonly url: string;
  readonly protocol?: 4 | 5;
}

export interface EngineParts {
  readonly clock: Clock;
  readonly identity: Identity;
  readonly system: SystemStore;
  readonly documents: DocumentStore;
  readonly opener: Opener;
  readonly sealer: Sealer;
  /** What questions are answered with, and letters to clients come from; absent: they wait for an engine that has it. */
  readonly services?: Pick<RequestsParts, 'library' | 'affairs' | 'readRequest'> &
    Pick<CorrespondenceParts, 'letters' | 'post' | 'authorities'>;
  /** Opens the link to the broker; called at start, at each resume, and where another broker was selected. */
  readonly connect: (handlers: LinkHandlers) => Link;
  /** Takes what waits at the broker for an engine that is dead, and ends its session there. */
  readonly adopt: (
    dead: EngineStatus,
    onDelivery: LinkHandlers['onDelivery'],
    ending: AbortSignal,
  ) => Promise<number>;
  readonly brokerUrl: string;
  /** Has the next `connect` go to the broker that is selected now; undefined where nothing about it has changed. */
  readonly chooseBroker: () => Promise<ChosenBroker | undefined>;
  readonly database: { readonly host: string; readonly version: string };
  readonly cyclePeriodS: number;
  /** How long questions are remembered. */
  readonly answerDays: number;
  /** Both as they are set now: each cycle goes by them. */
  readonly readSettings: () => Promise<Pick<EngineParts, 'cyclePeriodS' | 'answerDays'>>;
  /** Has `opener` and `sealer` go by the keys that the server has now. */
  readonly readKeys: () => Promise<void>;
  /** One line for the log of the process. */
  readonly log: (line: string) => void;
}

export class Engine {
  readonly #parts: EngineParts;
  readonly #directory: Directory;
  readonly #structures: Structures;
  readonly #report: Report;
  readonly #billing: Billing;
  readonly #purge: Purge;
  readonly #outbox: Outbox;
  readonly #requests: Requests | undefined;
  readonly #correspondence: Correspondence | undefined;
  #brokerUrl: string;
  #intake: Intake | undefined;
  #link: Link | undefined;
  #timer: NodeJS.Timeout | undefined;
  #periodS: number;
  #answerDays: number;
  #certificatesReadAt = Number.NEGATIVE_INFINITY;
  readonly #adoptions: Adoptions;
  /** Commands one after the other, whoever gives them. */
  #acting: Promise<void> = Promise.resolve();
  readonly #ended = Promise.withResolvers<void>();

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#brokerUrl = parts.brokerUrl;
    this.#periodS = parts.cyclePeriodS;
    this.#answerDays = parts.answerDays;
    const { clock, system, documents, identity } = parts;
    const onTrouble = (error: unknown) => this.#databaseTrouble(error);
    this.#directory = new Directory(system);
    this.#structures = new Structures(documents);
    this.#report = new Report(
      system,
      clock,
      identity,
      {
        broker: { url: parts.brokerUrl, state: 'closed' },
        database: { ...parts.database, state: 'connected' },
        cycle: { periodS: parts.cyclePeriodS },
        waiting: 0,
      },
      onTrouble,
    );
    this.#adoptions = new Adoptions({
      ...parts,
      broker: () => this.#report.status.broker,
      onLeft: () => this.#finish(),
    });
    this.#billing = new Billing(documents, system, onTrouble);
    this.#purge = new Purge(documents, onTrouble);
    this.#outbox = new Outbox({
      clock,
      documents,
      directory: this.#directory,
      sealer: parts.sealer,
      link: () => (this.#link?.status.state === 'connected' ? this.#link : undefined),
      isBehind: () => this.#intake?.isBehind ?? false,
      onSent: (entries, clients) => this.#told(entries, clients),
      onTrouble,
      log: parts.log,
    });
    this.#requests =
      parts.services &&
      new Requests({
        ...parts.services,
        clock,
        documents,
        directory: this.#directory,
        structures: this.#structures,
        opener: parts.opener,
        sealer: parts.sealer,
        onAnswered: () => {
          this.#billing.wake();
          this.#outbox.wake();
        },
        onTrouble,
      });
    this.#correspondence =
      parts.services &&
      new Correspondence({
        ...parts.services,
        clock,
        directory: this.#directory,
        sealer: parts.sealer,
        onPosted: () => this.#outbox.wake(),
        onTrouble,
        log: parts.log,
      });
  }

  get status(): EngineStatus {
    return this.#report.status;
  }

  /** Resolves once the engine has stopped, whoever asked for it. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  async start(): Promise<void> {
    await this.#structures.refresh();
    await this.#parts.system.onCommand(this.#parts.identity.id, command => void this.command(command));
    await this.#readCounts();
    // What an engine that was killed had taken to send it is free at once where nobody else can have it.
    const others = await this.#parts.system.otherEngines(this.#parts.identity.id);
    if (others.length === 0) await this.#parts.documents.freeOutbox();
    this.#report.start();
    this.#billing.start();
    this.#purge.start();
    this.#outbox.start();
    this.#requests?.start();
    this.#correspondence?.start();
    await this.command('resume');
    this.#beatTime();
    await this.command('cycle');
  }

  /** Resolves when the command is carried out. A command that does not fit the state does nothing. */
  command(command: EngineCommand): Promise<void> {
    this.#acting = this.#acting
      .then(() => this.#act(command))
      .catch(error => this.#parts.log(`${command}: ${error}`));
    return this.#acting;
  }

  async #act(command: EngineCommand): Promise<void> {
    if (this.#report.status.state === 'stopping') return;
    switch (command) {
      case 'pause':
        await this.#disconnect();
        this.#report.setState('paused');
        return;
      case 'resume':
        this.#connect();
        this.#report.setState('running');
        return;
      case 'cycle':
        return this.#cycle();
      case 'subscribe':
        return this.#subscribe();
      case 'stop':
        return this.#stop();
    }
  }

  #connect(): void {
    if (this.#link) return;
    const intake = new Intake({
      clock: this.#parts.clock,
      opener: this.#parts.opener,
      directory: this.#directory,
      structures: this.#structures,
      documents: this.#parts.documents,
      answerDays: () => this.#answerDays,
      onFiled: (arrivals, outcomes, judgements) => this.#filed(arrivals, outcomes, judgements),
      onTrouble: error => this.#databaseTrouble(error),
    });
    intake.start();
    this.#intake = intake;
    this.#adoptions.begin(delivery => intake.accept(delivery));
    this.#link = this.#parts.connect({
      onDelivery: delivery => intake.accept(delivery),
      onStatus: status => {
        this.#report.set({ broker: { url: this.#brokerUrl, ...status } });
        if (status.reason) this.#parts.log(new XmError(status.reason.code, status.reason.params).message);
        if (status.state === 'connected') this.#outbox.wake();
      },
    });
    this.#report.set({ broker: { url: this.#brokerUrl, ...this.#link.status } });
  }

  async #disconnect(): Promise<void> {
    await this.#adoptions.end();
    // Intake first, so that the batch in hand still gets its PUBACKs.
    await this.#intake?.stop();
    await this.#link?.close();
    this.#intake = undefined;
    this.#link = undefined;
  }

  /** Over a link that is up, the same subscription once more; otherwise, or to another broker, a link of its own. */
  async #subscribe(): Promise<void> {
    const before = this.#brokerUrl;
    const chosen = await this.#chosen();
    this.#brokerUrl = chosen?.url ?? before;
    if (!this.#link) {
      this.#report.set({ broker: { url: this.#brokerUrl, state: 'closed' } });
      return;
    }
    const { state, protocol } = this.#link.status;
    if (chosen === undefined && state === 'connected') {
      const { reason: _over, ...broker } = this.#report.status.broker;
      this.#report.set({ broker });
      return this.#link.resubscribe();
    }
    // Another version has another session there, and the broker would go on collecting for this one.
    if (chosen?.url === before && protocol !== (chosen.protocol ?? 5)) await this.#leave(this.#link);
    await this.#disconnect();
    this.#connect();
  }

  /** What cannot be taken over here, a key that this machine lacks, leaves the link as it is, and is told. */
  async #chosen(): Promise<ChosenBroker | undefined> {
    try {
      return await this.#parts.chooseBroker();
    } catch (error) {
      if (error instanceof XmError) {
        const { code, params } = error;
        this.#report.set({ broker: { ...this.#report.status.broker, reason: { code, params } } });
      }
      throw error;
    }
  }

  /** A broker that does not answer must not hold up the way to it. */
  async #leave(link: Link): Promise<void> {
    try {
      await link.leaveSession();
    } catch (error) {
      this.#parts.log(`leave session: ${faultText(error)}`);
    }
  }

  async #stop(): Promise<void> {
    clearInterval(this.#timer);
    // Before it looks at the others: of those that stop at once, each would take the other for one that goes on.
    const left = !(await this.#report.announce('stopping')) || (await this.#leaveGroup());
    await this.#disconnect();
    await Promise.all([this.#requests?.stop(), this.#correspondence?.stop()]);
    await Promise.all([this.#outbox.stop(), this.#billing.stop(), this.#purge.stop()]);
    await this.#report.close(left).catch(error => this.#parts.log(`leave: ${error}`));
    this.#ended.resolve();
  }

  /**
   * Where others go on, our session must not keep their messages; alone, it keeps what arrives until we are back. False:
   * what is in it is to be taken over, as of an engine that died.
   */
  async #leaveGroup(): Promise<boolean> {
    try {
      const others = await this.#parts.system.otherEngines(this.#parts.identity.id);
      if (others.some(({ state }) => state === 'running')) await this.#link?.leaveGroup();
      return true;
    } catch (error) {
      this.#parts.log(`leave group: ${faultText(error)}`);
      return false;
    }
  }

  /** Has finished what stands between two steps, and tells how things are. */
  async #cycle(): Promise<void> {
    const startedAt = this.#parts.clock.now();
    this.#finish();
    this.#purge.wake();
    try {
      for (const step of this.#cycleSteps) await step();
      this.#databaseTrouble(undefined);
    } catch (error) {
      this.#databaseTrouble(error);
    }
    this.#askBroker();
    const periodS = this.#periodS;
    this.#report.set({ cycle: { periodS, lastAt: startedAt, nextAt: startedAt + periodS * 1000 } });
  }

  /** What stands between two steps. */
  #finish(): void {
    this.#billing.wake();
    this.#requests?.wake();
    this.#correspondence?.wake();
    if (this.#link) this.#outbox.wake();
  }

  /** What a cycle asks of the databases, in order. */
  readonly #cycleSteps: readonly (() => Promise<void>)[] = [
    () => this.#readSettings(),
    async () => void (await this.#structures.refresh()),
    () => this.#readCounts(),
    () => this.#adoptions.look(),
    () => this.#checkCertificates(),
    () => this.#parts.readKeys(),
  ];

  #beatTime(): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => void this.command('cycle'), this.#periodS * 1000);
  }

  async #readSettings(): Promise<void> {
    const { cyclePeriodS: periodS, answerDays } = await this.#parts.readSettings();
    this.#answerDays = answerDays;
    if (periodS === this.#periodS) return;
    this.#periodS = periodS;
    this.#beatTime();
  }

  async #checkCertificates(): Promise<void> {
    if (performance.now() - this.#certificatesReadAt < certificatesReadMs) return;
    const ending = await this.#parts.system.endingCertificates(this.#parts.clock.now() + endingMs);
    this.#certificatesReadAt = performance.now();
    this.#report.set({ ending });
  }

  /** Not awaited: on a half-open connection the answers take as long as the keep-alive. */
  #askBroker(): void {
    const link = this.#link;
    if (link?.status.state !== 'connected') return;
    link
      .roundTrip()
      .then(ms => {
        this.#report.set({ broker: { ...this.#report.status.broker, roundTripMs: Math.round(ms) } });
        return link.resubscribe();
      })
      .catch(() => undefined); // the link ended meanwhile, which onStatus tells
  }

  async #readCounts(): Promise<void> {
    const { today, total, waiting } = await this.#parts.documents.counts();
    this.#report.setCounts(today, total);
    this.#report.set({ waiting });
  }

  #filed(
    arrivals: readonly Arrival[],
    outcomes: readonly ArrivalOutcome[],
    judgements: readonly Judgement[],
  ): void {
    this.#report.count(countsOf(outcomes));
    // The newest few: more than the report holds would only be thrown away.
    for (let i = Math.max(0, arrivals.length - 10); i < arrivals.length; i++) {
      const [arrival, outcome, judgement] = [arrivals[i], outcomes[i], judgements[i]];
      if (arrival && outcome && judgement) this.#report.event(monitorEvent(arrival, outcome, judgement));
    }
    this.#billing.wake();
    // What came again gets from the outbox what it got then.
    if (outcomes.some(({ kind }) => kind === 'duplicate' || kind === 'repeated')) this.#outbox.wake();
    else this.#outbox.wakeForReceipts();
    if (outcomes.some(({ kind }) => kind === 'asked')) this.#requests?.wake();
  }

  #told(entries: readonly OutboxEntry[], clients: ReadonlyMap<number, ClientAccess>): void {
    this.#report.count({ sent: entries.length });
    for (const entry of entries.slice(-10)) {
      const name = clients.get(entry.client)?.name;
      this.#report.event({
        at: this.#parts.clock.now(),
        client: entry.client,
        ...(name === undefined ? {} : { clientName: name }),
        bytes: entry.sdc.length,
        ...(entry.count > 0 ? { kind: 'receipts', count: entry.count } : { kind: 'answer' }),
      });
    }
  }

  #databaseTrouble(error: unknown): void {
    const { database } = this.#report.status;
    // A deadlock, say, or a key that cannot be used, is no loss of the database.
    const isLost = error instanceof XmError && error.code.startsWith('database-');
    const state = error === undefined ? 'connected' : isLost ? 'lost' : database.state;
    if (error !== undefined) this.#parts.log(faultText(error));
    if (state !== database.state) this.#report.set({ database: { ...database, state } });
  }
}

function monitorEvent(
  arrival: Arrival,
  outcome: ArrivalOutcome,
  { client, opened }: Judgement,
): MonitorEvent {
  const message = opened?.message;
  const records = ('records' in outcome && outcome.records) || [];
  const [first] = records;
  return {
    at: arrival.at,
    kind: outcome.kind,
    ...(client ? { client: client.matricule, clientName: client.name } : {}),
    ...(message ? { service: message.service } : {}),
    ...(message?.service === 'EXPORT' ? { table: message.table } : {}),
    ...(outcome.kind === 'refused' ? { reason: outcome.reason } : {}),
    ...(records.length > 1
      ? { count: records.filter(({ kind }) => kind !== 'refused').length, records: records.length }
      : {}),
    ...(records.length === 1 && first && 'numero' in first ? { numero: Number(first.numero) } : {}),
    bytes: arrival.sdc.length,
  };
}
