/** Records of the centre into an office's tables, through the engine: pages, what is left behind, papers compared. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormTable } from '../../src/core/record.ts';
import { readSelect } from '../../src/db/select-text.ts';
import { PostgresStationStore } from '../../src/db/station-store.ts';
import { type ImportEvent, importQuery, importRecords } from '../../src/station/importer.ts';
import { paperOf } from '../../src/station/paper.ts';
import type { Office } from '../site/enrol.ts';
import { makeSite, type Site } from '../site/site.ts';
import { Station } from '../site/station.ts';
import { until } from '../until.ts';

const never = new AbortController().signal;
/** More than a page holds. */
const count = 1_005;

let site: Site;
let station: Station;
let table: FormTable;
beforeAll(async () => {
  site = await makeSite(1, 'ec');
  await site.system.query('update client set status = 3, batch = true');
  await site.system.query('update access_right set may_read = true');
  await site.documents.query(
    `insert into "Naissance" ("Status", "Nom", "NumeroActe", "DateNaissance")
     select 2, 'N' || i, i || '/2026', '2026-02-03' from generate_series(1, $1::int) i`,
    [count],
  );
  await site.startEngine();
  station = await Station.install(site, site.offices[0] as Office);
  table = (await new PostgresStationStore(station.database).tables()).get('Naissance') as FormTable;
});
afterAll(async () => {
  await station?.close();
  await site?.close();
});

async function imported(
  text: string,
  signal = never,
): Promise<{ landed: number; known: number; pages: number }> {
  const landed: Extract<ImportEvent, { kind: 'landed' }>['landing'][] = [];
  const query = importQuery(await readSelect(text, new Map([['Naissance', table]])), table);
  const outcome = await importRecords(station.asking, query, signal, event => {
    if (event.kind === 'landed') landed.push(event.landing);
  });
  expect(outcome).toEqual({ kind: 'done' });
  const sum = (key: 'landed' | 'known') => landed.reduce((all, one) => all + one[key], 0);
  return { landed: sum('landed'), known: sum('known'), pages: landed.length };
}

describe('an import', () => {
  const everything = 'select * from "Naissance"';

  it('goes on to the last page, and lands no record twice', async () => {
    expect(await station.connected(() => imported(everything))).toEqual({
      landed: count,
      known: 0,
      pages: 2,
    });
    expect(await station.connected(() => imported(everything))).toEqual({
      landed: 0,
      known: count,
      pages: 2,
    });
    expect(await station.count(2)).toBe(count);
    // None of them goes back to the centre.
    expect(await station.export()).toBe(0);
    expect(await station.database.query('select from xms.kept')).toEqual([]);
  }, 60_000);

  it('that nobody waited for lands with the next', async () => {
    const text = `select * from "Naissance" where "Nom" = 'N7'`;
    await station.database.query('truncate "Naissance", xms.imported');
    const gone = new AbortController();
    const asking = imported(text, gone.signal);
    gone.abort();
    await expect(asking).rejects.toThrow(/abort/);
    await station.connected(async () => {
      const open = 'select from xms.asked where answered_at is null';
      await until(async () => (await station.database.query(open)).length === 0);
    });
    const other = `select * from "Naissance" where "Nom" in ('N7', 'N8')`;
    expect(await station.connected(() => imported(other))).toEqual({ landed: 2, known: 1, pages: 2 });
  }, 60_000);

  it('that account or quota cut short goes on where it stands', async () => {
    await station.database.query('truncate "Naissance", xms.imported');
    const query = importQuery(await readSelect(everything, new Map([['Naissance', table]])), table);
    const run = async (place?: string) => {
      let next = place;
      const outcome = await station.connected(() =>
        importRecords(
          station.asking,
          query,
          never,
          event => {
            if (event.kind === 'landed') next = event.next;
          },
          place,
        ),
      );
      return { outcome, next };
    };
    await site.system.query('delete from reading');
    await site.system.query('update client set reads_per_day = 600');
    const first = await run();
    expect(first.outcome).toMatchObject({ kind: 'refused', reason: { code: 'quota-reached' } });
    expect(await station.count(2)).toBe(600);
    await site.system.query('delete from reading');
    expect(await run(first.next)).toEqual({ outcome: { kind: 'done' }, next: undefined });
    expect(await station.count(2)).toBe(count);
    await site.system.query('update client set reads_per_day = null');
  }, 60_000);

  it('asks for what identifies a record, whatever else it asks for', () => {
    const query = { table: 'Naissance', columns: ['Nom'], order: [] };
    expect(importQuery(query, table).columns).toEqual(['Numero', 'Status', 'Nom']);
    const strict = {
      ...table,
      columns: table.columns.map(one => (one.name === 'Sexe' ? { ...one, nullable: false } : one)),
    };
    expect(() => importQuery(query, strict)).toThrow(/"Sexe": a value is required/);
    expect(() => importQuery({ ...query, columns: ['Rien'] }, table)).toThrow(/unknown column/);
  });
});

describe('a paper', () => {
  const certified = async (...cells: [string, string][]) => {
    const question = { service: 'CERTIFY', table: 'Naissance', paper: paperOf(cells, table) } as const;
    const answer = await station.connected(() => station.ask(question, never));
    return 'kind' in answer ? answer : answer[0];
  };

  it('is compared as it is typed in', async () => {
    const same: [string, string][] = [
      ['NumeroActe', ' 7/2026 '],
      ['Nom', 'n7'],
    ];
    expect(await certified(...same, ['DateNaissance', '03/02/2026'])).toMatchObject({ verdict: 'genuine' });
    expect(await certified(...same, ['DateNaissance', '2026-02-04'])).toMatchObject({
      verdict: 'differs',
      differs: ['DateNaissance'],
    });
    expect(await certified(['NumeroActe', '9999/2026'])).toMatchObject({ verdict: 'unknown' });
    await site.documents.query(`update "Naissance" set "Status" = 0 where "Nom" = 'N7'`);
    expect(await certified(...same)).toMatchObject({ verdict: 'cancelled' });
  }, 60_000);

  it('that could not be looked for, or is none of this table, is not asked about', () => {
    const refused =
      (...cells: [string, string][]) =>
      () =>
        paperOf(cells, table);
    expect(refused(['Sexe', 'F'])).toThrow(/give the number/);
    expect(refused(['Rien', 'F'])).toThrow(/unknown column/);
    expect(refused(['DateNaissance', '31/02/2026'])).toThrow(/"DateNaissance": value of type text/);
  });
});
