/** An installation whose start, login and engine do what the test says. */
import type {
  ConsolePorts,
  EngineView,
  HeldCertificate,
  Installation,
  KnownConnection,
  MessageDetail,
  MessageRow,
  MessagesView,
  SentAgain,
  SentDetail,
  SentRow,
  SentView,
  StartStep,
  StopStep,
  T2dView,
} from '../../src/core/console-ports.ts';
import type { DatabaseAccess } from '../../src/core/database-server.ts';
import type { EngineStatus, MonitorEvent } from '../../src/core/engine-status.ts';
import { type ErrorCode, XmError } from '../../src/core/errors.ts';
import type { Language } from '../../src/core/language.ts';
import { type Operator, type Privilege, trialOperator } from '../../src/core/operator.ts';
import type { Page, PageRequest } from '../../src/core/page.ts';
import type { ArrivalOutcome } from '../../src/core/ports.ts';

/** 12 March 2026, 14:31:25 UTC. */
export const now = Date.UTC(2026, 2, 12, 14, 31, 25);

class StandInEngine implements EngineView {
  status: EngineStatus | undefined;
  journal: MonitorEvent[] = [];
  /** What was asked of it, in order. */
  readonly asked: string[] = [];
  /** What the next act waits for. */
  gate: Promise<void> = Promise.resolve();
  readonly #listeners = new Set<() => void>();

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  tell(status: EngineStatus | undefined): void {
    this.status = status;
    for (const listener of this.#listeners) listener();
  }

  launch = () => this.#act('launch', () => running);
  pause = () => this.#act('pause', () => ({ ...running, state: 'paused' }));
  resume = () => this.#act('resume', () => running);
  cycle = () => this.#act('cycle', () => this.status);
  subscribeAnew = () => this.#act('subscribe', () => this.status);

  async recentEvents(limit: number): Promise<MonitorEvent[]> {
    return this.journal.slice(-limit);
  }

  async #act(name: string, next: () => EngineStatus | undefined): Promise<void> {
    this.asked.push(name);
    await this.gate;
    this.tell(next());
  }
}

/** A page of rows that are all at hand, by their keys. */
function pageOf<Row extends { readonly key: string }>(
  rows: readonly Row[],
  { from, limit, descending }: PageRequest,
): Page<Row> {
  const ordered = descending ? rows.toReversed() : rows;
  const found = rows.length;
  if (from === 'start') return { rows: ordered.slice(0, limit), found };
  if (from === 'end') return { rows: ordered.slice(-limit), found };
  const at = ordered.findIndex(({ key }) => key === from.key);
  const start = from.side === 'at' ? at : from.side === 'after' ? at + 1 : Math.max(0, at - limit);
  const end = from.side === 'before' ? at : start + limit;
  return { rows: ordered.slice(start, end), found };
}

const noStores: StandIn['stores'] = {
  get administration(): never {
    throw new Error('no stores');
  },
  get accounts(): never {
    throw new Error('no stores');
  },
  get licence(): never {
    throw new Error('no stores');
  },
  get security(): never {
    throw new Error('no stores');
  },
};

class StandInMessages implements MessagesView {
  rows: MessageRow[] = Array.from({ length: 200 }, (_, n) => messageOf(n + 1));
  readonly asked: PageRequest[] = [];
  readonly retried: number[] = [];
  /** What is kept of each, where a test says so. */
  detail: Pick<MessageDetail, 'service' | 'text' | 'content' | 'acts'> | undefined;
  fault: Error | undefined;

  async page(request: PageRequest): Promise<Page<MessageRow>> {
    this.asked.push(request);
    if (this.fault) throw this.fault;
    return pageOf(
      this.rows.filter(({ client }) => String(client).startsWith(request.search)),
      request,
    );
  }

  async find(id: number): Promise<MessageDetail> {
    const row = this.rows[id - 1];
    if (!row) throw new XmError('message-unknown', { id });
    const content = Array.from({ length: 30 }, (_, n) => [`Colonne${n}`, `valeur ${n}`] as const);
    const text = `-----BEGIN CMS-----\n${'MIIB'.repeat(16)}\n-----END CMS-----`;
    const whole = { ...row, topic: `xms/u/${row.client}`, isRetried: false };
    return { ...whole, ...(this.detail ?? { content, text }) };
  }

  async retry(id: number): Promise<ArrivalOutcome> {
    this.retried.push(id);
    return { kind: 'filed', records: [{ kind: 'filed', numero: 88_500n }] };
  }
}

class StandInSent implements SentView {
  rows: SentRow[] = Array.from({ length: 120 }, (_, n) => sentOf(n + 1));
  readonly again: [id: number, times: number][] = [];
  /** What is known of each beside its row, where a test says so. */
  known: Partial<SentDetail> = {};
  result: SentAgain = 'queued';

  async page(request: PageRequest): Promise<Page<SentRow>> {
    return pageOf(
      this.rows.filter(({ client }) => String(client).startsWith(request.search)),
      request,
    );
  }

  async find(id: number): Promise<SentDetail> {
    const row = this.rows[id - 1];
    if (!row) throw new XmError('sent-unknown', { id });
    const about = Array.from({ length: Math.max(0, row.count - 1) }, (_, n) => ({
      messageId: Buffer.alloc(8, n),
      records: [
        {
          table: n % 3 === 2 ? 'Deces' : 'Naissance',
          numeroThere: 40 + n,
          numero: 88_213 + n,
          act: n === 1 ? ('cancelled' as const) : ('filed' as const),
        },
      ],
    }));
    const text = `-----BEGIN CMS-----\n${'MIIB'.repeat(16)}\n-----END CMS-----`;
    return { ...row, about, text, ...this.known };
  }

  async sendAgain(id: number, times: number): Promise<SentAgain> {
    this.again.push([id, times]);
    return this.result;
  }
}

const noT2d: T2dView = {
  folders: async () => ['/media/mbome/CLE', '/home/mbome'],
  watched: async () => ({ isOn: false, folder: '/srv/XMSData/t2d', incoming: 0, outgoing: 0 }),
  import: () => Promise.reject(new Error('no T2D')),
  export: () => Promise.reject(new Error('no T2D')),
};

export class StandIn implements ConsolePorts {
  readonly engine = new StandInEngine();
  readonly messages = new StandInMessages();
  readonly sent = new StandInSent();
  /** Those of a real database, for screens that go by them. */
  stores: Pick<Installation, 'administration' | 'accounts' | 'licence' | 'security'> = noStores;
  t2d: T2dView = noT2d;
  certificates: HeldCertificate[] = [];
  /** What was written to be printed, by name. */
  readonly papers = new Map<string, readonly string[]>();
  brokers: Installation['brokers'] = {
    ownSettings: [],
    certificates: file => Promise.reject(new XmError('file-unreadable', { file, detail: 'ENOENT' })),
    keepKey: async name => name,
    tried: async () => undefined,
  };
  testing: Installation['testBroker'] = () => Promise.reject(new XmError('broker-missing'));
  language: Language | undefined;
  /** What the form of the connection begins with; undefined: it is not asked for. */
  known: KnownConnection | undefined;
  /** Each that was tried. */
  readonly connections: DatabaseAccess[] = [];
  connecting: ConsolePorts['connect'] = async () => undefined;
  lacksOperator = false;
  /** Instead of the one of a real installation. */
  creating: Installation['createFirstOperator'] = async ({ userName, name }) => ({
    id: 1,
    userName,
    name,
    privilege: 4,
  });
  privilege: Privilege = 3;
  trial = true;
  embedded = true;
  readOnly = false;
  databaseLost: ErrorCode | undefined;
  unreadMessages = 0;
  /** Made to fail or to wait by a test. */
  starting: (report: (step: StartStep) => void) => Promise<void> = async () => undefined;
  stopping: (report: (step: StopStep) => void) => Promise<void> = async () => undefined;
  readonly captures: string[] = [];
  readonly logins: string[] = [];
  readonly quits: boolean[] = [];

  async start(report: (step: StartStep) => void): Promise<Installation> {
    await this.starting(report);
    const lost = () => this.databaseLost;
    const unread = () => this.unreadMessages;
    const { stores } = this;
    return {
      get administration() {
        return stores.administration;
      },
      get accounts() {
        return stores.accounts;
      },
      get licence() {
        return stores.licence;
      },
      get security() {
        return stores.security;
      },
      t2d: this.t2d,
      brokers: this.brokers,
      testBroker: (onResult, signal) => this.testing(onResult, signal),
      language: this.language,
      keepLanguage: language => {
        this.language = language;
      },
      serverName: 'Centre serveur national',
      trial: this.trial,
      embedded: this.embedded,
      readOnly: this.readOnly,
      version: '17.0.0',
      dataFolder: '/srv/XMSData',
      database: 'db1:5432',
      serverCertificate: Array.from({ length: 32 }, (_, n) => `${n + 10}`).join(':'),
      lacksOperator: this.lacksOperator,
      createFirstOperator: (entry, password) => this.creating(entry, password),
      engine: this.engine,
      messages: this.messages,
      sent: this.sent,
      get databaseLost() {
        return lost();
      },
      get unreadMessages() {
        return unread();
      },
      keepCapture: async text => `/srv/XMSData/captures/${this.captures.push(text)}.txt`,
      certificatesOf: async () => this.certificates,
      keepPaper: async (name, lines) => {
        this.papers.set(name, lines);
        return `/srv/XMSData/papers/${name}.txt`;
      },
      login: (userName, password) => this.#login(userName, password),
    };
  }

  async connection(): Promise<KnownConnection | undefined> {
    return this.known;
  }

  async connect(access: DatabaseAccess, report: (step: StartStep) => void): Promise<void> {
    this.connections.push(access);
    await this.connecting(access, report);
  }

  async quit(stopServices: boolean, report: (step: StopStep) => void): Promise<void> {
    this.quits.push(stopServices);
    await this.stopping(report);
  }

  async #login(userName: string, password: string): Promise<Operator> {
    this.logins.push(userName);
    if (userName !== trialOperator.userName || password !== trialOperator.password)
      throw new XmError('login-failed');
    return { id: 1, userName, name: trialOperator.name, privilege: this.privilege };
  }
}

const wave = Array.from({ length: 60 }, (_, minute) =>
  Math.max(0, Math.round(22 + 30 * Math.sin(minute / 7))),
);

export const running: EngineStatus = {
  id: 'e1',
  pid: 4_242,
  host: 'srv1',
  state: 'running',
  startedAt: now - 3 * 86_400_000,
  broker: { url: 'mqtts://mq.exemple.cm:8883', state: 'connected', protocol: 5, roundTripMs: 612 },
  database: { host: 'db1:5432', version: '18.4', state: 'connected' },
  cycle: { periodS: 60, lastAt: now - 25_000, nextAt: now + 35_000 },
  today: { received: 1_284, filed: 1_281, refused: 3, sent: 1_297 },
  total: { received: 418_733, filed: 418_512, refused: 221, sent: 431_090 },
  waiting: 4,
  perMinute: wave,
  events: [],
};

const clients = [
  [1_024, 'Mbalmayo II'],
  [377, 'Kribi'],
  [912, 'Yokadouma'],
  [18, 'Ngaoundéré I'],
  [60_231, 'Mairie de Yaoundé VII'],
] as const;

/** The nth event of a believable day. */
export function eventOf(n: number): MonitorEvent {
  const [client, clientName] = clients[n % clients.length] ?? clients[0];
  const base = { at: now + n * 1_300, client, clientName, bytes: 512 + ((n * 37) % 90) };
  if (n % 6 === 4) {
    const reason = { code: 'column-missing', params: { column: 'Sexe' } } as const;
    return { ...base, kind: 'refused', service: 'EXPORT', table: 'Naissance', reason };
  }
  if (n % 6 === 5) return { ...base, kind: 'receipts', count: 6 };
  return {
    ...base,
    kind: 'filed',
    service: 'EXPORT',
    table: n % 4 === 0 ? 'Deces' : 'Naissance',
    numero: 88_213 + n,
  };
}

function messageOf(id: number): MessageRow {
  const { kind, count: _count, ...event } = eventOf(id);
  const outcome = kind === 'receipts' || kind === 'answer' ? 'duplicate' : kind;
  return { key: `${id}`, id, size: event.bytes, ...event, outcome };
}

/** One of every kind, some that wait, some that were sent more than once. */
function sentOf(id: number): SentRow {
  const [client, clientName] = clients[id % clients.length] ?? clients[0];
  const createdAt = now + id * 1_300;
  const kind = (['receipts', 'receipts', 'answer', 'message', 'receipts', 'notice', 'other'] as const)[
    id % 7
  ];
  return {
    key: `${id}`,
    id,
    client,
    clientName,
    kind: kind ?? 'other',
    count: kind === 'receipts' ? 1 + (id % 8) : 0,
    ...(kind === 'answer' ? { service: 'IMPORT' } : {}),
    size: 402 + ((id * 37) % 4_000),
    createdAt,
    times: id > 118 ? 0 : id % 9 === 0 ? 2 : 1,
    ...(id > 118 ? {} : { sentAt: createdAt + 2_000 }),
    waits: id > 117,
  };
}

/** The status after `received` more messages, the last `events` of them in its events. */
export function after(status: EngineStatus, events: readonly MonitorEvent[]): EngineStatus {
  const added = (counts: EngineStatus['today']) => ({
    received: counts.received + events.length,
    filed: counts.filed + events.filter(({ kind }) => kind === 'filed').length,
    refused: counts.refused + events.filter(({ kind }) => kind === 'refused').length,
    sent: counts.sent + events.length,
  });
  const perMinute = [...status.perMinute.slice(0, -1), (status.perMinute.at(-1) ?? 0) + events.length];
  const waiting = (status.waiting + 3) % 7;
  return { ...status, today: added(status.today), total: added(status.total), perMinute, waiting, events };
}
