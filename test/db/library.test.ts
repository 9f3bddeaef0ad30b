/** What clients read: pages of queries, papers; and that a query can do no more than read the table that it asks. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { certified, searchOf } from '../../src/core/engine/services/certify.ts';
import type { Condition, Query } from '../../src/core/query.ts';
import { fullQuery, queryFault } from '../../src/core/query-rules.ts';
import {
  CalendarDate,
  type Column,
  type FormRecord,
  type FormTable,
  type Value,
} from '../../src/core/record.ts';
import { Database, type Queryable, type Row } from '../../src/db/database.ts';
import { readFormTables } from '../../src/db/form-tables.ts';
import { PostgresLibrary } from '../../src/db/library.ts';
import { clone, onServer, open } from './databases.ts';

const database = await clone('XMServerData');
const library = new PostgresLibrary(database);
let tables: ReadonlyMap<string, FormTable>;
let births: FormTable;

beforeAll(async () => {
  await database.query(`
    insert into "Naissance" ("Status", "NumeroActe", "Nom", "Prenoms", "Sexe", "DateNaissance", "HeureNaissance")
    select case when n % 10 = 0 then 0 else 2 end, n % 500 || '/2024',
           case when n % 7 = 0 then null else 'NGO ' || n % 13 end, 'Jean', 'M', date '2024-01-01' + n % 300, '10:30'
      from generate_series(1, 3000) n`);
  await database.query(`insert into "Naissance" ("Status", "NumeroActe", "Nom", "DateNaissance") values
    (2, 'A-1', 'Essombé  N’Dongo', '2024-05-05'), (0, 'A-2', 'FOUDA', '2024-05-06'), (2, 'A-3', 'FOUDA', '2024-05-07'),
    (0, 'A-3', 'FOUDA', '2024-05-07')`);
  await database.query(`create table "Secret" ("Numero" bigint primary key, "Status" smallint, "Mot" text)`);
  await database.query('analyze');
  tables = await readFormTables(database);
  births = tables.get('Naissance') as FormTable;
});

const all = (query: Partial<Query>): Query => ({ table: 'Naissance', columns: [], order: [], ...query });

async function numbers(query: Query): Promise<{ readonly numeros: number[]; readonly pages: number }> {
  expect(queryFault(query, births)).toBeUndefined();
  const records: FormRecord[] = [];
  let pages = 0;
  for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
    const page = await library.select(fullQuery(query, births), births, after);
    records.push(...page.records);
    pages++;
    after = page.next;
    if (after) expect(after.length).toBeLessThan(41);
  }
  return { numeros: records.map(record => Number(record.get('Numero'))), pages };
}

async function expected(tail: string): Promise<number[]> {
  const rows = await database.query<{ n: bigint }>(`select "Numero" as n from "Naissance" ${tail}`);
  return rows.map(({ n }) => Number(n));
}

describe('a query', () => {
  it('without conditions: the records with Status 2, page after page', async () => {
    const { numeros, pages } = await numbers(all({}));
    expect(pages).toBe(3);
    expect(numeros).toEqual(await expected('where "Status" = 2 order by "Numero"'));
  });

  it.each([
    [[{ column: 'Nom', descending: false }], 'order by "Nom", "Numero"'],
    [[{ column: 'Nom', descending: true }], 'order by "Nom" desc, "Numero"'],
    [
      [
        { column: 'DateNaissance', descending: true },
        { column: 'Nom', descending: false },
        { column: 'Numero', descending: true },
      ],
      'order by "DateNaissance" desc, "Nom", "Numero" desc',
    ],
  ])('in any order, NULL or not', async (order, tail) => {
    const { numeros } = await numbers(all({ order }));
    expect(numeros).toEqual(await expected(`where "Status" = 2 ${tail}`));
  });

  it('gives as many as its limit, over all pages', async () => {
    const { numeros, pages } = await numbers(
      all({ limit: 1_200, order: [{ column: 'Nom', descending: false }] }),
    );
    expect(numeros).toEqual(await expected('where "Status" = 2 order by "Nom", "Numero" limit 1200'));
    expect(pages).toBe(2);
    expect((await numbers(all({ limit: 0 }))).numeros).toEqual([]);
    expect((await numbers(all({ limit: 1_000 }))).pages).toBe(1);
  });

  it('reads values as they were filed, and the columns that it names', async () => {
    const query = all({ columns: ['HeureNaissance', 'DateNaissance', 'Numero'], limit: 1 });
    const { records } = await library.select(fullQuery(query, births), births);
    expect([...(records[0] as FormRecord)]).toEqual([
      ['HeureNaissance', '10:30'],
      ['DateNaissance', CalendarDate.parse('2024-01-02')],
      ['Numero', 1],
    ]);
  });

  it('ends a page where it has many bytes', async () => {
    const database = await clone('XMServerData');
    await database.query(
      `insert into "Deces" ("Status", "MentionsMarginales") select 2, repeat('x', 1000000) from generate_series(1, 12)`,
    );
    const deaths = (await readFormTables(database)).get('Deces') as FormTable;
    const reader = new PostgresLibrary(database);
    const first = await reader.select(fullQuery(all({ table: 'Deces' }), deaths), deaths);
    expect(first.records).toHaveLength(5);
    const second = await reader.select(fullQuery(all({ table: 'Deces' }), deaths), deaths, first.next);
    expect(second.records.map(record => record.get('Numero'))).toEqual([6, 7, 8, 9, 10]);
  });

  it('says what SQL says, for any condition', async () => {
    const leaf: fc.Arbitrary<Condition> = fc.oneof(
      fc.record({
        kind: fc.constant('compare' as const),
        column: fc.constant('Nom'),
        by: fc.constantFrom('=' as const, '<>' as const, '<' as const, '>=' as const),
        value: fc.constantFrom('NGO 1', 'NGO 12', "'; drop table x; --", '$1'),
      }),
      fc.record({
        kind: fc.constant('compare' as const),
        column: fc.constant('Nom'),
        by: fc.constant('like' as const),
        value: fc.constantFrom('NGO%', '%1', 'ngo%', '\\%'),
      }),
      fc.record({
        kind: fc.constant('in' as const),
        column: fc.constantFrom('Numero', 'Status'),
        values: fc.array(fc.constantFrom<Value>(0, 1, 2, 77, 9n ** 18n), { maxLength: 4 }),
      }),
      fc.record({ kind: fc.constant('null' as const), column: fc.constantFrom('Nom', 'Sexe') }),
    );
    const condition = fc.letrec<{ tree: Condition }>(tie => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.record({ kind: fc.constant('not' as const), condition: tie('tree') }),
        fc.record({
          kind: fc.constantFrom('and' as const, 'or' as const),
          conditions: fc.array(tie('tree'), { maxLength: 3 }),
        }),
      ),
    })).tree;
    const rows = await database.query<{ n: bigint; nom: string | null; status: number; sexe: string | null }>(
      `select "Numero" as n, "Nom" as nom, "Status" as status, "Sexe" as sexe from "Naissance" order by 1`,
    );
    const truth = (one: Condition, row: (typeof rows)[number]): boolean | undefined => {
      const of = { Nom: row.nom, Numero: Number(row.n), Status: row.status, Sexe: row.sexe };
      switch (one.kind) {
        case 'and':
        case 'or': {
          const truths = one.conditions.map(inner => truth(inner, row));
          const decides = one.kind === 'or';
          return truths.includes(decides) ? decides : truths.includes(undefined) ? undefined : !decides;
        }
        case 'not': {
          const inner = truth(one.condition, row);
          return inner === undefined ? undefined : !inner;
        }
        case 'null':
          return of[one.column as 'Nom'] === null;
        case 'in':
          return one.values.some(value => String(value) === String(of[one.column as 'Numero']));
        case 'compare': {
          if (row.nom === null) return undefined;
          const value = String(one.value);
          const tests: Record<string, () => boolean> = {
            '=': () => row.nom === value,
            '<>': () => row.nom !== value,
            like: () =>
              new RegExp(`^${value.replace(/\\(.)/g, '\\$1').replace(/(?<!\\)%/g, '.*')}$`).test(
                row.nom ?? '',
              ),
          };
          return tests[one.by]?.();
        }
      }
    };
    const orderFree = (one: Condition): boolean =>
      one.kind === 'compare'
        ? !'<>='.includes(one.by) || one.by === '=' || one.by === '<>'
        : one.kind === 'not'
          ? orderFree(one.condition)
          : one.kind === 'and' || one.kind === 'or'
            ? one.conditions.every(orderFree)
            : true;
    await fc.assert(
      fc.asyncProperty(condition.filter(orderFree), async where => {
        const { numeros } = await numbers(all({ where }));
        expect(numeros).toEqual(rows.filter(row => truth(where, row) === true).map(({ n }) => Number(n)));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a hostile query', () => {
  const hostile: readonly [string, Partial<Query>, string][] = [
    ['column that is SQL', { columns: ['Nom", pg_sleep(5), "Nom'] }, 'column-unknown'],
    [
      'order that is SQL',
      { order: [{ column: 'Numero; drop table x', descending: false }] },
      'column-unknown',
    ],
    ['system column', { columns: ['xmin'] }, 'column-unknown'],
    ['column twice', { columns: ['Nom', 'Nom'] }, 'query-too-complex'],
    ['negative limit', { limit: -1 }, 'query-denied'],
    ['fraction of a limit', { limit: 1.5 }, 'query-denied'],
    [
      'value of another type',
      { where: { kind: 'compare', column: 'Numero', by: '=', value: '1 or 1=1' } },
      'value-type',
    ],
    ['NULL', { where: { kind: 'compare', column: 'Nom', by: '=', value: null } }, 'value-null'],
    [
      'too large a number',
      { where: { kind: 'compare', column: 'Numero', by: '=', value: 2n ** 64n } },
      'value-range',
    ],
    ['U+0000', { where: { kind: 'compare', column: 'Nom', by: '=', value: 'a\0' } }, 'value-range'],
    [
      'pattern of a number',
      { where: { kind: 'compare', column: 'Numero', by: 'like', value: '1%' } },
      'query-denied',
    ],
    ['cut escape', { where: { kind: 'compare', column: 'Nom', by: 'like', value: 'a\\' } }, 'value-range'],
    [
      'many wildcards',
      { where: { kind: 'compare', column: 'Nom', by: 'like', value: '%a'.repeat(9) } },
      'query-too-complex',
    ],
    [
      'long pattern',
      { where: { kind: 'compare', column: 'Nom', by: 'like', value: 'a'.repeat(201) } },
      'query-too-complex',
    ],
    [
      'many values',
      { where: { kind: 'in', column: 'Numero', values: Array(1_001).fill(1) } },
      'query-too-complex',
    ],
    [
      'many conditions',
      { where: { kind: 'or', conditions: Array(200).fill({ kind: 'null', column: 'Nom' }) } },
      'query-too-complex',
    ],
    ['deep', { where: nested(17) }, 'query-too-complex'],
  ];

  function nested(depth: number): Condition {
    return depth === 1 ? { kind: 'null', column: 'Nom' } : { kind: 'not', condition: nested(depth - 1) };
  }

  it.each(hostile)('%s', (_, query, code) => {
    expect(queryFault(all(query), births)?.code).toBe(code);
  });

  it('as large as it may be is answered', async () => {
    expect((await numbers(all({ where: nested(16) }))).numeros.length).toBeGreaterThan(0);
    const conditions = Array.from(
      { length: 199 },
      (): Condition => ({
        kind: 'compare',
        column: 'Nom',
        by: 'like',
        value: '%a'.repeat(8),
      }),
    );
    expect((await numbers(all({ where: { kind: 'or', conditions } }))).numeros).toEqual([]);
  });

  it.each(['x', '1', '1:', ':1', '1:1:1', "1' or 1=1", '1e9:1', '99999999999999999999:1'])(
    'after %s: what no page gave',
    async after => {
      await expect(async () =>
        library.select(fullQuery(all({}), births), births, after),
      ).rejects.toMatchObject({
        code: 'query-denied',
      });
    },
  );
});

describe('the role of a query', () => {
  it('reads its table, and nothing else of ours', async () => {
    expect(await library.prepare(tables.keys())).toBe(true);
    const [row] = await database.query<{ role: string }>(
      `select 'xms_read_' || d.oid || '_' || '"Naissance"'::regclass::oid as role
         from pg_database d where datname = current_database()`,
    );
    const tries = [
      'select from "Secret"',
      'select from xms.provenance',
      'select from pg_authid',
      'insert into "Naissance" default values',
      'update "Naissance" set "Status" = 0',
      'create table public.x ()',
      'copy "Naissance" to program \'true\'',
      "select pg_read_file('PG_VERSION')",
    ];
    for (const attempt of tries) {
      const run = database.transaction(async connection => {
        await connection.query(`set local role ${row?.role}`);
        await connection.query(attempt);
      });
      await expect(run, attempt).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('is what papers are looked for as, by number and by name', async () => {
    const asked: string[] = [];
    class Listening extends Database {
      override transaction<T>(work: (connection: Queryable) => Promise<T>): Promise<T> {
        return super.transaction(connection =>
          work({
            query: async <R extends Row>(text: string, parameters: readonly unknown[] = []) => {
              const rows = await connection.query<R>(text, parameters);
              if (!/from public\."Naissance" where/.test(text)) return rows;
              const [row] = await connection.query<{ role: string }>('select current_user as role');
              asked.push(row?.role ?? '');
              return rows;
            },
          }),
        );
      }
    }
    const listening = new Listening(database.settings, 'test');
    const papers = [
      { NumeroActe: 'A-1' },
      { Nom: 'FOUDA', DateNaissance: CalendarDate.parse('2024-05-07') as CalendarDate },
    ];
    for (const paper of papers) {
      const search = searchOf(new Map<string, Value>(Object.entries(paper)), births);
      if (!search) throw new Error('no search');
      expect(await new PostgresLibrary(listening).find(search, births)).not.toEqual([]);
    }
    await listening.close();
    expect(asked).toEqual([
      expect.stringMatching(/^xms_read_\d+_\d+$/),
      expect.stringMatching(/^xms_read_\d+_\d+$/),
    ]);
  });

  it('is made anew with its table', async () => {
    const secret = () =>
      library.select(
        fullQuery(all({ table: 'Secret' }), tables.get('Secret') as FormTable),
        tables.get('Secret') as FormTable,
      );
    expect((await secret()).records).toEqual([]);
    await database.query('drop table "Secret"');
    await database.query(
      `create table "Secret" ("Numero" bigint primary key, "Status" smallint, "Mot" text)`,
    );
    expect((await secret()).records).toEqual([]);
  });

  it('is not made where the user of the installation may not', async () => {
    await onServer(`create role poor_${database.settings.database} login password 'poor'`);
    await database.query(`grant select on "Naissance" to poor_${database.settings.database}`);
    const poor = open(database.settings.database, 2, {
      user: `poor_${database.settings.database}`,
      password: 'poor',
    });
    const theirs = new PostgresLibrary(poor);
    expect(await theirs.prepare(['Naissance'])).toBe(false);
    const { records } = await theirs.select(fullQuery(all({ limit: 3 }), births), births);
    expect(records).toHaveLength(3);
  });

  it('is the one that the administrator made, where we may make none', async () => {
    const user = `owner_${database.settings.database}`;
    await onServer(`create role ${user} login password 'poor'`);
    await onServer(`create role ${user}_reader`);
    await onServer(`grant ${user}_reader to ${user}`);
    await database.query(`grant usage on schema xms to ${user} with grant option`);
    await database.query(`create table "Propre" ("Numero" bigint primary key, "Status" smallint)`);
    await database.query(`alter table "Propre" owner to ${user}`);
    await database.query(`insert into "Propre" values (1, 2)`);
    const owner = open(database.settings.database, 2, { user, password: 'poor' });
    const theirs = new PostgresLibrary(owner);
    expect(await theirs.prepare(['Propre'])).toBe(true);
    const own = (await readFormTables(database)).get('Propre') as FormTable;
    expect((await theirs.select(fullQuery(all({ table: 'Propre' }), own), own)).records).toHaveLength(1);
    const number = { kind: 'number', column: own.columns[0] as Column, value: 1 } as const;
    expect(await theirs.find(number, own)).toHaveLength(1);
    const [row] =
      await database.query(`select has_table_privilege('${user}_reader', '"Propre"', 'select') as may,
      has_table_privilege('${user}_reader', '"Propre"', 'insert') as writes,
      has_table_privilege('${user}_reader', '"Naissance"', 'select') as others`);
    expect(row).toEqual({ may: true, writes: false, others: false });
  });

  it('has no more than the time it gets, and leaves nothing running', async () => {
    await database.query(`create table "Lente" ("Numero" bigint primary key, "Status" smallint, "Mot" text)`);
    await database.query(
      `insert into "Lente" select n, 2, repeat('a', 30000) from generate_series(1, 3000) n`,
    );
    const slow = (await readFormTables(database)).get('Lente') as FormTable;
    const conditions = Array.from(
      { length: 150 },
      (_, i): Condition => ({ kind: 'compare', column: 'Mot', by: 'like', value: `%a%a%a%a%b${i}` }),
    );
    const where: Condition = { kind: 'or', conditions };
    const startedAt = performance.now();
    await expect(library.select(fullQuery(all({ table: 'Lente', where }), slow), slow)).rejects.toMatchObject(
      {
        code: 'query-too-slow',
      },
    );
    expect(performance.now() - startedAt).toBeLessThan(9_000);
    const running = await database.query(
      `select from pg_stat_activity where datname = current_database() and state = 'active' and query ~ '^fetch'`,
    );
    expect(running).toEqual([]);
  }, 20_000);
});

describe('a paper', () => {
  const paper = (values: Record<string, Value>): FormRecord => new Map(Object.entries(values));
  async function verdict(values: Record<string, Value>) {
    const search = searchOf(paper(values), births);
    if (!search) throw new Error('no search');
    return certified(paper(values), await library.find(search, births));
  }
  const day = (text: string) => CalendarDate.parse(text) as CalendarDate;

  it('is genuine, whatever accents, case and spaces', async () => {
    expect(await verdict({ NumeroActe: ' A-1', Nom: "ESSOMBE n'dongo" })).toMatchObject({
      verdict: 'genuine',
    });
    expect(await verdict({ Nom: "essombe N'DONGO", DateNaissance: day('2024-05-05') })).toEqual({
      verdict: 'genuine',
      differs: [],
      numero: 3001n,
    });
  });

  it('differs, is unknown, is cancelled', async () => {
    expect(
      await verdict({ NumeroActe: 'A-1', Nom: 'FOUDA', DateNaissance: day('2024-05-05'), Sexe: null }),
    ).toMatchObject({ verdict: 'differs', differs: ['Nom'], numero: 3001n });
    expect(await verdict({ NumeroActe: 'Z-1', Nom: 'FOUDA' })).toEqual({ verdict: 'unknown', differs: [] });
    expect(await verdict({ NumeroActe: 'A-2', Nom: 'FOUDA' })).toMatchObject({ verdict: 'cancelled' });
    expect(await verdict({ NumeroActe: 'A-3', Nom: 'FOUDA' })).toMatchObject({
      verdict: 'genuine',
      numero: 3003n,
    });
  });

  it('is looked for among those of its number that other offices have', async () => {
    expect(
      await verdict({ NumeroActe: '7/2024', Nom: 'ngo 0', DateNaissance: day('2024-01-08') }),
    ).toMatchObject({
      verdict: 'differs',
    });
    const [record] = await database.query<{ n: bigint }>(
      `select "Numero" as n from "Naissance" where "NumeroActe" = '8/2024' and "Nom" = 'NGO 1' order by 1 limit 1`,
    );
    expect(await verdict({ NumeroActe: '8/2024', Nom: 'Ngo  1' })).toMatchObject({
      verdict: 'genuine',
      numero: record?.n,
    });
  });

  it('is found by an index', async () => {
    const plan = async (condition: string) =>
      (await database.query<{ 'QUERY PLAN': string }>(`explain select from "Naissance" where ${condition}`))
        .map(row => row['QUERY PLAN'])
        .join('\n');
    expect(await plan(`"NumeroActe" = 'A-1'`)).toContain('Naissance_acte');
    expect(
      await plan(`xms.folded("Nom") = xms.folded('FOUDA'::text) and "DateNaissance" = '2024-05-06'`),
    ).toContain('Naissance_nom');
  });
});
