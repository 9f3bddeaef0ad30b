import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DataFolder } from '../../src/config.ts';
import { isAlive } from '../e2e/installation.ts';
import { startEngine } from '../site/engine.ts';
import { makeSite, type Site } from '../site/site.ts';
import { until } from '../until.ts';

const program = fileURLToPath(new URL('./hopeless-engine.ts', import.meta.url));

let site: Site;
beforeAll(async () => {
  site = await makeSite(1, 'ec');
});
afterAll(() => site?.close());

it('an engine that can neither open nor seal any more ends, for another to take over', async () => {
  const folder = new DataFolder(join(site.home, 'XMSData'));
  const engine = await startEngine(folder, undefined, program);
  await engine.log.until(line => /internal fault.*: stopping$/.test(line));
  await until(() => !isAlive(engine.pid));
  await expect(engine.stop()).rejects.toThrow(/ended with 1/);
  expect(await site.system.query('select id from engine')).toEqual([]);
}, 60_000);
