/** A way to a server that can be shut: what goes through it breaks off, and nothing new is let in. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class Gate {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isShut = false;

  static async open(host: string, port: number): Promise<Gate> {
    const gate = new Gate(host, port);
    await once(gate.#server.listen(0, '127.0.0.1'), 'listening');
    return gate;
  }

  private constructor(host: string, port: number) {
    this.#server = createServer(inner => {
      if (this.#isShut) return void inner.destroy();
      const outer = connect(port, host);
      for (const [from, to] of [
        [inner, outer],
        [outer, inner],
      ] as const) {
        this.#sockets.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
      }
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  shut(): void {
    this.#isShut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  reopen(): void {
    this.#isShut = false;
  }

  async close(): Promise<void> {
    this.shut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
