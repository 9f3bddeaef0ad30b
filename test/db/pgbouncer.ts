/** A real PgBouncer before the tests' PostgreSQL, where this machine has one: on a free port, ended by `stop`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DatabaseSettings } from '../../src/db/database.ts';
import { freePort } from '../site/free-port.ts';

/** Not in an ordinary user's PATH. */
export const pgbouncerProgram = ['/usr/sbin/pgbouncer', '/usr/local/bin/pgbouncer'].find(file =>
  existsSync(file),
);

export interface PgBouncer {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** `databases`: the names that it knows; `*` for every one. It lets the server's own user in, without a password. */
export async function startPgBouncer(
  server: Omit<DatabaseSettings, 'database'>,
  mode: 'session' | 'transaction',
  databases: readonly string[],
): Promise<PgBouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'xms-pgbouncer-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const { host, user, password } = server;
  const file = join(folder, 'pgbouncer.ini');
  const users = join(folder, 'users.txt');
  writeFileSync(users, `"${user}" ""\n`, { mode: 0o644 });
  const lines = [
    '[databases]',
    ...databases.map(name => `${name} = host=${host} port=${server.port} user=${user} password=${password}`),
    '[pgbouncer]',
    `listen_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =`,
    `auth_type = trust\nauth_file = ${users}`,
    `pool_mode = ${mode}\ndefault_pool_size = 4\nserver_login_retry = 0`,
    // It does not run as root.
    ...(process.getuid?.() === 0 ? ['user = nobody'] : []),
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o644 });
  const child = spawn(pgbouncerProgram ?? 'pgbouncer', [file], { stdio: ['ignore', 'ignore', 'pipe'] });
  await untilUp(child);
  return {
    host: '127.0.0.1',
    port,
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
      rmSync(folder, { recursive: true });
    },
  };
}

async function untilUp(child: ChildProcess & { readonly stderr: NodeJS.ReadableStream }): Promise<void> {
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    if (line.includes('process up')) {
      child.stderr.resume();
      return;
    }
  }
  throw new Error(`pgbouncer does not start: ${said.join('\n')}`);
}
