/** Settings that are changed while an engine runs: it goes by them from its next cycle on. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EngineStatus } from '../../src/core/engine-status.ts';
import { textForm } from '../../src/sdc/text-form.ts';
import { settled } from '../site/account.ts';
import { sealLoad } from '../site/load.ts';
import { makeSite, type Site } from '../site/site.ts';

let site: Site;
beforeAll(async () => {
  site = await makeSite(1, 'ec');
});
afterAll(() => site?.close());

/** Its sign of life, once it fits. */
async function told(fits: (cycle: EngineStatus['cycle']) => boolean): Promise<EngineStatus['cycle']> {
  for (;;) {
    const [row] = await site.system.query<{ status: EngineStatus }>('select status from engine');
    if (row && fits(row.status.cycle)) return row.status.cycle;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

it('the period of the cycle', async () => {
  const engine = await site.startEngine();
  const before = await told(({ lastAt }) => lastAt !== undefined);
  expect(before.periodS).toBe(60);
  await site.system.query(`insert into setting (name, value) values ('cyclePeriodS', '5')`);
  await site.system.query(`insert into command (verb) values ('cycle')`);
  const { lastAt = 0, nextAt } = await told(({ periodS }) => periodS === 5);
  expect(nextAt).toBe(lastAt + 5_000);
  const next = await told(cycle => cycle.lastAt !== lastAt);
  expect(next.periodS).toBe(5);
  await engine.stop();
});

it('the watched folder', async () => {
  await site.startEngine();
  const incoming = join(site.home, 'XMSData', 't2d', 'in');
  const [act] = await sealLoad(site, 1, false, 1);
  writeFileSync(join(incoming, 'act.sdc'), textForm(act?.sdc as Uint8Array));
  await site.system.query(`insert into setting (name, value) values ('t2dWatch', '1')`);
  await settled(site, 1);
  expect(readdirSync(incoming)).toEqual([]);
});
