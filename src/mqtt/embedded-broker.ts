/**
 * The embedded broker (aedes, MQTT 3.1.1): for trial use, and for small sites that have none. It keeps sessions in
 * memory only: the broker is a pipe, the databases are the store.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { Aedes, type AuthenticateError, type Client } from 'aedes';

export interface BrokerAccount {
  readonly userName: string;
  readonly password: string;
  /** Topic filters that the account may publish to, and subscribe to. */
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

export interface EmbeddedBrokerOptions {
  readonly host: string;
  /** Used if it is free. */
  readonly preferredPort: number;
  readonly accounts: readonly BrokerAccount[];
}

export interface EmbeddedBroker {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** CONNACK of MQTT 3.1.1 (§3.2.2.3). */
const connack = { identifierRejected: 2, badLogin: 4 } as const;
/** Sessions that one account may have here: each keeps messages in memory. */
const sessionsPerAccount = 100;
/**
 * What waits for one client that is away. What comes on top is acknowledged and dropped, as other brokers do: stations
 * send again all that has no receipt, and while the engine is paused that would be without end.
 */
const waitingLimit = 32 << 20;
/** What aedes holds of a message beside its payload (measured with 600 bytes: 3.4 to 4.9 KB in all). */
const heldBeside = 3 << 10;

export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const accounts = new Map(options.accounts.map(account => [account.userName, account]));
  const accountOf = new WeakMap<Client, BrokerAccount>();
  const sessions = new Sessions();
  const broker = await Aedes.createBroker({
    authenticate(client, userName, password, done) {
      const account = accounts.get(userName ?? '');
      if (!account || !sameSecret(password?.toString() ?? '', account.password)) {
        done(refusal('bad user name or password', connack.badLogin), false);
      } else if (!sessions.claim(client.id, account.userName)) {
        done(refusal('client id of another account', connack.identifierRejected), false);
      } else {
        accountOf.set(client, account);
        done(null, true);
      }
    },
    authorizePublish(client, packet, done) {
      const allowed = client && accountOf.get(client)?.publish.some(filter => matches(filter, packet.topic));
      done(allowed ? null : new Error(`publish denied: ${packet.topic}`));
    },
    authorizeSubscribe(client, subscription, done) {
      const allowed = accountOf.get(client)?.subscribe.some(filter => covers(filter, subscription.topic));
      // null in the answer is SUBACK 0x80, failure.
      done(null, allowed ? subscription : null);
    },
  });
  broker.on('clientDisconnect', client => sessions.leave(client.id, client.clean));
  boundWaiting((broker as unknown as { persistence: Persistence }).persistence, sessions);
  const sockets = new Set<Socket>();
  // A PUBACK and the delivery after it are two small packets: together they would wait for the peer's delayed answer.
  const server = createServer({ noDelay: true }, socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  const port = await listen(server, options.host, options.preferredPort);
  // One connection that cannot be accepted (no file handles left) is no reason to end.
  server.on('error', () => undefined);
  return {
    url: `mqtt://${options.host}:${port}`,
    port,
    async close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      await new Promise<void>(resolve => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/**
 * Who a session belongs to. aedes gives a session, and what waits in it, to whoever comes with its client id; without
 * this, a station could take the server's messages.
 */
class Sessions {
  readonly #owners = new Map<string, string>();
  /** Connections that were let in and have not left. */
  readonly #present = new Map<string, number>();
  readonly #counts = new Map<string, number>();

  /** False: it is another account's, or one too many. */
  claim(clientId: string, userName: string): boolean {
    const owner = this.#owners.get(clientId);
    if (owner === undefined) {
      const count = (this.#counts.get(userName) ?? 0) + 1;
      if (count > sessionsPerAccount) return false;
      this.#owners.set(clientId, userName);
      this.#counts.set(userName, count);
    } else if (owner !== userName) {
      return false;
    }
    this.#present.set(clientId, (this.#present.get(clientId) ?? 0) + 1);
    return true;
  }

  isPresent(clientId: string): boolean {
    return this.#present.has(clientId);
  }

  /** A clean session is gone with its last connection, and counts no more. */
  leave(clientId: string, clean: boolean): void {
    const present = (this.#present.get(clientId) ?? 1) - 1;
    this.#present.set(clientId, present);
    if (present > 0) return;
    this.#present.delete(clientId);
    const owner = this.#owners.get(clientId);
    if (!clean || owner === undefined) return;
    this.#owners.delete(clientId);
    this.#counts.set(owner, (this.#counts.get(owner) ?? 1) - 1);
  }
}

/** Of aedes: what waits for sessions. */
interface Persistence {
  outgoingEnqueueCombi(to: readonly { readonly clientId: string }[], packet: Held): Promise<void>;
  /** Resolves with what was held. */
  outgoingClearMessageId(client: { readonly id: string }, packet: object): Promise<Held | undefined>;
}

interface Held {
  readonly payload: { readonly length: number };
}

/** A client that is there gets everything: aedes waits for it, and those who publish wait for aedes. */
function boundWaiting(persistence: Persistence, sessions: Sessions): void {
  const waiting = new Map<string, number>();
  const add = (clientId: string, bytes: number) =>
    waiting.set(clientId, (waiting.get(clientId) ?? 0) + bytes);
  const enqueue = persistence.outgoingEnqueueCombi.bind(persistence);
  const clear = persistence.outgoingClearMessageId.bind(persistence);
  persistence.outgoingEnqueueCombi = (to, packet) => {
    const bytes = packet.payload.length + heldBeside;
    const kept = to.filter(
      ({ clientId }) => sessions.isPresent(clientId) || (waiting.get(clientId) ?? 0) + bytes <= waitingLimit,
    );
    for (const { clientId } of kept) add(clientId, bytes);
    return enqueue(kept, packet);
  };
  persistence.outgoingClearMessageId = async (client, packet) => {
    const held = await clear(client, packet);
    if (held) add(client.id, -held.payload.length - heldBeside);
    return held;
  };
}

function refusal(message: string, returnCode: number): AuthenticateError {
  return Object.assign(new Error(message), { returnCode }) as AuthenticateError;
}

function listen(server: ReturnType<typeof createServer>, host: string, preferred: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' || preferred === 0) return reject(error);
      listen(server, host, 0).then(resolve, reject);
    });
    server.listen(preferred, host, () => {
      server.removeAllListeners('error');
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : preferred);
    });
  });
}

/** Compared as hashes, so that neither the time nor the length tells how much was right. */
function sameSecret(given: string, expected: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}

/** Word by word; below a `#` everything may be subscribed to. */
function covers(allowed: string, wanted: string): boolean {
  return wanted === allowed || (allowed.endsWith('/#') && wanted.startsWith(allowed.slice(0, -1)));
}

/** Whether a topic matches a filter with `+` and `#` ([MQTT-4.7.1]). */
function matches(filter: string, topic: string): boolean {
  const [wanted, given] = [filter.split('/'), topic.split('/')];
  for (const [i, level] of wanted.entries()) {
    if (level === '#') return true;
    if (i >= given.length || (level !== '+' && level !== given[i])) return false;
  }
  return wanted.length === given.length;
}
