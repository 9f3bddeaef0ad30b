/** A Mosquitto of the site's own: on a free port, ended with it, killed and started again in between. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type BrokerCertificate, makeBrokerCertificate } from './broker-certificate.ts';
import { freePort } from './free-port.ts';

export interface Mosquitto {
  readonly url: string;
  /** Its listener with TLS 1.3, where it has one. `authority`: file of the certificate that vouches for it, PEM. */
  readonly secure: { readonly url: string; readonly authority: string } | undefined;
  readonly pid: number;
  /** Ends it without a word to anybody. */
  kill(): Promise<void>;
  /** After `kill`: what it had saved is gone, too. */
  forget(): void;
  /** Starts it again on the same port, after `kill`. */
  revive(): Promise<void>;
  close(): Promise<void>;
}

export interface MosquittoOptions {
  /** It finds its sessions again after a restart, as of its last save: a second ago. */
  readonly persistence?: boolean;
  /** Where it can be reached, if it is not on 127.0.0.1; it listens on all addresses then. */
  readonly host?: string;
  /** What it is started through: `ip netns exec …`. */
  readonly through?: readonly string[];
  /** A second listener, with TLS 1.3 and a certificate for this IP address, under which its clients reach it. */
  readonly tls?: string;
}

/** Queues that hold the whole load: what is tested is the engine, not what a broker throws away. */
const configuration = (
  port: number,
  folder: string | undefined,
  isLocal: boolean,
) => `listener ${port}${isLocal ? ' 127.0.0.1' : ''}
allow_anonymous true
persistence ${folder !== undefined}
${folder === undefined ? '' : `persistence_location ${folder}/\nautosave_interval 1\n`}
max_queued_messages 0
max_inflight_messages 0
set_tcp_nodelay true
log_type error
`;

const secureListener = (
  port: number,
  { certificate, key }: BrokerCertificate,
  isLocal: boolean,
) => `listener ${port}${isLocal ? ' 127.0.0.1' : ''}
certfile ${certificate}
keyfile ${key}
tls_version tlsv1.3
`;

export async function startMosquitto(folder: string, options: MosquittoOptions = {}): Promise<Mosquitto> {
  const { host = '127.0.0.1', through = [] } = options;
  const port = await freePort();
  const state = options.persistence ? join(folder, 'mosquitto') : undefined;
  if (state !== undefined) {
    mkdirSync(state);
    chmodSync(state, 0o777); // started by root, it goes over to an account of its own
  }
  const file = join(folder, 'mosquitto.conf');
  const isLocal = options.host === undefined;
  const lines = [configuration(port, state, isLocal)];
  let secure: Mosquitto['secure'];
  if (options.tls !== undefined) {
    const [files, securePort] = [makeBrokerCertificate(folder, options.tls), await freePort()];
    lines.push(secureListener(securePort, files, isLocal));
    secure = { url: `mqtts://${options.tls}:${securePort}`, authority: files.authority };
  }
  writeFileSync(file, lines.join(''), { mode: 0o644 });
  const start = async () => {
    const [command, ...args] = [...through, program(), '-c', file];
    const started = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    await answering(host, port, started);
    return started;
  };
  let child = await start();
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return {
    url: `mqtt://${host}:${port}`,
    secure,
    get pid() {
      return child.pid as number;
    },
    kill: () => end('SIGKILL'),
    forget() {
      if (state !== undefined) rmSync(join(state, 'mosquitto.db'), { force: true });
    },
    async revive() {
      child = await start();
    },
    close: () => end('SIGTERM'),
  };
}

function program(): string {
  const debian = '/usr/sbin/mosquitto'; // not in an ordinary user's PATH
  return existsSync(debian) ? debian : 'mosquitto';
}

async function answering(host: string, port: number, child: ChildProcess): Promise<void> {
  let fault: Error | undefined;
  child.on('error', error => {
    fault = error;
  });
  while (child.exitCode === null && !fault) {
    const open = await new Promise<boolean>(resolve => {
      const socket = connect(port, host, () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw fault ?? new Error(`mosquitto ended with ${child.exitCode}`);
}
