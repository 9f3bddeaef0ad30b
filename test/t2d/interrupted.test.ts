/** Killed in the middle, or with the database away: done again, nothing is lost and nothing twice. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, it } from 'vitest';
import { makePair } from './pair.ts';
import { run } from './programs.ts';

const records = 500;
const program = (name: string) => join(import.meta.dirname, '..', '..', 'bin', `${name}.js`);
const { site, station, server, office, key, close } = await makePair(records);
afterAll(close);

/** Kills the program as soon as a line says so; resolves when it is gone. */
async function killedAt(pattern: RegExp, name: string, ...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [program(name), ...args, '--lang', 'en'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let lines = '';
  createInterface({ input: child.stdout }).on('line', line => {
    lines += `${line}\n`;
    if (pattern.test(lines)) child.kill('SIGKILL');
  });
  expect((await exited)[1]).toBe('SIGKILL');
}

const births = async () => {
  const [row] = await site.documents.query('select count(*)::int as n from "Naissance"');
  return row?.n;
};
const sdcs = (folder: string) => readdirSync(folder).filter(name => name.endsWith('.sdc'));

it('a station that is killed while it writes has each record in one file in the end', async () => {
  await killedAt(/(?:.*\.sdc\n){60}/, 'xmstation', 't2d', 'export', key, '--data', office);
  const said = await run('xmstation', office, 't2d', 'export', key, '--json');
  const { written, present } = said.json<{ written: number; present: number }>();
  expect(written + present).toBe(records);
  expect(present).toBeGreaterThanOrEqual(60);
  expect(sdcs(key)).toHaveLength(records);
}, 60_000);

it('a server that is killed while it files has each record once in the end', async () => {
  await killedAt(/200 files of 500/, 'xmserver', 't2d', 'import', key, '--data', server);
  expect(sdcs(join(key, 'done')).length).toBeGreaterThanOrEqual(200);
  const said = await run('xmserver', server, 't2d', 'import', key, '--json');
  expect(said.json()).toMatchObject({ refused: [], left: [] });
  expect([sdcs(key).length, sdcs(join(key, 'done')).length, await births()]).toEqual([0, records, records]);
  await run('xmserver', server, 't2d', 'export', key);
  const back = await run('xmstation', office, 't2d', 'import', key, '--json');
  expect(back.json()).toMatchObject({ records: { filed: records, refused: 0 } });
}, 60_000);

it('an engine ends though a file waits for a database that is away, and the file stays', async () => {
  await site.system.query(`insert into setting (name, value) values ('t2dWatch', '1')`);
  await station.write(1);
  await run('xmstation', office, 't2d', 'export', key);
  const engine = await site.startEngine();
  const incoming = join(server, 't2d', 'in');
  await site.postgres.kill();
  cpSync(join(key, sdcs(key)[0] as string), join(incoming, 'a.sdc'));
  await engine.log.until(line => line.includes('t2d: '));
  await engine.stop();
  expect(readdirSync(incoming)).toEqual(['a.sdc']);
  await site.postgres.revive();
  const again = await site.startEngine();
  await again.log.until(line => /1 files dealt with/.test(line));
  expect([readdirSync(incoming), await births()]).toEqual([[], records + 1]);
}, 90_000);
