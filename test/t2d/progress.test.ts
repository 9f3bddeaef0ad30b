/** How far an export is: told out of how many, by the server and by the station. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openInstallation } from '../../src/cli/installation.ts';
import { runExport } from '../../src/cli/t2d/server-run.ts';
import { DataFolder } from '../../src/config.ts';
import type { Exporting } from '../../src/core/t2d-run.ts';
import type { Office } from '../site/enrol.ts';
import { makeSite, type Site } from '../site/site.ts';
import { Station } from '../site/station.ts';
import { makeStationFolder } from '../site/station-program.ts';
import { run } from './programs.ts';

const records = 250;
const key = mkdtempSync(join(tmpdir(), 'xms-key-'));
let site: Site;
let station: Station;
let server: string;
let office: string;

beforeAll(async () => {
  site = await makeSite(1, 'ec');
  const own = site.offices[0] as Office;
  station = await Station.install(site, own);
  const { host, port, database: name } = station.settings;
  office = makeStationFolder(site, own, { brokerUrl: site.broker.url, database: { host, port, name } });
  server = join(site.home, 'XMSData');
  await station.write(records);
}, 120_000);
afterAll(async () => {
  await station?.close();
  await site?.close();
  rmSync(key, { recursive: true, force: true });
});

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
