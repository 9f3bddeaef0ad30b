/** How far an export is: told out of how many, by the server and by the station. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openInstallation } from '../../src/cli/installation.ts';
import { runExport } from '../../src/cli/t2d/server-run.ts';
import { DataFolder } from '../../src/config.ts';
import type { Exporting } from '../../src/core/t2d-run.ts';
import { makePair } from './pair.ts';
import { run } from './programs.ts';

const records = 250;
const { station, server, office, key, close } = await makePair(records);
afterAll(close);

it('of a station, in records, and again where they are there', async () => {
  for (const [written, present] of [
    [records, 0],
    [0, records],
  ]) {
    const said = await run('xmstation', office, 't2d', 'export', key, '--lang', 'en');
    expect([said.err, said.code]).toEqual(['', 0]);
    const lines = said.out.split('\n').filter(line => !line.endsWith('.sdc'));
    expect(lines).toEqual([
      `200 files of ${records}`,
      expect.stringContaining(written === 0 ? `${present} there already` : `${written} files written`),
      '',
    ]);
  }
}, 120_000);

it('with what is to be cancelled counted', async () => {
  await station.database.query(`update xms.kept set outcome = 'filed'`);
  await station.database.query(`update "Naissance" set "Status" = 0`);
  // One that was never filed is nobody's business.
  await station.database.query(`insert into "Naissance" ("Status", "Nom") values (0, 'X')`);
  const other = join(key, 'cancelled');
  mkdirSync(other);
  const said = await run('xmstation', office, 't2d', 'export', other, '--lang', 'en');
  expect(said.out).toMatch(new RegExp(`^200 files of ${records}$`, 'm'));
  expect(said.out).toContain(`${records} files written`);
  rmSync(other, { recursive: true });
}, 120_000);

it('of the server, from the first file on', async () => {
  await run('xmserver', server, 't2d', 'import', key, '--json');
  const installation = await openInstallation(new DataFolder(server), {
    applicationName: 'test',
    embedded: false,
  });
  const told: Exporting[] = [];
  try {
    await runExport(installation, {
      folder: key,
      userName: 'os:test',
      onFile: (_name, _isNew, progress) => told.push(progress),
      onTotal: progress => told.push(progress),
      log: () => undefined,
    });
  } finally {
    await installation.close();
  }
  // 100 receipts are in an SDC at most.
  expect(told.map(({ written, present, of }) => [written + present, of])).toEqual([
    [0, 3],
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
}, 60_000);
