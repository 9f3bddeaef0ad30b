/**
 * A thin link: two network namespaces, and between them a wire of ours that is as slow, as long and as lossy as the
 * link of an office in the bush. Each end has a VXLAN device (RFC 7348) whose datagrams come to this process instead of
 * the other end; the kernel's own `netem` would do, but many kernels are built without it. What TCP makes of the
 * link is the real thing.
 */
import { spawnSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { writeTcpChecksum } from './tcp-checksum.ts';

export interface ThinLinkOptions {
  readonly bitsPerSecond: number;
  readonly roundTripMs: number;
  /** Part of the packets that get lost, each way. */
  readonly loss: number;
}

/** An end of the link. */
export interface End {
  /** Before a command that is to run there. */
  readonly exec: readonly string[];
  /** Of this end, on the thin link. */
  readonly address: string;
  /** Of this end, past the link: how the rest of the machine gets there. */
  readonly outside: string;
  /** Of the rest of the machine, as seen from there. */
  readonly gateway: string;
}

interface Traffic {
  packets: number;
  lost: number;
  /** IP packets, headers included. */
  bytes: number;
}

/** VXLAN header and the Ethernet header of the packet inside. */
const framing = 8 + 14;
/** A modem's buffer: what would wait longer is dropped. */
const longestQueueMs = 5_000;

/** Why there can be none; undefined: there can. */
export function noThinLink(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  const name = `xms-try-${process.pid}`;
  try {
    run('ip', 'netns', 'add', name);
    run('ip', '-n', name, ...words('link add try type vxlan id 1 remote 127.0.0.1 dstport 4789 dev lo'));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    spawnSync('ip', ['netns', 'del', name]);
  }
}

export class ThinLink {
  readonly office: End;
  readonly centre: End;
  readonly up: Traffic = { packets: 0, lost: 0, bytes: 0 };
  readonly down: Traffic = { packets: 0, lost: 0, bytes: 0 };
  /** Of the packets that come from now on. */
  conditions: ThinLinkOptions;
  readonly #sockets: Socket[] = [];
  readonly #namespaces: string[] = [];
  /** Of this machine's own namespace. */
  readonly #devices: string[] = [];
  #isClosed = false;
  readonly #port: number;
  #seed = 1;

  static async open(options: ThinLinkOptions): Promise<ThinLink> {
    const link = new ThinLink(options, await freePort());
    try {
      link.#makeEnd('o', link.office, link.centre);
      link.#makeEnd('c', link.centre, link.office);
      const office = await link.#listen(link.office);
      const centre = await link.#listen(link.centre);
      link.#carry(office, centre, link.centre, link.up);
      link.#carry(centre, office, link.office, link.down);
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  private constructor(options: ThinLinkOptions, port: number) {
    this.conditions = options;
    this.#port = port;
    // Two at a time on one machine have addresses of their own.
    const net = process.pid % 250;
    const end = (name: string, host: number, thin: number): End => ({
      exec: ['ip', 'netns', 'exec', `xms-${name}-${process.pid}`],
      address: `10.214.${net}.${thin}`,
      outside: `10.213.${net}.${host + 1}`,
      gateway: `10.213.${net}.${host}`,
    });
    this.office = end('o', 1, 2);
    this.centre = end('c', 5, 1);
  }

  /** Resolves when nothing has come from either end for two round trips. */
  async atRest(): Promise<void> {
    const packets = () => this.up.packets + this.down.packets;
    for (let seen = -1; seen !== packets(); ) {
      seen = packets();
      await sleep(2 * this.conditions.roundTripMs);
    }
  }

  /** Ends what still runs at its ends, too. */
  close(): void {
    this.#isClosed = true;
    for (const socket of this.#sockets.splice(0)) socket.close();
    for (const device of this.#devices.splice(0)) run('ip', 'link', 'del', device);
    for (const name of this.#namespaces.splice(0)) {
      for (const pid of words(run('ip', 'netns', 'pids', name).trim())) if (pid !== '') end(Number(pid));
      run('ip', 'netns', 'del', name);
    }
  }

  #makeEnd(letter: string, end: End, peer: End): void {
    const namespace = end.exec[3] as string;
    const outer = `xms${letter}${process.pid}`;
    run('ip', 'netns', 'add', namespace);
    this.#namespaces.push(namespace);
    const inside = (text: string) => run('ip', '-n', namespace, ...words(text));
    run('ip', ...words(`link add ${outer} type veth peer name out netns ${namespace}`));
    this.#devices.push(outer);
    run('ip', ...words(`address add ${end.gateway}/30 dev ${outer}`));
    run('ip', ...words(`link set ${outer} mtu 1600 up`));
    inside(`address add ${end.outside}/30 dev out`);
    inside('link set out mtu 1600 up');
    inside('link set lo up');
    inside(
      `link add thin address ${macOf(end)} type vxlan id 1 local ${end.outside} remote ${end.gateway} dstport ${this.#port} dev out`,
    );
    inside(`address add ${end.address}/24 dev thin`);
    // No packet goes out as one of many segments, which the kernel would hand over uncut.
    inside('link set thin mtu 1500 gso_max_segs 1 addrgenmode none up');
    // A telephone network asks nobody for his Ethernet address.
    inside(`neighbour replace ${peer.address} lladdr ${macOf(peer)} dev thin nud permanent`);
  }

  async #listen({ gateway }: End): Promise<Socket> {
    const socket = createSocket('udp4');
    this.#sockets.push(socket);
    socket.bind(this.#port, gateway);
    await once(socket, 'listening');
    return socket;
  }

  /** What comes from one end goes to the other: one after the other, late, and not always. */
  #carry(from: Socket, to: Socket, { outside }: End, traffic: Traffic): void {
    let freeAt = 0;
    from.on('message', datagram => {
      // The kernel greets IPv6 neighbours of its own accord; nobody here speaks it.
      if ((datagram[framing] as number) >> 4 !== 4) return;
      const { bitsPerSecond, roundTripMs, loss } = this.conditions;
      const bytes = datagram.length - framing;
      const now = performance.now();
      traffic.packets++;
      traffic.bytes += bytes;
      if (this.#random() < loss || freeAt - now > longestQueueMs) {
        traffic.lost++;
        return;
      }
      writeTcpChecksum(datagram.subarray(framing));
      freeAt = Math.max(now, freeAt) + (bytes * 8_000) / bitsPerSecond;
      const send = () => this.#isClosed || to.send(datagram, this.#port, outside);
      setTimeout(send, freeAt + roundTripMs / 2 - now);
    });
  }

  /** The same losses in each run (mulberry32). */
  #random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

function macOf({ address }: End): string {
  return `02:00:00:00:00:0${address.at(-1)}`;
}

function words(text: string): string[] {
  return text.split(/\s+/);
}

/** It may have ended by itself a moment ago. */
function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Returns what it says. */
function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(' ')}: ${stderr.trim()}`);
  return stdout;
}
