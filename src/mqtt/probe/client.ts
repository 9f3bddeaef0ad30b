/**
 * A client of the broker test: one connection, packet by packet. mqtt.js hides what the test is about: it acknowledges
 * by itself, takes the clock of TCP, TLS and CONNACK together, and cannot be cut off without a DISCONNECT.
 */
import { connect as dialTcp, isIP, type Socket } from 'node:net';
import { connect as dialTls } from 'node:tls';
import {
  generate,
  type IConnackPacket,
  type IPublishPacket,
  type Packet,
  parser,
  type QoS,
} from 'mqtt-packet';
import { needs } from '../../core/broker-test.ts';
import { faultText, XmError } from '../../core/errors.ts';
import { trustFault } from '../tls.ts';
import type { Address } from './address.ts';
import { connackRefusal } from './refusal.ts';

export interface ClientOptions {
  readonly protocol: 4 | 5;
  readonly clientId: string;
  readonly userName?: string;
  readonly password?: string;
  /** Seconds; by default 120. */
  readonly keepAliveS?: number;
  /** The session outlives the connection. */
  readonly persistent?: boolean;
  readonly will?: { readonly topic: string; readonly payload: string };
  /** MQTT 5. */
  readonly receiveMaximum?: number;
  /** Keeps its acknowledgements back until `acknowledge` is called. */
  readonly holds?: boolean;
}

export interface PublishOptions {
  readonly qos?: QoS;
  readonly retain?: boolean;
  /** Seconds (MQTT 5). */
  readonly expiryS?: number;
}

export interface Times {
  readonly tcpMs: number;
  readonly tlsMs?: number;
  readonly connackMs: number;
}

/** Seconds; a step of the test is shorter than that, and no client stays longer. */
const defaultKeepAliveS = 120;
/** What one connection may bring: a broker that sends without end is left. */
const mostBytes = 64 << 20;
const mostMessages = 20_000;
/** For each of TCP, TLS and CONNACK. */
const answerMs = 6_000;
/** For the broker's end of a connection that we close. */
const closeMs = 500;
/** Reason codes from here on are refusals (MQTT 5 §2.4; SUBACK of 3.1.1 §3.9.3). */
export const firstRefusal = 0x80;

export class Client {
  /** PUBLISH packets in the order of arrival, until they are taken. */
  readonly inbox: IPublishPacket[] = [];
  readonly clientId: string;
  readonly #socket: Socket;
  readonly #address: Address;
  readonly #options: ClientOptions;
  readonly #signal: AbortSignal;
  readonly #answers = new Map<string, Packet>();
  readonly #wakes = new Set<() => void>();
  #connack: IConnackPacket | undefined;
  #times: Times | undefined;
  #nextId = 1;
  #bytes = 0;
  #end: XmError | undefined;
  #farewell: number | undefined;

  /**
   * Resolves with CONNACK. Rejects with `broker-unreachable`, `broker-refused`, or the signal's reason; what it awaits
   * afterwards ends with the signal, too.
   */
  static async connect(address: Address, options: ClientOptions, signal: AbortSignal): Promise<Client> {
    signal.throwIfAborted();
    const client = new Client(address, options, signal);
    try {
      await client.#enter(address);
      return client;
    } catch (error) {
      client.cut();
      throw error;
    }
  }

  private constructor(address: Address, options: ClientOptions, signal: AbortSignal) {
    this.clientId = options.clientId;
    this.#address = address;
    this.#options = options;
    this.#signal = signal;
    this.#socket = dial(address);
    this.#socket.on('error', error => this.#ended(unreachable(address, error)));
    this.#socket.on('close', () => this.#ended(new XmError('link-closed')));
    signal.addEventListener('abort', this.#wake, { once: true });
    const packets = parser({ protocolVersion: options.protocol });
    packets.on('packet', packet => this.#take(packet));
    packets.on('error', error => this.#ended(new XmError('broker-refused', { detail: faultText(error) })));
    this.#socket.on('data', chunk => {
      this.#bytes += chunk.length;
      if (this.#bytes > mostBytes) this.#ended(tooMuch());
      else packets.parse(chunk);
    });
  }

  get connack(): IConnackPacket {
    return this.#connack as IConnackPacket;
  }

  get times(): Times {
    return this.#times as Times;
  }

  /** Reason code of the broker's DISCONNECT (MQTT 5). */
  get farewell(): number | undefined {
    return this.#farewell;
  }

  /** The answer of SUBACK: the QoS granted, or a refusal (0x80 and above). Rejects when the connection ends. */
  async subscribe(filter: string, qos: QoS = 1, subscriptionIdentifier?: number): Promise<number> {
    const messageId = this.#id();
    this.#send({
      cmd: 'subscribe',
      messageId,
      subscriptions: [{ topic: filter, qos }],
      ...(subscriptionIdentifier === undefined ? {} : { properties: { subscriptionIdentifier } }),
    });
    const answer = await this.#answer('suback', messageId);
    const [granted] = answer.cmd === 'suback' ? answer.granted : [];
    return typeof granted === 'number' ? granted : firstRefusal;
  }

  /** The reason code of the broker's answer: always 0 at QoS 0 and in MQTT 3.1.1. Rejects when the connection ends. */
  async publish(topic: string, payload: Buffer | string, options: PublishOptions = {}): Promise<number> {
    const { qos = 1, retain = false, expiryS } = options;
    const messageId = qos === 0 ? undefined : this.#id();
    this.#send({
      cmd: 'publish',
      topic,
      payload,
      qos,
      retain,
      dup: false,
      ...(messageId === undefined ? {} : { messageId }),
      ...(expiryS === undefined ? {} : { properties: { messageExpiryInterval: expiryS } }),
    });
    if (messageId === undefined) return 0;
    const answer = await this.#answer(qos === 1 ? 'puback' : 'pubrec', messageId);
    const code = reasonOf(answer);
    if (qos === 1 || code >= firstRefusal) return code;
    this.#send({ cmd: 'pubrel', messageId });
    return reasonOf(await this.#answer('pubcomp', messageId));
  }

  /** The next message; undefined when none comes in time. Rejects when the connection ends. */
  next(ms: number): Promise<IPublishPacket | undefined> {
    return this.#when(() => this.inbox.shift(), ms);
  }

  /** The first message that fits, those before it thrown away; undefined when none comes in time. */
  async find(ms: number, fits: (message: IPublishPacket) => boolean): Promise<IPublishPacket | undefined> {
    const until = performance.now() + ms;
    while (true) {
      const message = await this.next(Math.max(0, until - performance.now()));
      if (!message || fits(message)) return message;
    }
  }

  acknowledge({ messageId, qos }: IPublishPacket): void {
    if (messageId === undefined || qos === 0) return;
    this.#send({ cmd: qos === 1 ? 'puback' : 'pubrec', messageId });
  }

  /** PINGREQ and its answer: what the broker had sent before has come. */
  async ping(): Promise<void> {
    this.#answers.delete('pingresp');
    this.#send({ cmd: 'pingreq' });
    await this.#answer('pingresp');
  }

  /** Whether the broker ends the connection in time. */
  async isEnded(ms: number): Promise<boolean> {
    return (await this.#when(() => this.#end !== undefined || undefined, ms)) === true;
  }

  /** DISCONNECT. Resolves when the socket is closed; never rejects. */
  async close(): Promise<void> {
    if (this.#end) return this.cut();
    this.#send({ cmd: 'disconnect', reasonCode: 0 });
    const closed = new Promise<void>(resolve => this.#socket.once('close', () => resolve()));
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), closeMs);
    await closed;
    clearTimeout(timer);
  }

  /** As a network does that breaks. */
  cut(): void {
    this.#socket.destroy();
  }

  async #enter(address: Address): Promise<void> {
    const startedAt = performance.now();
    const tcpAt = await this.#happened('connect');
    const readyAt = address.tls ? await this.#happened('secureConnect') : tcpAt;
    this.#send(connectPacket(this.#options));
    const { reasonCode, returnCode } = await this.#promptly(() => this.#connack);
    const code = reasonCode ?? returnCode ?? 0;
    if (code !== 0) throw connackRefusal(code);
    this.#times = {
      tcpMs: tcpAt - startedAt,
      ...(address.tls ? { tlsMs: readyAt - tcpAt } : {}),
      connackMs: performance.now() - readyAt,
    };
  }

  /** When it did, on the clock of `performance`. */
  #happened(event: 'connect' | 'secureConnect'): Promise<number> {
    let at: number | undefined;
    this.#socket.once(event, () => {
      at = performance.now();
      this.#wake();
    });
    return this.#promptly(() => at);
  }

  async #promptly<T>(ready: () => T | undefined): Promise<T> {
    const found = await this.#when(ready, answerMs);
    if (found === undefined) throw unreachable(this.#address, new Error('no answer'));
    return found;
  }

  #id(): number {
    const id = this.#nextId;
    this.#nextId = id === 0xffff ? 1 : id + 1;
    return id;
  }

  #send(packet: Packet): void {
    if (!this.#end) this.#socket.write(generate(packet, { protocolVersion: this.#options.protocol }));
  }

  async #answer(cmd: Packet['cmd'], id?: number): Promise<Packet> {
    const key = keyOf(cmd, id);
    const answer = await this.#when(() => {
      const found = this.#answers.get(key);
      this.#answers.delete(key);
      return found;
    });
    return answer as Packet;
  }

  #take(packet: Packet): void {
    switch (packet.cmd) {
      case 'connack':
        this.#connack ??= packet;
        break;
      case 'publish':
        this.inbox.push(packet);
        if (this.inbox.length > mostMessages) this.#ended(tooMuch());
        else if (!this.#options.holds) this.acknowledge(packet);
        break;
      case 'pubrel':
        this.#send({ cmd: 'pubcomp', messageId: packet.messageId as number });
        break;
      case 'disconnect':
        this.#farewell = packet.reasonCode ?? 0;
        this.#ended(new XmError('broker-refused', { detail: `DISCONNECT 0x${this.#farewell.toString(16)}` }));
        break;
      default:
        this.#answers.set(keyOf(packet.cmd, packet.messageId), packet);
    }
    this.#wake();
  }

  /** What `ready` finds, now or after a packet; undefined when `ms` have passed. What has come is found after the end, too. */
  async #when<T>(ready: () => T | undefined, ms?: number): Promise<T | undefined> {
    const until = ms === undefined ? undefined : performance.now() + ms;
    while (true) {
      const found = ready();
      if (found !== undefined) return found;
      this.#signal.throwIfAborted();
      if (this.#end) throw this.#end;
      const left = until === undefined ? undefined : until - performance.now();
      if (left !== undefined && left <= 0) return undefined;
      await this.#woken(left);
    }
  }

  async #woken(ms: number | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
    this.#wakes.add(resolve);
    await promise;
    this.#wakes.delete(resolve);
    clearTimeout(timer);
  }

  readonly #wake = (): void => {
    for (const wake of this.#wakes) wake();
  };

  #ended(error: XmError): void {
    this.#end ??= error;
    this.#signal.removeEventListener('abort', this.#wake);
    this.#socket.destroy();
    this.#wake();
  }
}

function dial({ host, port, tls }: Address): Socket {
  if (!tls) return dialTcp({ host, port, noDelay: true });
  const { context, insecure } = tls;
  return dialTls({
    host,
    port,
    ...(isIP(host) ? {} : { servername: host }),
    secureContext: context,
    rejectUnauthorized: !insecure,
  }).setNoDelay(true);
}

function connectPacket(options: ClientOptions): Packet {
  const { protocol, clientId, userName, password, persistent = false, will, receiveMaximum } = options;
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: protocol,
    clientId,
    clean: !persistent,
    keepalive: options.keepAliveS ?? defaultKeepAliveS,
    ...(userName === undefined ? {} : { username: userName }),
    ...(password === undefined ? {} : { password: Buffer.from(password) }),
    ...(will ? { will: { ...will, qos: 1, retain: false } } : {}),
    ...(protocol === 5
      ? {
          properties: {
            sessionExpiryInterval: persistent ? needs.sessionExpiryS : 0,
            ...(receiveMaximum === undefined ? {} : { receiveMaximum }),
          },
        }
      : {}),
  };
}

function keyOf(cmd: Packet['cmd'], id: number | undefined): string {
  return id === undefined ? cmd : `${cmd} ${id}`;
}

function reasonOf(packet: Packet): number {
  return 'reasonCode' in packet ? (packet.reasonCode ?? 0) : 0;
}

function tooMuch(): XmError {
  return new XmError('broker-refused', { detail: 'the broker sends without end' });
}

/** Some errors of Node's sockets carry their words in the code only. */
function unreachable({ url, tls }: Address, error: NodeJS.ErrnoException): XmError {
  const untrusted = tls && trustFault(error, url, tls);
  if (untrusted) return untrusted;
  return new XmError(
    'broker-unreachable',
    { url, detail: error.message || String(error.code) },
    { cause: error },
  );
}
