/** An office without a network: its records on a USB key to the server, and the receipts back. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningEngine } from '../site/engine.ts';
import { until } from '../until.ts';
import { makePair } from './pair.ts';
import { run } from './programs.ts';
import { base64Lines, mailOf } from './sealed.ts';

const records = 40;
const { site, station, matricule, server, office, key, close } = await makePair(records);
afterAll(close);

const files = (...at: string[]) =>
  readdirSync(join(key, ...at), { withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ name }) => name)
    .sort();
const up = () => files().filter(name => name.startsWith(`${matricule}-XMS_`));
const down = () => files().filter(name => name.startsWith(`XMS-${matricule}_`));
const contents = (names: readonly string[]) => names.map(name => readFileSync(join(key, name), 'latin1'));

async function central(): Promise<Record<string, unknown>> {
  const [row] = await site.documents.query(
    `select (select count(*)::int from "Naissance") as births, (select count(*)::int from xms.provenance) as originals,
            (select count(*)::int from xms.outgoing) as waiting`,
  );
  return row as Record<string, unknown>;
}

describe('records on a USB key', () => {
  it('are sealed and written, and the same files when asked again', async () => {
    const first = await run('xmstation', office, 't2d', 'export', key, '--json');
    expect([first.err, first.code, first.json()]).toEqual(['', 0, { written: records, present: 0 }]);
    expect(up()).toHaveLength(records);
    const before = contents(up());
    for (const text of before)
      expect(text).toMatch(/^-----BEGIN CMS-----\n(?:[\w+/=]{1,64}\n)+-----END CMS-----\n$/);
    const second = await run('xmstation', office, 't2d', 'export', key, '--json');
    expect(second.json()).toEqual({ written: 0, present: records });
    expect(contents(up())).toEqual(before);
    expect([await station.count(3), files('.').length]).toEqual([records, records]);
  }, 60_000);

  it('are filed where they arrive, and then moved', async () => {
    cpSync(key, `${key}-copy`, { recursive: true });
    const said = await run('xmserver', server, 't2d', 'import', key, '--json');
    expect([said.err, said.code, said.json()]).toEqual(['', 0, { done: records, refused: [], left: [] }]);
    expect([up().length, files('done').length]).toEqual([0, records]);
    expect(await central()).toMatchObject({ births: records, originals: records });
  }, 60_000);

  it('get their receipts by the same key', async () => {
    const out = await run('xmserver', server, 't2d', 'export', key, '--json');
    expect([out.err, out.code, out.json()]).toEqual(['', 0, { written: 1, present: 0 }]);
    const [receipts] = contents(down());
    const back = await run('xmstation', office, 't2d', 'import', key, '--json');
    expect([back.err, back.code]).toEqual(['', 0]);
    expect(back.json()).toEqual({ done: 1, refused: [], left: [], records: { filed: records, refused: 0 } });
    expect([await station.count(4), await central()]).toEqual([
      records,
      expect.objectContaining({ waiting: 0 }),
    ]);

    // All of it a second time: from a copy of the key, for the first may be lost on its way.
    const copy = `${key}-copy`;
    try {
      const again = await run('xmserver', server, 't2d', 'import', copy, '--json');
      expect(again.json()).toEqual({ done: records, refused: [], left: [] });
      expect(await central()).toMatchObject({ births: records, originals: records });
      expect((await run('xmserver', server, 't2d', 'export', copy, '--json')).json()).toEqual({
        written: 1,
        present: 0,
      });
      const [name] = readdirSync(copy).filter(one => one.startsWith('XMS-'));
      expect(readFileSync(join(copy, name as string), 'latin1')).toBe(receipts);
      const repeated = await run('xmstation', office, 't2d', 'import', copy, '--json');
      expect(repeated.json()).toEqual({ done: 1, refused: [], left: [], records: { filed: 0, refused: 0 } });
      expect((await run('xmserver', server, 't2d', 'export', copy, '--json')).json()).toEqual({
        written: 0,
        present: 0,
      });
      expect((await run('xmstation', office, 't2d', 'export', copy, '--json')).json()).toEqual({
        written: 0,
        present: 0,
      });
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }, 120_000);

  it('leave a row in the journal for each run', async () => {
    const rows = await site.system.query<{ act: string; detail: Record<string, unknown>; operator: string }>(
      `select act, operator, detail from journal where act like 't2d%' order by id`,
    );
    expect(rows.map(({ act }) => act)).toEqual([
      't2d-import',
      't2d-export',
      't2d-import',
      't2d-export',
      't2d-export',
    ]);
    expect(rows[0]).toMatchObject({
      operator: expect.stringMatching(/^os:/),
      detail: { done: records, refused: 0 },
    });
  });
});

describe('beside an engine that is connected', () => {
  let engine: RunningEngine;
  beforeAll(async () => {
    await site.system.query(`insert into setting (name, value) values ('t2dWatch', '1')`);
    engine = await site.startEngine();
  }, 60_000);

  it('receipts go into files though the broker has taken them', async () => {
    const [before] = await site.documents.query('select max(id) as id from xms.sent');
    await station.write(3);
    await run('xmstation', office, 't2d', 'export', key);
    await run('xmserver', server, 't2d', 'import', key);
    // The engine seals and publishes them; nobody listens at the broker.
    const published = 'select from xms.sent s join xms.outbox o on o.id = s.outbox where s.id > $1';
    await until(async () => (await site.documents.query(published, [before?.id])).length > 0);
    await run('xmserver', server, 't2d', 'export', key, '--client', `${matricule}`);
    const back = await run('xmstation', office, 't2d', 'import', key, '--json');
    expect(back.json()).toMatchObject({ refused: [], records: { filed: 3 } });
  }, 60_000);

  it('the watched folder is answered by itself', async () => {
    await station.write(2);
    const [incoming, outgoing] = [join(server, 't2d', 'in'), join(server, 't2d', 'out')];
    await run('xmstation', office, 't2d', 'export', incoming);
    await engine.log.until(line => /2 files dealt with/.test(line));
    while (!readdirSync(outgoing).some(name => name.startsWith('XMS-'))) {
      await engine.log.until(line => /[1-9]\d* written/.test(line));
    }
    expect(readdirSync(incoming)).toEqual([]);
    expect(readdirSync(join(server, 't2d', 'done'))).toHaveLength(2);
    const back = await run('xmstation', office, 't2d', 'import', outgoing, '--json');
    expect(back.json()).toMatchObject({ refused: [], records: { filed: 2 } });
    expect(await station.count(4)).toBe(records + 5);
  }, 60_000);
});

describe('by mail', () => {
  it('records are filed, and answered to the one client that is asked for', async () => {
    await station.write(1);
    const folder = join(key, 'mail');
    await run('xmstation', office, 't2d', 'export', folder);
    const [name] = readdirSync(folder) as [string];
    const sdc = readFileSync(join(folder, name));
    rmSync(join(folder, name));
    const part = [
      [`Content-Type: text/plain; name="${name}"`, 'Content-Transfer-Encoding: base64'],
      base64Lines(sdc),
    ] as const;
    writeFileSync(
      join(folder, 'Actes du 9 mars.eml'),
      mailOf([['Content-Type: text/plain'], 'Bonjour'], part),
    );
    const came = await run(
      'xmserver',
      server,
      't2d',
      'import',
      join(folder, 'Actes du 9 mars.eml'),
      '--json',
    );
    expect([came.code, came.json()]).toEqual([0, { done: 1, refused: [], left: [] }]);
    const other = await run(
      'xmserver',
      server,
      't2d',
      'export',
      folder,
      '--client',
      `${matricule + 1}`,
      '--json',
    );
    expect(other.json()).toEqual({ written: 0, present: 0 });
    const own = await run('xmserver', server, 't2d', 'export', folder, '--client', `${matricule}`, '--json');
    expect(own.json()).toEqual({ written: 1, present: 0 });
    const back = await run('xmstation', office, 't2d', 'import', folder, '--json');
    expect(back.json()).toMatchObject({ refused: [], records: { filed: 1 } });
  }, 60_000);
});

describe('what cannot be filed', () => {
  it('is refused with a note in both languages, and told in the language of the call', async () => {
    const folder = join(key, 'mixed');
    mkdirSync(folder);
    cpSync(join(key, 'done'), folder, { recursive: true });
    const [name] = readdirSync(folder) as [string];
    for (const other of readdirSync(folder).slice(1)) rmSync(join(folder, other));
    const text = readFileSync(join(folder, name), 'latin1');
    writeFileSync(join(folder, name), text.replace(/\n[\w+/]/, '\n!'));
    const said = await run('xmserver', server, 't2d', 'import', folder, '--lang', 'fr');
    expect(said.code).toBe(5);
    expect(said.out).toContain('REFUSÉ  SDC mal formé : base64');
    const note = readFileSync(join(folder, 'refused', `${name}.txt`), 'utf8');
    const journal = await run('xmserver', server, 't2d', 'import', join(key, 'nowhere'));
    expect([journal.code, journal.err]).toEqual([1, expect.stringContaining('T2D folder not found')]);
    expect(note.split('\r\n').map(line => line.replace(/\S+ \S+ UTC/, 'DATE'))).toEqual([
      `Le fichier ${name} a été refusé le DATE. Rien n’en a été perdu.`,
      'SDC mal formé : base64',
      '',
      `The file ${name} was refused on DATE. Nothing of it was lost.`,
      'malformed SDC: base64',
      '',
    ]);
  }, 60_000);
});
