/** A wire between a client and its broker that can be watched, held and cut. */
import { once } from 'node:events';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { Events } from '../events.ts';

/** Control packet types of MQTT (§2.2.1), as far as tests look at them. */
export const packetTypes = { connect: 1, publish: 3, puback: 4, pingreq: 12, disconnect: 14 } as const;

export interface Frame {
  readonly from: 'client' | 'broker';
  readonly type: number;
  /** Bytes of the whole packet. */
  readonly size: number;
}

export class Wire {
  /** Every control packet that has passed. */
  readonly frames = new Events<Frame>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #toBroker: number;
  #held = false;

  static async to(url: string): Promise<Wire> {
    const wire = new Wire(Number(new URL(url).port));
    wire.#server.listen(0, '127.0.0.1');
    await once(wire.#server, 'listening');
    return wire;
  }

  private constructor(toBroker: number) {
    this.#toBroker = toBroker;
    this.#server = createServer(client => this.#connect(client));
  }

  get url(): string {
    const address = this.#server.address();
    return `mqtt://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  /** Nothing passes any more, and neither end is told. */
  hold(): void {
    this.#held = true;
    for (const socket of this.#sockets) socket.pause();
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }

  #connect(client: Socket): void {
    const broker = dial(this.#toBroker, '127.0.0.1');
    this.#join('client', client, broker);
    this.#join('broker', broker, client);
  }

  #join(from: Frame['from'], source: Socket, target: Socket): void {
    this.#sockets.add(source);
    const split = new FrameSplitter((type, size) => this.frames.push({ from, type, size }));
    source.on('data', chunk => {
      split.take(chunk);
      target.write(chunk);
    });
    source.on('error', () => undefined); // and then it closes
    source.on('close', () => {
      this.#sockets.delete(source);
      if (!this.#held) target.destroy();
    });
  }
}

/** Finds the control packets in a stream: one byte of type and flags, the length in 7-bit groups (§2.2.3), the rest. */
class FrameSplitter {
  readonly #onFrame: (type: number, size: number) => void;
  #rest = Buffer.alloc(0);

  constructor(onFrame: (type: number, size: number) => void) {
    this.#onFrame = onFrame;
  }

  take(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (let end = this.#end(); end !== undefined && end <= this.#rest.length; end = this.#end()) {
      this.#onFrame((this.#rest[0] as number) >> 4, end);
      this.#rest = this.#rest.subarray(end);
    }
  }

  /** Where the first packet ends; undefined: its length is not here yet. */
  #end(): number | undefined {
    let length = 0;
    for (let at = 1; at < this.#rest.length; at++) {
      const byte = this.#rest[at] as number;
      length += (byte & 0x7f) * 128 ** (at - 1);
      if (byte < 0x80) return at + 1 + length;
    }
    return undefined;
  }
}
