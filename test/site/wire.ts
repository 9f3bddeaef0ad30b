/** A wire between two programs that does to the bytes what networks do: it cuts, delays and tears them. */
import { once } from 'node:events';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';

export interface Passage {
  readonly from: 'client' | 'server';
  readonly forward: (bytes: Buffer) => void;
  /** Ends the connection, both ways and at once. */
  cut(): void;
}

/** Made for each direction of each connection; gets every chunk as it comes. */
export type Tamper = (passage: Passage) => (chunk: Buffer) => void;

export const honest: Tamper =
  ({ forward }) =>
  chunk =>
    forward(chunk);

export class Wire {
  /** Of the connections that are made from now on. */
  tamper: Tamper = honest;
  /** Connections so far. */
  count = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #host: string;
  readonly #frozen = new WeakSet<Socket>();

  /** To a port of 127.0.0.1; `host`: where it listens itself. */
  static async to(port: number, host = '127.0.0.1'): Promise<Wire> {
    const wire = new Wire(port, host);
    wire.#server.listen(0, host);
    await once(wire.#server, 'listening');
    return wire;
  }

  private constructor(port: number, host: string) {
    this.#host = host;
    this.#server = createServer(client => this.#connect(client, port));
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  get url(): string {
    return `mqtt://${this.#host}:${this.port}`;
  }

  /** Nothing passes any more on what is connected now, and neither end is told; what connects later gets through. */
  freeze(): void {
    for (const socket of this.#sockets) this.#frozen.add(socket.pause());
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

  #connect(client: Socket, port: number): void {
    this.count++;
    const server = dial(port, '127.0.0.1');
    for (const socket of [client, server]) socket.setNoDelay(true);
    this.#join('client', client, server);
    this.#join('server', server, client);
  }

  #join(from: Passage['from'], source: Socket, target: Socket): void {
    this.#sockets.add(source);
    const pass = this.tamper({
      from,
      forward: bytes => {
        // Whoever does not read is not read for.
        if (target.writable && !target.write(bytes)) source.pause();
      },
      cut: () => {
        source.destroy();
        target.destroy();
      },
    });
    source.on('data', pass);
    target.on('drain', () => this.#frozen.has(source) || source.resume());
    source.on('error', () => undefined); // and then it closes
    source.on('close', () => {
      this.#sockets.delete(source);
      if (!this.#frozen.has(source)) target.destroy();
    });
  }
}
