/**
 * One connection to a broker, from CONNECT to its end.
 *
 * Acknowledging after the commit: mqtt.js sends the PUBACK when `handleMessage` calls back, and reads no further until
 * then (442 messages a second with 2 ms of work). Calling back with an error frees the parser without a PUBACK; we
 * send it later by the packet id, through a call that mqtt.js keeps private. The version is pinned, and a test guards
 * it. A new client object for each connection: nothing of an old one is ever sent again behind our back, and an
 * acknowledgement finds the connection that brought the message, or nothing.
 */
import type { SecureContext } from 'node:tls';
import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { XmError } from '../core/errors.ts';
import type { Delivery } from '../core/ports.ts';
import { AnswerWatch } from './answer-watch.ts';
import type { LinkOptions } from './link.ts';
import { PublishWindow } from './publish-window.ts';

export interface ConnectionEnd {
  readonly error?: Error;
  /** The broker's refusal code where that was the cause. */
  readonly connack?: number;
  /** The broker had let us in, in the protocol that was asked for. */
  readonly accepted: boolean;
  /** The broker cannot share subscriptions, and there are turns to take: nothing is subscribed. */
  readonly mustTakeTurns: boolean;
}

export interface ConnectionTls {
  readonly secureContext?: SecureContext;
  /** Of a connection before this one to the same broker: it saves the certificates (RFC 8446 §2.2). */
  readonly tlsSession?: Buffer;
}

export interface ConnectionHandlers {
  /** The broker has given a ticket; perhaps several times. */
  readonly onTlsSession?: (session: Buffer) => void;
  readonly onDelivery: (delivery: Delivery) => Promise<void> | void;
  /** Subscribed, and ready. */
  readonly onReady: () => void;
  /** Once, in the end. */
  readonly onEnd: (end: ConnectionEnd) => void;
}

/** Publishes in flight where the broker names no Receive Maximum (MQTT 3.1.1, or the default of 65 535). */
const defaultWindow = 100;
/** The largest packet that we take (MQTT 5): no SDC comes near, and nobody can fill our memory with a few of them. */
const largestPacket = 256 << 10;
/** A peer that is gone does not answer a DISCONNECT either. */
const closeMs = 2_000;

/** An answer that is missing for longer will not come: an SDC through a satellite takes seconds. */
const defaultAnswerTimeoutMs = 120_000;

/** After leaving a group: no message for so long means that none is on its way. */
const quietMs = 500;
/** What is not filed by then, for want of a database, is left to whoever takes the session over. */
const defaultLeaveTimeoutMs = 10_000;

/** What mqtt.js hands straight back to its parser: no fault, only "no PUBACK now". */
const deferred = new Error('deferred');

/** DISCONNECT of the broker (MQTT 5, table 3-13), as far as an operator can do something about it. */
const farewells: ReadonlyMap<number | undefined, string> = new Map([
  [0x8b, 'the broker is shutting down'],
  [0x8e, 'another client has connected with our client id'],
  [0x95, 'packet too large for the broker'],
  [0x97, 'quota of the broker exceeded'],
]);

export class Connection {
  readonly protocol: 4 | 5;
  readonly #client: MqttClient;
  readonly #handlers: ConnectionHandlers;
  readonly #options: LinkOptions;
  /** Messages in the order of arrival that have no PUBACK yet ([MQTT-4.6.0-2]). */
  readonly #unacknowledged: { readonly packetId: number; done: boolean }[] = [];
  #flushing = false;
  /** The broker repeats on a living connection what it has no PUBACK for (EMQX, by its retry_interval). */
  #isImpatient = false;
  #state: 'connecting' | 'ready' | 'closing' | 'ended' = 'connecting';
  #error: Error | undefined;
  #connack: number | undefined;
  #accepted = false;
  #mustTakeTurns = false;
  #filters: readonly string[] = [];
  #isShared = false;
  #hasLeft = false;
  /** When the last message came, on the clock of `performance`. */
  #deliveredAt = Number.NEGATIVE_INFINITY;
  readonly #window = new PublishWindow(defaultWindow);
  readonly #pings = new Set<(error: Error) => void>();
  readonly #answers: AnswerWatch;
  /** PINGREQs without an answer, those of mqtt.js included. */
  readonly #pingsOwed: (() => void)[] = [];
  #awake: NodeJS.Timeout | undefined;

  /** Throws where `options.url` is no address of a broker. */
  constructor(options: LinkOptions & ConnectionTls, protocol: 4 | 5, handlers: ConnectionHandlers) {
    this.protocol = protocol;
    this.#options = options;
    this.#handlers = handlers;
    const answerTimeoutMs = options.answerTimeoutMs ?? defaultAnswerTimeoutMs;
    this.#answers = new AnswerWatch(answerTimeoutMs, () => {
      this.#error ??= new Error(`no answer for ${answerTimeoutMs / 1_000} s`);
      this.#end();
    });
    const client = mqtt.connect(clientOptions(options, protocol));
    this.#client = client;
    // Emitted by TLS sockets only, once the certificate and its name are found good.
    if (handlers.onTlsSession) client.stream.on('session', handlers.onTlsSession);
    client.handleMessage = (packet, callback) => this.#handle(packet, callback);
    client.on('error', error => {
      this.#error ??= error;
      const code = (error as { code?: unknown }).code;
      if (typeof code === 'number') this.#connack ??= code;
    });
    client.on('disconnect', ({ reasonCode }) => {
      this.#error ??= new Error(farewells.get(reasonCode) ?? `DISCONNECT ${reasonCode}`);
    });
    client.on('connect', ({ properties, sessionPresent }) => {
      this.#accepted = true;
      this.#window.limit = Math.min(defaultWindow, properties?.receiveMaximum ?? defaultWindow);
      this.#isShared =
        options.sharedGroup !== undefined &&
        protocol === 5 &&
        properties?.sharedSubscriptionAvailable !== false;
      this.#mustTakeTurns = options.inTurn !== undefined && protocol === 5 && !this.#isShared;
      void (this.#mustTakeTurns ? this.#giveWay(sessionPresent) : this.#subscribe());
    });
    // Before it is written: what is written in one turn is one TLS record, and mostly one packet.
    client.on('packetsend', ({ cmd }) => {
      if (cmd === 'publish' || cmd === 'pingreq') this.#flush();
      if (cmd === 'pingreq') this.#pingsOwed.push(this.#answers.ask());
    });
    client.on('packetreceive', ({ cmd }) => {
      if (cmd === 'pingresp') this.#pingsOwed.shift()?.();
    });
    client.on('close', () => this.#end());
  }

  /** Resolves on PUBACK; rejects with `link-closed`, or `broker-refused` where the broker's answer says so. */
  async publish(topic: string, payload: Uint8Array): Promise<void> {
    await this.#window.enter();
    try {
      if (this.#state !== 'ready') throw new XmError('link-closed');
      await this.#publishNow(topic, Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength));
    } finally {
      this.#window.leave();
    }
  }

  /** Milliseconds from PINGREQ to PINGRESP; rejects with `link-closed`. */
  async roundTrip(): Promise<number> {
    if (this.#state !== 'ready') throw new XmError('link-closed');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onPacket = ({ cmd }: { cmd?: string }) => {
      if (cmd === 'pingresp') resolve();
    };
    this.#pings.add(reject);
    this.#client.on('packetreceive', onPacket);
    const startedAt = performance.now();
    this.#client.sendPing();
    try {
      await promise;
      return performance.now() - startedAt;
    } finally {
      this.#pings.delete(reject);
      this.#client.off('packetreceive', onPacket);
    }
  }

  /** Topic filters as they were granted, with the share's prefix. */
  get subscriptions(): readonly string[] {
    return this.#filters;
  }

  async resubscribe(): Promise<void> {
    if (this.#state !== 'ready') throw new XmError('link-closed');
    if (this.#filters.length > 0)
      await this.#answered(this.#client.subscribeAsync([...this.#filters], { qos: 1 }));
  }

  /** As `leaveSession`, where what is subscribed is shared. */
  async leaveGroup(): Promise<void> {
    if (!this.#isShared || this.#state !== 'ready') return;
    await this.leaveSession();
  }

  /**
   * UNSUBSCRIBE from all; resolves when nothing has come for a while, and then `close` ends the session. One of 3.1.1
   * stays, and stays empty. Rejects where the session has to stay, with what was not acknowledged in time.
   */
  async leaveSession(): Promise<void> {
    if (this.#state !== 'ready' || this.#filters.length === 0) return;
    await this.#answered(this.#client.unsubscribeAsync([...this.#filters]));
    if (!(await this.finish(this.#options.leaveTimeoutMs ?? defaultLeaveTimeoutMs))) {
      throw new Error(`${this.#unacknowledged.length} messages without an acknowledgement`);
    }
  }

  /** When nothing has come for a while, the session is one that `close` ends; false: it stays. */
  async finish(limitMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    this.#hasLeft = (await this.#quiet(limitMs)) && this.#state === 'ready';
    return this.#hasLeft;
  }

  /** DISCONNECT; the broker keeps the session of whoever has not left. Resolves when the socket is closed. */
  async close(): Promise<void> {
    if (this.#state === 'ended') return;
    // Acknowledgements that were given in this turn still go out.
    this.#flush();
    const isPolite = this.#state === 'ready';
    this.#state = 'closing';
    this.#answers.close();
    // mqtt.js would wait for their answers.
    this.#giveUpPublishes();
    const timer = setTimeout(() => this.#client.stream.destroy(), closeMs);
    const farewell = this.#hasLeft && this.protocol === 5 ? { properties: { sessionExpiryInterval: 0 } } : {};
    await new Promise<void>(resolve => this.#client.end(!isPolite, farewell, () => resolve()));
    clearTimeout(timer);
    this.#end();
  }

  #publishNow(topic: string, payload: Buffer): Promise<void> {
    const limit = this.#client.serverProperties?.maximumPacketSize;
    if (limit !== undefined && payload.length + topic.length + packetOverhead > limit) {
      throw new XmError('broker-refused', { detail: `${payload.length} bytes, ${limit} at most` });
    }
    const answer = new Promise<void>((resolve, reject) => {
      this.#client.publish(topic, payload, { qos: 1 }, error => (error ? reject(refusal(error)) : resolve()));
    });
    return this.#answered(answer);
  }

  async #answered<T>(answer: Promise<T>): Promise<T> {
    const came = this.#answers.ask();
    try {
      return await answer;
    } finally {
      came();
    }
  }

  #giveUpPublishes(): void {
    for (const id of Object.keys(this.#client.outgoing)) this.#client.removeOutgoingMessage(Number(id));
  }

  /**
   * A subscription of our own would bring every message to every engine. Where the broker has learned only now that it
   * cannot share, or we have, an earlier session may hold one: what waits in it is taken, and it ends.
   */
  async #giveWay(hasSession: boolean): Promise<void> {
    this.#state = 'ready';
    try {
      if (hasSession) {
        await this.#answered(this.#client.unsubscribeAsync([...this.#options.subscriptions]));
        await this.#quiet();
      }
      this.#hasLeft = true;
      await this.close();
    } catch {
      this.#end();
    }
  }

  async #subscribe(): Promise<void> {
    const { subscriptions, sharedGroup } = this.#options;
    const filters = subscriptions.map(filter =>
      this.#isShared ? `$share/${sharedGroup}/${filter}` : filter,
    );
    this.#filters = filters;
    const subscribing =
      filters.length > 0 ? this.#answered(this.#client.subscribeAsync(filters, { qos: 1 })) : [];
    if (this.#options.publishesEarly) this.#ready();
    try {
      const granted = await subscribing;
      // QoS 0 is never delivered again: what we had not filed would be lost.
      if (granted.some(({ qos }) => qos !== 1)) throw new Error('QoS 1 not granted');
    } catch (error) {
      if (this.#state === 'closing' || this.#state === 'ended') return;
      const detail = `${filters.join(' ')}: ${(error as Error).message}`;
      this.#error ??= new XmError('broker-refused', { detail }, { cause: error });
      this.#end();
      return;
    }
    this.#ready();
  }

  #ready(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'ready';
    this.#handlers.onReady();
  }

  #handle(packet: IPublishPacket, callback: (error?: Error) => void): void {
    const free = () => callback(packet.qos === 1 ? deferred : undefined);
    this.#deliveredAt = performance.now();
    // The same message still: with a second PUBACK it would acknowledge whatever has its packet id by then.
    if (packet.dup && this.#unacknowledged.some(({ packetId }) => packetId === packet.messageId)) {
      this.#isImpatient = true;
      this.#flush();
      free();
      return;
    }
    const room = this.#handlers.onDelivery({
      topic: packet.topic,
      payload: packet.payload as Buffer,
      acknowledge: packet.qos === 1 ? this.#acknowledgement(packet.messageId as number) : () => undefined,
    });
    if (room) {
      this.#stayAwake();
      this.#answers.hold();
      void room
        .catch(() => undefined)
        .finally(() => {
          clearInterval(this.#awake);
          this.#answers.release();
          free();
        });
    } else {
      free();
    }
  }

  /**
   * While we do not read we cannot see a PINGRESP, and mqtt.js would take the broker for dead; the broker must hear
   * from us all the same.
   */
  #stayAwake(): void {
    if (this.#client.keepalive === 0) return;
    this.#awake = setInterval(() => {
      this.#client.sendPing();
      this.#client.reschedulePing(true);
    }, this.#client.keepalive * 500);
  }

  /**
   * Resolves when no message has come for `quietMs` and all that came are acknowledged, or when the connection ends;
   * false: not in time.
   */
  async #quiet(limitMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    const since = performance.now();
    for (let left = quietMs; left > 0 && this.#state === 'ready'; ) {
      if (performance.now() - since > limitMs) return false;
      await new Promise(resolve => setTimeout(resolve, left));
      const idle =
        this.#unacknowledged.length === 0 ? performance.now() - Math.max(since, this.#deliveredAt) : 0;
      left = Math.ceil(quietMs - idle);
    }
    return true;
  }

  #acknowledgement(packetId: number): () => void {
    const entry = { packetId, done: false };
    this.#unacknowledged.push(entry);
    return () => {
      entry.done = true;
      if (this.#flushing || this.#mayWait()) return;
      this.#flushing = true;
      // A batch is acknowledged in one turn: its PUBACKs go out in one write.
      queueMicrotask(() => this.#flush());
    };
  }

  #mayWait(): boolean {
    const most = this.#options.waitingAcknowledgements;
    return (
      most !== undefined &&
      !this.#isImpatient &&
      this.#unacknowledged.filter(({ done }) => done).length <= most
    );
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#state === 'closing' || this.#state === 'ended') return;
    const { stream } = this.#client;
    stream.cork();
    while (this.#unacknowledged[0]?.done) {
      const { packetId } = this.#unacknowledged.shift() as { packetId: number };
      this.#client['_sendPacket']({ cmd: 'puback', messageId: packetId, reasonCode: 0 });
    }
    stream.uncork();
  }

  #end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    clearInterval(this.#awake);
    this.#answers.close();
    this.#giveUpPublishes();
    this.#client.end(true);
    for (const reject of this.#pings) reject(new XmError('link-closed'));
    this.#handlers.onEnd({
      ...(this.#error ? { error: this.#error } : {}),
      ...(this.#connack === undefined ? {} : { connack: this.#connack }),
      accepted: this.#accepted,
      mustTakeTurns: this.#mustTakeTurns,
    });
  }
}

/** Bytes of a PUBLISH beside topic and payload, properties included, at most. */
const packetOverhead = 16;

function clientOptions(options: LinkOptions & ConnectionTls, protocol: 4 | 5): IClientOptions {
  const { protocol: scheme, hostname, port } = new URL(options.url);
  const tls = scheme === 'mqtts:';
  if (!tls && scheme !== 'mqtt:') throw new Error('neither mqtt:// nor mqtts://');
  return {
    // Taken apart here: mqtt.js would do it with Node's deprecated url.parse.
    protocol: tls ? 'mqtts' : 'mqtt',
    host: hostname.replace(/^\[(.*)\]$/, '$1'), // an IPv6 address stands in brackets
    port: port === '' ? (tls ? 8883 : 1883) : Number(port),
    protocolVersion: protocol,
    clientId: options.clientId,
    clean: false,
    keepalive: options.keepAliveS,
    // Reconnecting is link.ts's work.
    reconnectPeriod: 0,
    connectTimeout: options.connectTimeoutMs ?? 30_000,
    ...(options.userName === undefined ? {} : { username: options.userName }),
    ...(options.password === undefined ? {} : { password: options.password }),
    ...(options.secureContext === undefined ? {} : { secureContext: options.secureContext }),
    ...(options.tlsSession === undefined ? {} : { session: options.tlsSession }),
    ...(protocol === 5
      ? {
          properties: {
            sessionExpiryInterval: options.sessionExpiryS,
            maximumPacketSize: largestPacket,
            ...(options.receiveMaximum === undefined ? {} : { receiveMaximum: options.receiveMaximum }),
          },
          autoUseTopicAlias: options.topicAlias ?? true,
          autoAssignTopicAlias: options.topicAlias ?? true,
        }
      : {}),
  };
}

function refusal(error: Error): Error {
  return 'code' in error && typeof error.code === 'number' && error.code >= 0x80
    ? new XmError('broker-refused', { detail: error.message }, { cause: error })
    : new XmError('link-closed', {}, { cause: error });
}
