/** What the steps of the broker test work with: clients, topics under one random prefix, and what must go again. */
import type { Announced } from '../../core/broker-test.ts';
import { XmError } from '../../core/errors.ts';
import { topics } from '../../core/message.ts';
import type { Address } from './address.ts';
import { Client, type ClientOptions } from './client.ts';

export interface Account {
  readonly userName?: string;
  readonly password?: string;
}

export interface BenchOptions {
  readonly address: Address;
  readonly protocol: 4 | 5;
  readonly account: Account;
  /** Of somebody who may not use the topics of the test. */
  readonly otherAccount?: Account;
  /** Random: no other test, and nothing else, meets this one. */
  readonly run: string;
  /** Seconds that engines ask for; a step may be silent for longer. */
  readonly keepAliveS?: number;
  /** Bytes. */
  readonly maxPayload: number;
}

/** What the first steps learn for the others. */
export interface Link {
  announced: Announced;
  /** How long to wait for what should come: by what the connection took. */
  patienceMs: number;
}

/** Of one step. */
export class Bench {
  readonly options: BenchOptions;
  readonly prefix: string;
  /** Aborts with the time limit of the step, and with the whole test. */
  readonly signal: AbortSignal;
  readonly link: Link;
  /** Steps that run at the same time do not take each other's client ids. */
  readonly #lane: number;
  #clients: Client[] = [];
  readonly #sessions = new Set<string>();
  readonly #retained = new Set<string>();

  constructor(options: BenchOptions, link: Link, lane: number, signal: AbortSignal) {
    this.options = options;
    this.link = link;
    this.#lane = lane;
    this.signal = signal;
    this.prefix = `${topics.test}/${options.run}`;
  }

  get announced(): Announced {
    return this.link.announced;
  }

  get patienceMs(): number {
    return this.link.patienceMs;
  }

  topic(name: string): string {
    return `${this.prefix}/${name}`;
  }

  /** The same few in every step: a broker may remember each. */
  clientId(name: string): string {
    return `xmst${this.options.run}${this.#lane}${name}`;
  }

  /** `name`: of the client id. Closed when the step is over; what it leaves at the broker goes, too. */
  async connect(name = 'a', options: Partial<ClientOptions> = {}): Promise<Client> {
    const clientId = options.clientId ?? this.clientId(name);
    if (options.persistent) this.#sessions.add(clientId);
    const client = await Client.connect(
      this.options.address,
      { protocol: this.options.protocol, ...this.options.account, ...options, clientId },
      this.signal,
    );
    this.#clients.push(client);
    return client;
  }

  /** To be called before a message is retained there. */
  willRetain(topic: string): void {
    this.#retained.add(topic);
  }

  /** Ends clients and sessions, removes what is retained. Never rejects: at the latest, `signal` ends it. */
  async tidy(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#clients.map(client => client.close()));
    this.#clients = [];
    if (this.#sessions.size === 0 && this.#retained.size === 0) return;
    const retained = [...this.#retained];
    this.#retained.clear();
    // A client that asks for a clean session ends the one that was kept.
    const ids = this.#sessions.size === 0 ? [this.clientId('a')] : [...this.#sessions];
    this.#sessions.clear();
    await Promise.all(ids.map((clientId, i) => this.#clean(clientId, i === 0 ? retained : [], signal)));
  }

  async #clean(clientId: string, retained: readonly string[], signal: AbortSignal): Promise<void> {
    const { address, protocol, account } = this.options;
    try {
      const client = await Client.connect(address, { protocol, ...account, clientId }, signal);
      await Promise.all(retained.map(topic => client.publish(topic, '', { retain: true }))).catch(
        () => undefined,
      );
      await client.close();
    } catch {
      // A broker that is gone has nothing left of ours; with one that is too slow, sessions end by their expiry.
    }
  }
}

/** False where the broker refuses, or ends the connection over it: no fault of the test. */
export async function accepts(attempt: () => Promise<boolean>): Promise<boolean> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof XmError) return false;
    throw error;
  }
}
