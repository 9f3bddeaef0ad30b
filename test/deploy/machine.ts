/** What tests of deploy/ need of the machine they run on. */
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { delimiter, join } from 'node:path';
import { it } from 'vitest';

/** Says, in the list of tests and where they run, that those of `what` are left out here, and why. */
export function leftOut(what: string, why: string): void {
  it.skip(`${what}: left out, ${why}`);
  process.stderr.write(`${what}: left out, ${why}\n`);
}

/** The path of a program that can be run; undefined: this machine has none. */
export function programOf(name: string): string | undefined {
  return programsOf(name)[0];
}

/** All programs of that name, in the order in which they are found. */
export function programsOf(name: string): string[] {
  return ['/usr/sbin', '/usr/local/sbin', ...(process.env.PATH ?? '').split(delimiter)]
    .map(folder => join(folder, name))
    .filter(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Ports of 127.0.0.1 that nobody listens on, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async (): Promise<Server> => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map(server => (server.address() as { port: number }).port);
  await Promise.all(servers.map(server => once(server.close(), 'close')));
  return ports;
}

/** Whether somebody listens there now. */
export async function answers(port: number, host = '127.0.0.1'): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A file of deploy/ with other paths and ports. Throws where it does not hold one of them: then it has changed. */
export function replaced(text: string, replacements: Readonly<Record<string, string>>): string {
  let result = text;
  for (const [from, to] of Object.entries(replacements)) {
    if (!result.includes(from)) throw new Error(`not found: ${from}`);
    result = result.replaceAll(from, to);
  }
  return result;
}
