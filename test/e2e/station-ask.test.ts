/** Questions of a command beside a station that exports, and without one. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenStation, openStation } from '../../src/cli/open-station.ts';
import { askServer } from '../../src/cli/station-ask.ts';
import { DataFolder } from '../../src/config.ts';
import type { CorrespondenceEvent } from '../../src/station/correspondence.ts';
import { TestInstallation } from './installation.ts';

const installation = new TestInstallation();
let program: ReturnType<TestInstallation['start']>;
let open: OpenStation;
beforeAll(async () => {
  program = installation.start('xmserver');
  await program.see(/ classé {2}n° \d+/, 1);
  open = await openStation(new DataFolder(installation.data));
}, 60_000);
afterAll(async () => {
  await open?.close();
  program?.kill('SIGTERM');
  await program?.exited;
  await installation.remove();
});

async function account(): Promise<CorrespondenceEvent['kind'][]> {
  const told: CorrespondenceEvent['kind'][] = [];
  const answer = await askServer(
    new DataFolder(installation.data),
    open,
    { service: 'ACCOUNT' },
    ({ kind }) => told.push(kind),
    AbortSignal.timeout(20_000),
  );
  expect(answer).toMatchObject([{ service: 'STATEMENT' }]);
  return told;
}

describe('a question', () => {
  it('goes by the link of the process that exports', async () => {
    await program.until(() => existsSync(join(installation.data, 'run', 'station.json')));
    const exporting = installation.pidOf('station');
    expect(await account()).toEqual([]);
    expect(installation.pidOf('station')).toBe(exporting);
  }, 60_000);

  it('has a link of its own where nobody exports', async () => {
    await installation.end('station', 'SIGTERM');
    expect(await account()).toEqual(expect.arrayContaining(['link', 'asked', 'received']));
    expect(existsSync(join(installation.data, 'run', 'station.json'))).toBe(false);
  }, 60_000);
});
