/**
 * One connection to a broker, from CONNECT to its end.
 *
 * Acknowledging after the commit: mqtt.js sends the PUBACK when `handleMessage` calls back, and reads no further until
 * then (442 messages a second with 2 ms of work). Calling back with an error frees the parser without a PUBACK; we
 * send it later by the packet id, through a call that mqtt.js keeps private. The version is pinned, and a test guards
 * it. A new client object for each connection: nothing of an old one is ever sent again behind our back, and an
 * acknowledgement finds the connection that brought the message, or nothing.
 */
import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { XmError } from '../core/errors.ts';
import type { Delivery } from '../core/ports.ts';
import type { LinkOptions } from './link.ts';

export interface ConnectionHandlers {
  readonly onDelivery: (delivery: Delivery) => Promise<void> | void;
  /** Subscribed, and ready. */
  readonly onReady: () => void;
  /** Once, in the end; `connack` is the broker's refusal code where that was the cause. */
  readonly onEnd: (end: { readonly error?: Error; readonly connack?: number }) => void;
}

/** Publishes in flight where the broker names no Receive Maximum (MQTT 3.1.1, or the default of 65 535). */
const defaultWindow = 100;

export class Connection {
  readonly protocol: 4 | 5;
  readonly #client: MqttClient;
  readonly #handlers: ConnectionHandlers;
  readonly #options: LinkOptions;
  /** Messages in the order of arrival that have no PUBACK yet ([MQTT-4.6.0-2]). */
  readonly #unacknowledged: { readonly packetId: number; done: boolean }[] = [];
  #flushing = false;
  #ready = false;
  #ended = false;
  #error: Error | undefined;
  #connack: number | undefined;
  #window = defaultWindow;
  #inFlight = 0;
  readonly #queue: (() => void)[] = [];
  readonly #pending = new Set<(error: Error) => void>();

  constructor(options: LinkOptions, protocol: 4 | 5, handlers: ConnectionHandlers) {
    this.protocol = protocol;
    this.#options = options;
    this.#handlers = handlers;
    const client = mqtt.connect(options.url, clientOptions(options, protocol));
    this.#client = client;
    client.handleMessage = (packet, callback) => this.#handle(packet, callback);
    client.on('error', error => {
      this.#error ??= error;
      const code = (error as { code?: unknown }).code;
      if (typeof code === 'number') this.#connack ??= code;
    });
    client.on('connect', ({ properties }) => {
      this.#window = Math.min(defaultWindow, properties?.receiveMaximum ?? defaultWindow);
      void this.#subscribe(properties?.sharedSubscriptionAvailable !== false);
    });
    client.on('close', () => this.#end());
  }

  /** Resolves on PUBACK; rejects with `link-closed`, or `broker-refused` where the broker's answer says so. */
  async publish(topic: string, payload: Uint8Array): Promise<void> {
    await this.#place();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#pending.add(reject);
    const body = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
    this.#client.publish(topic, body, { qos: 1 }, error => (error ? reject(refusal(error)) : resolve()));
    try {
      await promise;
    } finally {
      this.#pending.delete(reject);
      this.#inFlight--;
      this.#queue.shift()?.();
    }
  }

  /** Milliseconds from PINGREQ to PINGRESP; rejects with `link-closed`. */
  async roundTrip(): Promise<number> {
    if (this.#ended) throw new XmError('link-closed');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onPacket = ({ cmd }: { cmd?: string }) => {
      if (cmd === 'pingresp') resolve();
    };
    this.#pending.add(reject);
    this.#client.on('packetreceive', onPacket);
    const startedAt = performance.now();
    this.#client.sendPing();
    try {
      await promise;
      return performance.now() - startedAt;
    } finally {
      this.#pending.delete(reject);
      this.#client.off('packetreceive', onPacket);
    }
  }

  /** DISCONNECT; the broker keeps the session. Resolves when the socket is closed. */
  async close(): Promise<void> {
    if (this.#ended) return;
    // Acknowledgements that were given in this turn still go out.
    this.#flush();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#client.end(!this.#ready, () => resolve());
    await promise;
    this.#end();
  }

  async #subscribe(sharedAvailable: boolean): Promise<void> {
    const { subscriptions, sharedGroup } = this.#options;
    const shared = sharedGroup !== undefined && this.protocol === 5 && sharedAvailable;
    const filters = subscriptions.map(filter => (shared ? `$share/${sharedGroup}/${filter}` : filter));
    try {
      if (filters.length > 0) {
        const granted = await this.#client.subscribeAsync(filters, { qos: 1 });
        const denied = granted.find(({ qos }) => qos >= 128);
        if (denied) throw new Error(`subscription denied: ${denied.topic}`);
      }
    } catch (error) {
      this.#error ??= error as Error;
      this.#client.end(true);
      this.#end();
      return;
    }
    if (this.#ended) return;
    this.#ready = true;
    this.#handlers.onReady();
  }

  #handle(packet: IPublishPacket, callback: (error?: Error) => void): void {
    // mqtt.js hands what goes in here straight back to its parser: it is no fault, only "no PUBACK now".
    const free = () => callback(packet.qos === 1 ? new Error('deferred') : undefined);
    const delivery: Delivery = {
      topic: packet.topic,
      payload: packet.payload as Buffer,
      acknowledge: packet.qos === 1 ? this.#acknowledgement(packet.messageId as number) : () => undefined,
    };
    const room = this.#handlers.onDelivery(delivery);
    if (room) void room.then(free, free);
    else free();
  }

  #acknowledgement(packetId: number): () => void {
    const entry = { packetId, done: false };
    this.#unacknowledged.push(entry);
    return () => {
      entry.done = true;
      if (this.#flushing) return;
      this.#flushing = true;
      // A batch is acknowledged in one turn: its PUBACKs go out in one write.
      queueMicrotask(() => this.#flush());
    };
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#ended) return;
    const { stream } = this.#client;
    stream.cork();
    while (this.#unacknowledged[0]?.done) {
      const { packetId } = this.#unacknowledged.shift() as { packetId: number };
      this.#client['_sendPacket']({ cmd: 'puback', messageId: packetId, reasonCode: 0 });
    }
    stream.uncork();
  }

  /** Waits for a place in the window of unanswered publishes: mqtt.js keeps no Receive Maximum of its own. */
  async #place(): Promise<void> {
    while (!this.#ended && this.#inFlight >= this.#window) {
      await new Promise<void>(resolve => this.#queue.push(resolve));
    }
    if (this.#ended) throw new XmError('link-closed');
    this.#inFlight++;
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#client.end(true);
    for (const reject of this.#pending) reject(new XmError('link-closed'));
    for (const wake of this.#queue.splice(0)) wake();
    this.#handlers.onEnd({
      ...(this.#error ? { error: this.#error } : {}),
      ...(this.#connack === undefined ? {} : { connack: this.#connack }),
    });
  }
}

function clientOptions(options: LinkOptions, protocol: 4 | 5): IClientOptions {
  return {
    protocolVersion: protocol,
    clientId: options.clientId,
    clean: false,
    keepalive: options.keepAliveS,
    // Reconnecting is link.ts's work.
    reconnectPeriod: 0,
    connectTimeout: options.connectTimeoutMs ?? 30_000,
    ...(options.userName === undefined ? {} : { username: options.userName }),
    ...(options.password === undefined ? {} : { password: options.password }),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    ...(protocol === 5
      ? {
          properties: {
            sessionExpiryInterval: options.sessionExpiryS,
            ...(options.receiveMaximum === undefined ? {} : { receiveMaximum: options.receiveMaximum }),
          },
          autoUseTopicAlias: true,
          autoAssignTopicAlias: true,
        }
      : {}),
  };
}

function refusal(error: Error): Error {
  if (error instanceof XmError) return error;
  return 'code' in error && typeof error.code === 'number' && error.code >= 0x80
    ? new XmError('broker-refused', { detail: error.message }, { cause: error })
    : new XmError('link-closed', {}, { cause: error });
}
