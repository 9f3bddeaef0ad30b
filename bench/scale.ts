/**
 * `npm run bench:scale`: what a person waits for on tables of the size of a country: lists, searches, one thing opened.
 * On the embedded PostgreSQL as an installation has it. Each section fills its tables and names its actions.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DataFolder } from '../src/config.ts';
import { Database } from '../src/db/database.ts';
import { makeDatabases, startPostgres } from '../test/site/postgres.ts';
import { clients } from './scale/clients.ts';
import { measure, type Section } from './scale/section.ts';

const sections: readonly Section[] = [clients];

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const say = (line: string) => void (values.json || console.log(line));
const aimMs = 100;
const result: Record<string, number | string> = {};

const home = mkdtempSync(join(tmpdir(), 'xms-scale-'));
chmodSync(home, 0o755); // PostgreSQL's account must get here
try {
  const postgres = await startPostgres(new DataFolder(join(home, 'XMSData')));
  try {
    await makeDatabases(postgres.server);
    const open = (database: string) => new Database({ ...postgres.server, database }, 'bench');
    const [system, documents] = [open('XMServerSystem'), open('XMServerData')];
    for (const section of sections) await run(section, { system, documents });
    await Promise.all([system.close(), documents.close()]);
  } finally {
    await postgres.close();
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}

Object.assign(result, {
  cores: availableParallelism(),
  node: process.version,
  at: new Date().toISOString(),
});
if (values.json) console.log(JSON.stringify(result));

async function run(section: Section, databases: Parameters<Section['fill']>[0]): Promise<void> {
  const startedAt = performance.now();
  await section.fill(databases);
  say(`${section.name}, filled in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  for (const [name, action] of Object.entries(section.actions(databases))) {
    if (values.only !== undefined && !name.startsWith(values.only)) continue;
    const { p50, p95 } = await measure(action);
    result[`${name}_ms`] = p95;
    say(`  ${name.padEnd(32)} p50 ${p50} ms, p95 ${p95} ms${p95 > aimMs ? `  > ${aimMs} ms` : ''}`);
  }
}
