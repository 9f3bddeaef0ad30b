/**
 * The link to a broker: MQTT 5 where the broker speaks it, 3.1.1 otherwise; a session that persists; back again by
 * itself after every loss, with pauses that grow, for a refusal as for a lost network.
 *
 * Several engines share one subscription. A broker that cannot do that (3.1.1, or MQTT 5 whose CONNACK says so) gets
 * one of them at a time: they take turns under one client id, so that the one whose turn comes finds the session, and
 * what waits in it.
 */
import type { SecureContext } from 'node:tls';
import type { MqttVersion } from '../core/broker-test.ts';
import { XmError } from '../core/errors.ts';
import type { Link, LinkHandlers, LinkStatus, Reason, Turn } from '../core/ports.ts';
import { Connection, type ConnectionEnd, type ConnectionTls } from './connection.ts';
import { secureContextOf, type TlsOptions, trustFault } from './tls.ts';

export interface LinkOptions extends TlsOptions {
  /** `mqtt://host:port` or `mqtts://host:port` */
  readonly url: string;
  /** The only one that is spoken; absent: 5 where the broker speaks it, 3.1.1 otherwise. */
  readonly mqttVersion?: MqttVersion | undefined;
  /** Stable: the broker keeps the session under it. */
  readonly clientId: string;
  readonly userName?: string;
  readonly password?: string;
  /** Seconds. */
  readonly keepAliveS: number;
  /** Seconds that the broker keeps the session of a client that is gone (MQTT 5). */
  readonly sessionExpiryS: number;
  /** Topic filters, QoS 1. */
  readonly subscriptions: readonly string[];
  /** MQTT 5: the members of the group share the messages among them. */
  readonly sharedGroup?: string;
  /** For a broker that cannot share, of 3.1.1 or of MQTT 5: the client id of whoever has the turn, and how to wait for it. */
  readonly inTurn?: {
    readonly clientId: string;
    /** Undefined where `ending` came first. */
    readonly take: (ending: AbortSignal) => Promise<Turn | undefined>;
  };
  /** So many acknowledgements may wait for the next PUBLISH or PINGREQ and go with it; by default none does. */
  readonly waitingAcknowledgements?: number;
  /**
   * Publishes once the broker has let us in, a round trip before it has answered the SUBSCRIBE: it takes packets in their
   * order, so answers find the subscription [MQTT-4.6.0]. Where that is refused the connection ends all the same.
   */
  readonly publishesEarly?: boolean;
  /** A topic is named once in a connection where the broker of MQTT 5 offers aliases; false: each time. */
  readonly topicAlias?: boolean;
  /** Messages that the broker may send ahead of our acknowledgements (MQTT 5). */
  readonly receiveMaximum?: number;
  readonly connectTimeoutMs?: number;
  /** A broker that owes an answer (PUBACK, PINGRESP, SUBACK) for longer is taken for gone; by default 120 000. */
  readonly answerTimeoutMs?: number;
  /** Leaving is given up where what came is not acknowledged for longer; by default 10 000. */
  readonly leaveTimeoutMs?: number;
  /** Pauses before the next attempt; by default 500 ms to 30 s. */
  readonly retry?: { readonly firstMs: number; readonly longestMs: number };
}

const defaultRetry = { firstMs: 500, longestMs: 30_000 };

/** A turn that is not ours after this long is somebody else's: we stand by. */
const standbyMs = 1_000;

/** Connections that the broker ends without a word, one after the other, before it is asked whether 3.1.1 suits it. */
const speechlessEnds = 2;

/** MQTT 5 "Unsupported Protocol Version" and 3.1.1 "unacceptable protocol version" in CONNACK. */
const wrongProtocol = new Set([0x84, 0x01]);
/** MQTT 5 and 3.1.1 CONNACK codes of a wrong name or password, and of not being allowed in. */
const notAllowed = new Set([0x86, 0x87, 0x04, 0x05]);

export function openLink(options: LinkOptions, handlers: LinkHandlers): Link {
  return new BrokerLink(options, handlers);
}

class BrokerLink implements Link {
  readonly #options: LinkOptions;
  readonly #handlers: LinkHandlers;
  #status: LinkStatus = { state: 'connecting' };
  #connection: Connection | undefined;
  #protocol: 4 | 5 = 5;
  /** The broker has let us in with it. */
  #knows5 = false;
  /** MQTT 5 without shared subscriptions, as its CONNACK has told. */
  #cannotShare = false;
  #speechless = 0;
  /** The broker did, a moment ago. */
  #answers311 = false;
  #attempts = 0;
  /** On the clock of `performance`; undefined: not connected. */
  #readyAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;
  readonly #ending = new AbortController();
  #secureContext: SecureContext | undefined;
  /** Of the last TLS connection: the next one resumes it, and no certificates are sent again. */
  #tlsSession: Buffer | undefined;
  #turn: Turn | undefined;

  constructor(options: LinkOptions, handlers: LinkHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    if (options.mqttVersion === '3.1.1') this.#protocol = 4;
    // Not in the constructor's own turn: the caller must have the link before its handlers are called.
    this.#timer = setTimeout(() => this.#connect(), 0);
  }

  get status(): LinkStatus {
    return this.#status;
  }

  async publish(topic: string, payload: Uint8Array): Promise<void> {
    if (this.#status.state !== 'connected' || !this.#connection) throw new XmError('link-closed');
    await this.#connection.publish(topic, payload);
  }

  async roundTrip(): Promise<number> {
    if (this.#status.state !== 'connected' || !this.#connection) throw new XmError('link-closed');
    return this.#connection.roundTrip();
  }

  async resubscribe(): Promise<void> {
    if (this.#status.state !== 'connected' || !this.#connection) throw new XmError('link-closed');
    await this.#connection.resubscribe();
  }

  async leaveGroup(): Promise<void> {
    if (this.#status.state === 'connected') await this.#connection?.leaveGroup();
  }

  async leaveSession(): Promise<void> {
    if (this.#status.state === 'connected') await this.#connection?.leaveSession();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#ending.abort();
    await this.#connection?.close();
    await this.#releaseTurn();
    this.#setStatus({ state: 'closed' });
  }

  #connect(): void {
    const { inTurn } = this.#options;
    if (inTurn && (this.#protocol === 4 || this.#cannotShare)) void this.#connectInTurn(inTurn);
    else this.#open(this.#options);
  }

  async #connectInTurn({ clientId, take }: NonNullable<LinkOptions['inTurn']>): Promise<void> {
    const protocol = this.#protocol;
    const standby = setTimeout(() => this.#setStatus({ state: 'standby', protocol }), standbyMs);
    try {
      const turn = await take(this.#ending.signal);
      if (!turn) return;
      this.#turn = turn;
      if (this.#closing) return await this.#releaseTurn();
      void turn.lost.then(() => (this.#turn === turn ? this.#connection?.close() : undefined));
      const { inTurn: _taken, sharedGroup: _none, ...options } = this.#options;
      this.#open({ ...options, clientId });
    } catch (error) {
      this.#ended({ error: error as Error, accepted: false, mustTakeTurns: false });
    } finally {
      clearTimeout(standby);
    }
  }

  async #releaseTurn(): Promise<void> {
    const turn = this.#turn;
    this.#turn = undefined;
    await turn?.release();
  }

  #open(options: LinkOptions): void {
    try {
      const connection = new Connection({ ...options, ...this.#tls() }, this.#protocol, {
        onTlsSession: session => {
          this.#tlsSession = session;
        },
        onDelivery: delivery => this.#handlers.onDelivery(delivery),
        onReady: () => {
          this.#readyAt = performance.now();
          const { protocol, subscriptions } = connection;
          this.#setStatus({ state: 'connected', protocol, subscriptions });
        },
        onEnd: end => this.#ended(end),
      });
      this.#connection = connection;
    } catch (error) {
      // An address that is none.
      this.#ended({ error: error as Error, accepted: false, mustTakeTurns: false });
    }
  }

  /** Made once: reading the system's hundreds of authorities takes longer than a handshake. */
  #tls(): ConnectionTls {
    this.#secureContext ??= secureContextOf(this.#options.url, this.#options);
    return {
      ...(this.#secureContext === undefined ? {} : { secureContext: this.#secureContext }),
      ...(this.#tlsSession === undefined ? {} : { tlsSession: this.#tlsSession }),
    };
  }

  #ended({ error, connack, accepted, mustTakeTurns }: ConnectionEnd): void {
    this.#connection = undefined;
    if (this.#closing) return;
    void this.#releaseTurn();
    if (mustTakeTurns) {
      this.#knows5 = true;
      this.#cannotShare = true;
      this.#connect();
      return;
    }
    // Whatever the cause was, the next handshake is a whole one.
    if (!accepted) this.#tlsSession = undefined;
    this.#knows5 ||= accepted && this.#protocol === 5;
    const isSpeechless = !error && connack === undefined && !this.#knows5;
    const refuses5 = connack === undefined ? isSpeechless && this.#answers311 : wrongProtocol.has(connack);
    const isFree = this.#options.mqttVersion === undefined;
    if (isFree && this.#protocol === 5 && refuses5) {
      this.#protocol = 4;
      this.#connect();
      return;
    }
    this.#answers311 = false;
    this.#speechless = isFree && isSpeechless && this.#protocol === 5 ? this.#speechless + 1 : 0;
    const reason = this.#reasonOf(error, connack);
    this.#setStatus({ state: this.#status.state === 'connecting' ? 'connecting' : 'lost', reason });
    const next = this.#speechless < speechlessEnds ? () => this.#connect() : () => this.#ask311();
    this.#timer = setTimeout(next, this.#pauseMs());
  }

  /**
   * Not every broker that lacks MQTT 5 says so (RabbitMQ before 3.13 just closes), and one that is on its way down closes
   * as well. So it has to answer 3.1.1, and then leave MQTT 5 without an answer once more. Nothing is subscribed: where
   * MQTT 5 is known after all, no session of 3.1.1 stays behind and fills.
   */
  #ask311(): void {
    this.#speechless = 0;
    const connection = new Connection({ ...this.#options, ...this.#tls(), subscriptions: [] }, 4, {
      onDelivery: () => undefined, // not acknowledged: it comes again
      onReady: () => {
        this.#answers311 = true;
        void connection.close();
      },
      onEnd: ({ connack }) => {
        this.#connection = undefined;
        if (this.#closing) return;
        // A wrong password, say.
        if (connack !== undefined) this.#answers311 = true;
        this.#timer = setTimeout(() => this.#connect(), this.#answers311 ? 0 : this.#pauseMs());
      },
    });
    this.#connection = connection;
  }

  /** Longer each time, until a connection has lasted: two clients that take each other's place must not flutter. */
  #pauseMs(): number {
    const { firstMs, longestMs } = this.#options.retry ?? defaultRetry;
    if (this.#readyAt !== undefined && performance.now() - this.#readyAt >= longestMs) this.#attempts = 0;
    this.#readyAt = undefined;
    // Jitter: after a broker's restart, thousands of stations must not come back in the same instant.
    return Math.min(longestMs, firstMs * 2 ** this.#attempts++) * (0.5 + Math.random() / 2);
  }

  #reasonOf(error: Error | undefined, connack: number | undefined): Reason {
    if (error instanceof XmError) return { code: error.code, params: error.params };
    // Some errors of Node's sockets carry their words in the code only.
    const detail =
      error?.message || String((error as NodeJS.ErrnoException | undefined)?.code ?? 'connection closed');
    const { url, mqttVersion: version } = this.#options;
    const untrusted = error && trustFault(error, url, this.#options);
    if (untrusted) return { code: untrusted.code, params: untrusted.params };
    if (connack !== undefined && wrongProtocol.has(connack) && version !== undefined)
      return { code: 'broker-version', params: { url, version } };
    if (connack !== undefined && notAllowed.has(connack))
      return { code: 'broker-refused', params: { detail } };
    return { code: 'broker-unreachable', params: { url, detail } };
  }

  #setStatus(status: LinkStatus): void {
    this.#status = status;
    this.#handlers.onStatus(status);
  }
}
