import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DataFolder } from '../../src/config.ts';
import { isAlive } from '../e2e/installation.ts';
import { type RunningEngine, startEngine } from '../site/engine.ts';
import { makeSite, type Site } from '../site/site.ts';
import { until } from '../until.ts';

const program = fileURLToPath(new URL('./hopeless-engine.ts', import.meta.url));

let site: Site;
let engine: RunningEngine | undefined;
beforeAll(async () => {
  site = await makeSite(1, 'ec');
});
afterAll(async () => {
  await engine?.kill();
  await site?.close();
});

it('an engine that can neither open nor seal any more ends, for another to take over', async () => {
  const folder = new DataFolder(join(site.home, 'XMSData'));
  const running = await startEngine(folder, undefined, program);
  engine = running;
  await running.log.until(line => /internal fault.*: stopping$/.test(line));
  await until(() => !isAlive(running.pid));
  await expect(running.stop()).rejects.toThrow(/ended with 1/);
  expect(await site.system.query('select id from engine')).toEqual([]);
}, 60_000);
