/**
 * What the console's screens are given: the installation behind it, through PostgreSQL and our background processes.
 * What only an act needs (the engine and its start, the broker's test, the SDC) is loaded with the act: the login is
 * on the screen a hundred milliseconds sooner, and the console stays smaller.
 */
import type { DataFolder } from '../config.ts';
import { createFirstOperator } from '../core/administration/operator.ts';
import type { Administration } from '../core/administration/ports.ts';
import type { BrokerTest, Result } from '../core/broker-test.ts';
import type { EngineView, HeldCertificate, Installation, StartStep } from '../core/console-ports.ts';
import type { EngineCommand, EngineStatus, MonitorEvent } from '../core/engine-status.ts';
import { type ErrorCode, XmError } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import type { LicenceStore } from '../core/licence.ts';
import { logIn } from '../core/login.ts';
import { hex } from '../core/message.ts';
import type { AccountStore } from '../core/money/ports.ts';
import { type Act, demand, type Operator } from '../core/operator.ts';
import { PostgresAccountStore } from '../db/account-store.ts';
import { Database } from '../db/database.ts';
import { PostgresDocumentStore } from '../db/document-store.ts';
import { EngineWatch } from '../db/engine-watch.ts';
import { listCertificates } from '../db/system/certificate.ts';
import { clientNames } from '../db/system/directory.ts';
import { giveCommand } from '../db/system/engine.ts';
import { loginRecords } from '../db/system/login.ts';
import { countOperators, writeJournal } from '../db/system/operator.ts';
import { readSettings, selectedBroker } from '../db/system/setting.ts';
import { readCertificate } from '../pki/certificate.ts';
import { administrationOf, licenceStore } from './administration/ports.ts';
import { keepCapture } from './capture.ts';
import { commandLineOperator } from './command-line-operator.ts';
import { ConsoleMessages } from './console-messages.ts';
import { ConsoleSecurity } from './console-security.ts';
import { ConsoleSent } from './console-sent.ts';
import { ConsoleT2d } from './console-t2d.ts';
import { type OpenInstallation, openInstallation } from './installation.ts';
import { MachineBrokers } from './machine-brokers.ts';
import { keepPaper } from './paper.ts';
import { runningPid } from './run-file.ts';
import { probeOptions } from './secure-connection.ts';
import { version } from './version.ts';

/** Of a client: far more than an office ever has. */
const mostCertificates = 100;

export class ConsoleInstallation implements Installation, EngineView {
  readonly serverName: string;
  readonly trial: boolean;
  readonly embedded: boolean;
  readonly readOnly: boolean;
  readonly version = version();
  readonly dataFolder: string;
  readonly database: string;
  readonly serverCertificate: string;
  readonly lacksOperator: boolean;
  readonly engine: EngineView = this;
  readonly messages: ConsoleMessages;
  readonly sent: ConsoleSent;
  readonly administration: Administration;
  readonly accounts: AccountStore;
  readonly licence: LicenceStore;
  readonly security: ConsoleSecurity;
  readonly t2d: ConsoleT2d;
  readonly brokers: MachineBrokers;
  status: EngineStatus | undefined;
  databaseLost: ErrorCode | undefined;
  unreadMessages = 0;
  readonly #folder: DataFolder;
  readonly #installation: OpenInstallation;
  /** Through which nothing is written in read-only mode; the log-in, and the journal of it, go the other way. */
  readonly #guarded: { readonly system: Database; close(): Promise<void> };
  readonly #watch: EngineWatch;
  readonly #listeners = new Set<() => void>();
  #operator: Operator | undefined;

  static async open(
    folder: DataFolder,
    report: (step: StartStep) => void,
    readOnly: boolean,
  ): Promise<ConsoleInstallation> {
    const embedded = folder.settings.database === undefined;
    const installation = await openInstallation(folder, {
      applicationName: 'xmserver console',
      embedded: embedded && !readOnly,
      report,
    });
    try {
      const [{ serverName, trial }, operators] = await Promise.all([
        readSettings(installation.system),
        countOperators(installation.system),
      ]);
      const facts = { serverName, trial, embedded, readOnly, lacksOperator: operators === 0 };
      const made = new ConsoleInstallation(folder, installation, facts);
      await made.#watch.start();
      return made;
    } catch (error) {
      await installation.close();
      throw error;
    }
  }

  private constructor(
    folder: DataFolder,
    installation: OpenInstallation,
    facts: Pick<Installation, 'serverName' | 'trial' | 'embedded' | 'readOnly' | 'lacksOperator'>,
  ) {
    this.#folder = folder;
    this.#installation = installation;
    this.readOnly = facts.readOnly;
    this.#guarded = facts.readOnly
      ? readOnlySystem(installation)
      : { system: installation.system, close: async () => undefined };
    const { documents } = installation;
    const { system } = this.#guarded;
    this.administration = administrationOf(system, documents);
    this.accounts = new PostgresAccountStore(system);
    this.licence = licenceStore(system);
    const { store } = installation.keys;
    const { administration, readOnly } = this;
    this.security = new ConsoleSecurity({ system, store, administration, readOnly }, () => this.#operator);
    const acting = {
      demand: (act: Act) => this.#demand(act),
      journal: (act: string, detail: Readonly<Record<string, unknown>>) => this.#journal(act, detail),
    };
    this.messages = new ConsoleMessages(installation, acting);
    this.sent = new ConsoleSent(installation, acting);
    this.t2d = new ConsoleT2d(installation, {
      demand: act => this.#demand(act),
      watched: folder.at('t2d'),
    });
    this.brokers = new MachineBrokers(folder, () => void this.#demand('broker-change'));
    this.serverName = facts.serverName;
    this.trial = facts.trial;
    this.embedded = facts.embedded;
    this.lacksOperator = facts.lacksOperator;
    this.dataFolder = folder.path;
    const { host, port } = installation.system.settings;
    this.database = `${host}:${port}`;
    this.serverCertificate = installation.keys.signer.certificate.fingerprint;
    this.#watch = new EngineWatch(installation.system, {
      onStatus: status => {
        this.status = status;
        this.#tell();
      },
      onConnection: connected => {
        this.databaseLost = connected ? undefined : 'database-unreachable';
        this.#tell();
      },
      onUnread: count => {
        this.unreadMessages = count;
        this.#tell();
      },
    });
  }

  async login(userName: string, password: string): Promise<Operator> {
    const { system } = this.#installation;
    return this.#open(await logIn(loginRecords(system), userName, password));
  }

  async createFirstOperator(
    entry: Parameters<Installation['createFirstOperator']>[0],
    password: string,
  ): Promise<Operator> {
    const made = await createFirstOperator(this.administration, commandLineOperator(), entry, password);
    const { id, userName, name, privilege } = made;
    return this.#open({ id, userName, name, privilege });
  }

  async #open(operator: Operator): Promise<Operator> {
    await writeJournal(this.#installation.system, 'login', {}, operator.userName);
    this.#operator = operator;
    return operator;
  }

  async keepCapture(text: string): Promise<string> {
    return keepCapture(this.#folder, text, Date.now());
  }

  async certificatesOf(client: number): Promise<HeldCertificate[]> {
    demand(this.#operator, 'clients-view');
    const held = await listCertificates(this.#installation.system, { client }, mostCertificates);
    return held.reverse().map(({ keyId, der, notBefore, notAfter, revokedAt }) => ({
      key: hex(keyId),
      subject: readCertificate(der).subject,
      notBefore,
      notAfter,
      ...(revokedAt === undefined ? {} : { revokedAt }),
    }));
  }

  async keepPaper(name: string, lines: readonly string[]): Promise<string> {
    return keepPaper(this.#folder, name, lines);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** In trial use the station that feeds the engine is started with it. */
  async launch(): Promise<void> {
    this.#demandWrite();
    demand(this.#operator, 'engine-launch');
    if (this.status === undefined && runningPid(this.#folder, 'engine') === undefined) {
      await (await import('./engine.ts')).launchEngine(this.#folder);
      await this.#journal('engine-launch');
    }
    if (this.embedded && runningPid(this.#folder, 'station') === undefined)
      await (await import('./station-process.ts')).launchStation(this.#folder);
  }

  pause(): Promise<void> {
    return this.#command('pause');
  }

  resume(): Promise<void> {
    return this.#command('resume');
  }

  cycle(): Promise<void> {
    return this.#command('cycle');
  }

  subscribeAnew(): Promise<void> {
    return this.#command('subscribe');
  }

  /** As this machine reaches it, with the account that engines have. */
  async testBroker(onResult: (result: Result) => void, signal: AbortSignal): Promise<BrokerTest> {
    demand(this.#operator, 'broker-test');
    const broker = await selectedBroker(this.#installation.system);
    if (!broker) throw new XmError('broker-missing');
    const { probeBroker } = await import('../mqtt/probe/probe.ts');
    return probeBroker(probeOptions(this.#folder, broker), onResult, signal);
  }

  get language(): Language | undefined {
    return this.#folder.settings.language;
  }

  keepLanguage(language: Language): void {
    this.#folder.set({ language });
  }

  async recentEvents(limit: number): Promise<MonitorEvent[]> {
    const { system, documents } = this.#installation;
    const events = await new PostgresDocumentStore(documents).recentEvents(limit);
    const clients = events.flatMap(({ client }) => (client === undefined ? [] : [client]));
    const names = await clientNames(system, [...new Set(clients)]);
    return events.map(event => {
      const name = event.client === undefined ? undefined : names.get(event.client);
      return name === undefined ? event : { ...event, clientName: name };
    });
  }

  async close(): Promise<void> {
    await this.t2d.close();
    await this.#watch.close();
    await this.#guarded.close();
    await this.#installation.close();
  }

  async #command(verb: Exclude<EngineCommand, 'stop'>): Promise<void> {
    this.#demandWrite();
    demand(this.#operator, `engine-${verb}`);
    if (!this.status) throw new XmError('engine-not-running');
    await giveCommand(this.#installation.system, verb, this.#operator?.id);
    await this.#journal(`engine-${verb}`);
  }

  async #journal(act: string, detail: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await writeJournal(this.#installation.system, act, detail, this.#operator?.userName);
  }

  #demand(act: Act): Operator {
    this.#demandWrite();
    demand(this.#operator, act);
    return this.#operator as Operator;
  }

  #demandWrite(): void {
    if (this.readOnly) throw new XmError('read-only');
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function readOnlySystem({ system }: OpenInstallation): { readonly system: Database; close(): Promise<void> } {
  const guarded = new Database({ ...system.settings, readOnly: true }, 'xmserver console read-only');
  return { system: guarded, close: () => guarded.close() };
}
