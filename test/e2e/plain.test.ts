/** `npm start` without a terminal: the main job from nothing, told in lines, and a clean end. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { until } from '../until.ts';
import { isAlive, TestInstallation } from './installation.ts';

const installation = new TestInstallation();
afterAll(() => installation.remove());

describe('the main job, without a terminal', () => {
  it('files 40 records and answers each with a receipt, then ends on SIGTERM and leaves nothing running', async () => {
    const program = installation.start('xmserver');
    await program.see(/ classé {2}n° \d+/, 40);
    await receipted(40);

    expect(await installation.count('ECRData', '"Naissance" where "Status" = 4')).toBe(40);
    expect(await installation.count('XMServerData', '"Naissance" where "Status" = 2')).toBe(40);
    expect(await sameActs()).toEqual([]);
    expect(await installation.count('XMServerData', 'xms.answer')).toBe(40);
    expect(await installation.count('XMServerSystem', "movement where kind = 'charge'")).toBe(40);

    const status = await installation.run('xmserver', 'status', '--json');
    expect(status.code).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({
      embedded: true,
      services: 'running',
      engines: [{ state: 'running', today: { filed: 40, refused: 0 }, broker: { protocol: 4 } }],
    });

    const pids = (['engine', 'services', 'station'] as const).map(name => installation.pidOf(name));
    program.kill('SIGTERM');
    expect(await program.exited).toBe(0);
    expect(program.output).toMatch(/arrêté\n$/);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(readdirSync(join(installation.data, 'run'))).toEqual([]);
    expect(existsSync(join(installation.data, 'postgres', 'postmaster.pid'))).toBe(false);
  }, 90_000);

  it('takes up the data of the first start, files what is new, and tells why a record was refused', async () => {
    const program = installation.start('xmserver', '--lang', 'en');
    await program.see(/total +received 40 {2}filed 40/);
    await program.until(() => existsSync(join(installation.data, 'run', 'station.json')));
    const busy = await installation.run('xmstation', 'export');
    expect(busy.stderr).toMatch(/un poste exporte déjà/);
    await installation.end('station', 'SIGTERM');
    await installation.query(
      'XMServerSystem',
      `update access_right set may_write = false where table_name = 'Deces'`,
    );
    await installation.query('ECRData', `insert into "Deces" ("Status", "Nom") values (2, 'ESSAI')`);
    await installation.query('ECRData', `insert into "Mariage" ("Status", "NomEpoux") values (2, 'ESSAI')`);
    const exported = await installation.run('xmstation', 'export', 'Mariage', 'Deces', '--json');
    expect(JSON.parse(exported.stdout)).toEqual({ filed: 1, refused: 1, waiting: 0, of: 2 });
    expect(exported.code).toBe(5);
    await program.see(/Deces {2}REFUSED {2}table "Deces" not granted/);

    const status = await installation.run('xmstation', 'status', '--lang', 'en');
    expect(status.stdout).toMatch(/Deces 1 {2}REFUSED {2}table "Deces" not granted/);
    expect(await installation.count('XMServerData', '"Deces"')).toBe(0);

    await installation.query('XMServerSystem', `update access_right set may_write = true`);
    const again = await installation.run('xmstation', 'export', '--refused', '--json');
    expect(JSON.parse(again.stdout)).toEqual({ filed: 1, refused: 0, waiting: 0, of: 1 });
    expect(await installation.count('XMServerData', '"Deces"')).toBe(1);

    program.kill('SIGINT');
    expect(await program.exited).toBe(0);
  }, 60_000);

  it('lets an operator find a refused message, look at it, and try it again', async () => {
    const program = installation.start('xmserver');
    await program.until(() => existsSync(join(installation.data, 'run', 'station.json')));
    await installation.end('station', 'SIGTERM');
    await installation.query('XMServerSystem', `update access_right set may_write = table_name <> 'Deces'`);
    await installation.query('ECRData', `insert into "Deces" ("Status", "Nom") values (2, 'REPRISE')`);
    await installation.run('xmstation', 'export', 'Deces');

    const message = async (...args: string[]) => {
      const run = await installation.run('xmserver', 'message', ...args, '--json');
      return { code: run.code, answer: JSON.parse(run.stdout) as Record<string, unknown> };
    };
    const listed = (await message('list', '--refused')).answer as unknown as { id: number }[];
    // The one of the test before was sent again by its station: an attempt of its own, that worked.
    const newest = listed[0] as { id: number };
    expect(newest).toMatchObject({ client: 1000, table: 'Deces', reason: { code: 'table-denied' } });
    const { answer } = await message('show', `${newest.id}`);
    expect(answer).toMatchObject({ content: { Nom: 'REPRISE' }, sdc: expect.any(String) });

    expect(await message('retry', `${newest.id}`)).toMatchObject({ code: 5, answer: { refused: 1 } });
    await installation.query('XMServerSystem', `update access_right set may_write = true`);
    // Each attempt stands for itself: the first one, the second try, and the one that the station repaired meanwhile.
    expect(await message('retry', '--all')).toMatchObject({ code: 0, answer: { filed: 1, refused: 0 } });
    expect(await installation.count('XMServerData', `"Deces" where "Nom" = 'REPRISE'`)).toBe(1);
    expect((await message('list', '--refused')).answer).toEqual([]);
    const [tried] = (await message('list')).answer as unknown as { id: number }[];
    expect((await message('show', `${tried?.id}`)).answer).toMatchObject({
      outcome: 'filed',
      content: { Nom: 'REPRISE' },
      signed: expect.any(String),
    });
    expect((await installation.run('xmserver', 'message', 'retry')).code).toBe(2);

    // The receipts of the station's own refusal, of the second one and of the filing come one after the other: a
    // station that has nothing to wait for may have gone before the last.
    await program.until(async () => {
      await installation.run('xmstation', 'export');
      return (await installation.count('ECRData', `"Deces" where "Status" = 4`)) === 2;
    });
    program.kill('SIGTERM');
    expect(await program.exited).toBe(0);
  }, 60_000);
});

/** The station applies a receipt a moment after the server has filed the record. */
async function receipted(count: number): Promise<void> {
  const file = '"Naissance" where "Status" = 4';
  await until(async () => (await installation.count('ECRData', file)) === count);
}

/** Acts whose columns differ between the office and the centre, Numero and Status aside. */
async function sameActs(): Promise<unknown[]> {
  const acts = (database: 'ECRData' | 'XMServerData') =>
    installation.query<{ act: object }>(
      database,
      `select to_jsonb(n) - 'Numero' - 'Status' as act from "Naissance" n order by "NumeroActe"`,
    );
  const [office, centre] = [await acts('ECRData'), await acts('XMServerData')];
  expect(office).toHaveLength(40);
  return office.filter((row, i) => JSON.stringify(row) !== JSON.stringify(centre[i]));
}
