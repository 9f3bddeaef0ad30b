/** A Mosquitto of the benchmark's own: on a free port of 127.0.0.1, ended with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

export interface Mosquitto {
  readonly url: string;
  readonly pid: number;
  close(): Promise<void>;
}

/** Queues that hold the whole load: the benchmark measures the engine, not what a broker throws away. */
const configuration = (port: number) => `listener ${port} 127.0.0.1
allow_anonymous true
persistence false
max_queued_messages 0
max_inflight_messages 0
log_type error
`;

export async function startMosquitto(folder: string): Promise<Mosquitto> {
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, configuration(port), { mode: 0o644 });
  const child = spawn(program(), ['-c', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<void>((resolve, reject) => child.on('error', reject).on('exit', () => resolve()));
  await answering(port, child);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    pid: child.pid as number,
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function program(): string {
  const debian = '/usr/sbin/mosquitto'; // not in an ordinary user's PATH
  return existsSync(debian) ? debian : 'mosquitto';
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const open = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw new Error(`mosquitto ended with ${child.exitCode}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
