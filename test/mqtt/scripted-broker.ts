/** A broker that answers by the book or against it, byte by byte: for what no real one does when it is asked to. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** What it sends when the client sends a packet of this type; `id`: the two bytes of the packet's identifier. */
export type Script = Readonly<Record<number, (id: readonly number[]) => readonly number[]>>;

/** Among the bytes of an answer: the broker ends the connection. */
export const end = -1;

export const connect = 0x10;
export const publish = 0x30;
export const subscribe = 0x80;
export const unsubscribe = 0xa0;
/** CONNACK of MQTT 5, accepted, with these properties, and then the rest. */
export const accepted =
  (properties: readonly number[] = [], ...rest: readonly number[]) =>
  () => [0x20, 3 + properties.length, 0, 0, properties.length, ...properties, ...rest];
/** CONNACK of MQTT 5, refused; without its properties MQTT 3.1.1 reads it, too. */
export const refused = (code: number) => () => [0x20, 3, 0, code, 0];
/** Receive Maximum, Maximum Packet Size, Shared Subscription Available (MQTT 5 §3.2.2.3). */
export const receiveMaximum = (n: number) => [0x21, n >> 8, n & 0xff];
export const maximumPacketSize = (n: number) => [0x27, 0, 0, n >> 8, n & 0xff];
export const noSharedSubscriptions = [0x2a, 0];

export class ScriptedBroker {
  /** All that clients have sent, connection by connection. */
  readonly received: Buffer[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** One script for each connection, the last for all that follow. */
  static async start(...scripts: readonly Script[]): Promise<ScriptedBroker> {
    const broker = new ScriptedBroker(scripts);
    broker.#server.listen(0, '127.0.0.1');
    await once(broker.#server, 'listening');
    return broker;
  }

  private constructor(scripts: readonly Script[]) {
    this.#server = createServer(socket => {
      const place = this.received.push(Buffer.alloc(0)) - 1;
      const script = scripts[Math.min(place, scripts.length - 1)] ?? {};
      this.#sockets.add(socket);
      socket.on('error', () => undefined); // the client is gone, which is all right
      socket.on('data', chunk => {
        this.received[place] = Buffer.concat([this.received[place] as Buffer, chunk]);
        const answer = script[(chunk[0] as number) & 0xf0]?.(idOf(chunk));
        if (answer) socket.write(Buffer.from(answer.filter(byte => byte !== end)));
        if (answer?.includes(end)) socket.end();
      });
    });
  }

  get url(): string {
    const address = this.#server.address();
    return `mqtt://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** Of a SUBSCRIBE or UNSUBSCRIBE, or of a PUBLISH with QoS 1, whose topic comes before it. */
function idOf(packet: Buffer): number[] {
  const start = packet.findIndex((byte, at) => at > 0 && byte < 0x80) + 1;
  const at = ((packet[0] as number) & 0xf0) === publish ? start + 2 + packet.readUInt16BE(start) : start;
  return [...packet.subarray(at, at + 2)];
}
