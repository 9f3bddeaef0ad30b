/** SELECT texts: what is taken over, and that all else is refused by name. */
import { describe, expect, it } from 'vitest';
import { XmError } from '../../src/core/errors.ts';
import { CalendarDate, type Column, type FormTable } from '../../src/core/record.ts';
import { readSelect } from '../../src/db/select-text.ts';

const column = (name: string, kind: Column['kind'], type: string = kind): Column => ({
  name,
  kind,
  type,
  nullable: true,
  hasDefault: false,
});
const table: FormTable = {
  name: 'Naissance',
  columns: [
    column('Numero', 'integer', 'bigint'),
    column('Status', 'integer', 'smallint'),
    column('Nom', 'text'),
    column('DateNaissance', 'date'),
    column('Poids', 'decimal', 'numeric'),
    column('Vivant', 'boolean'),
  ],
};
const tables = new Map([[table.name, table]]);
const read = (text: string) => readSelect(text, tables);
const status2 = { kind: 'compare', column: 'Status', by: '=', value: 2 };

async function refusal(text: string): Promise<string> {
  const error = await read(text).then(
    () => new Error('taken over'),
    (fault: unknown) => fault,
  );
  if (!(error instanceof XmError)) throw error;
  return `${error.code} ${Object.values(error.params).join(' ')}`.trim();
}

describe('a SELECT text', () => {
  it('is the query that it says', async () => {
    expect(
      await read(
        `SELECT n."Nom", Numero FROM public.naissance AS n -- of the centre
          WHERE Status = 2 AND ("Nom" LIKE 'NGO%' OR NOT "Nom" IS NULL) /* and */
            AND DateNaissance BETWEEN '2000-01-01' AND date '2000-12-31' AND 10 <= Numero
          ORDER BY "Nom" DESC, Numero LIMIT 20;`,
      ),
    ).toEqual({
      table: 'Naissance',
      columns: ['Nom', 'Numero'],
      where: {
        kind: 'and',
        conditions: [
          status2,
          {
            kind: 'or',
            conditions: [
              { kind: 'compare', column: 'Nom', by: 'like', value: 'NGO%' },
              { kind: 'not', condition: { kind: 'null', column: 'Nom' } },
            ],
          },
          {
            kind: 'and',
            conditions: [
              { kind: 'compare', column: 'DateNaissance', by: '>=', value: CalendarDate.parse('2000-01-01') },
              { kind: 'compare', column: 'DateNaissance', by: '<=', value: CalendarDate.parse('2000-12-31') },
            ],
          },
          { kind: 'compare', column: 'Numero', by: '>=', value: 10 },
        ],
      },
      order: [
        { column: 'Nom', descending: true },
        { column: 'Numero', descending: false },
      ],
      limit: 20,
    });
  });

  it('takes constants as the type of their column', async () => {
    const of = async (condition: string) => (await read(`select * from Naissance where ${condition}`)).where;
    expect(await of("Status = '2'")).toMatchObject({ value: 2n });
    expect(await of('Status <> 0')).toMatchObject({ by: '<>', value: 0 });
    expect(await of('Status != -5')).toMatchObject({ by: '<>', value: -5 });
    expect(await of('Numero < 9223372036854775807')).toMatchObject({ value: 9223372036854775807n });
    expect(await of('Poids > 3.25')).toMatchObject({ value: '3.25' });
    expect(await of('Poids > 3')).toMatchObject({ value: '3' });
    expect(await of('Vivant = false')).toMatchObject({ value: false });
    expect(await of("Vivant = 't'")).toMatchObject({ value: true });
    expect(await of("Nom = ''")).toMatchObject({ value: '' });
    expect(await of('Nom = null')).toMatchObject({ value: null });
    expect(await of("Nom = 'x'::varchar(1)")).toMatchObject({ value: 'x' });
    expect(await of('Status not in (0, 1)')).toEqual({
      kind: 'not',
      condition: { kind: 'in', column: 'Status', values: [0, 1] },
    });
    expect(await of("Nom not like 'A%'")).toMatchObject({ kind: 'not', condition: { by: 'like' } });
  });

  it('has no condition and no limit where it says none', async () => {
    expect(await read('select * from "Naissance" limit all')).toEqual({
      table: 'Naissance',
      columns: [],
      order: [],
    });
  });

  it.each([
    ['select * from Naissance; drop table "Naissance"', 'query-denied SELECT …; …'],
    ['select * from Naissance; select 1', 'query-denied SELECT …; …'],
    ['drop table "Naissance"', 'query-denied DROP'],
    ['delete from "Naissance"', 'query-denied DELETE'],
    ['update Naissance set Status = 0', 'query-denied UPDATE'],
    ["copy Naissance to program 'id'", 'query-denied COPY'],
    ["copy (select * from Naissance) to '/tmp/x'", 'query-denied COPY'],
    ['create role x superuser', 'query-denied CREATE ROLE'],
    ['set role postgres', 'query-denied VARIABLE SET'],
    ['explain analyze select * from Naissance', 'query-denied EXPLAIN'],
    ['do $$ begin end $$', 'query-denied DO'],
    ['select pg_sleep(10) from Naissance', 'query-denied pg_sleep()'],
    ['select count(*) from Naissance', 'query-denied count()'],
    ['select *, pg_sleep(10) from Naissance', 'query-denied pg_sleep()'],
    ["select * from Naissance where Nom = pg_read_file('/etc/passwd')", 'query-denied pg_read_file()'],
    ['select * from Naissance where pg_sleep(10) is null', 'query-denied pg_sleep()'],
    ["select * from Naissance where pg_catalog.lower(Nom) = 'a'", 'query-denied pg_catalog.lower()'],
    ['select * from Naissance order by random()', 'query-denied random()'],
    ['select * from Naissance limit (select 1)', 'query-denied LIMIT …'],
    ['select * from Naissance limit -1', 'query-denied LIMIT …'],
    ['select * from Naissance limit 1 offset 1', 'query-denied OFFSET'],
    ['select * from Naissance order by Nom fetch first 1 row with ties', 'query-denied WITH TIES'],
    ['select * from pg_sleep(10)', 'query-denied FROM …()'],
    ['select * from generate_series(1, 1000000000)', 'query-denied FROM …()'],
    ['select * from (select * from Naissance) n', 'query-denied FROM (SELECT …)'],
    ['select * from Naissance where Numero in (select 1)', 'query-denied (SELECT …)'],
    ['select * from Naissance where exists (select 1)', 'query-denied (SELECT …)'],
    ['select (select 1) from Naissance', 'query-denied (SELECT …)'],
    ['with n as (select 1) select * from Naissance', 'query-denied WITH'],
    ['with d as (delete from "Naissance" returning *) select * from Naissance', 'query-denied WITH'],
    ['with recursive r as (select 1 union all select 1 from r) select * from Naissance', 'query-denied WITH'],
    ['select * from Naissance, Naissance n', 'query-denied FROM …, …'],
    ['select * from Naissance n join Naissance m on true', 'query-denied JOIN'],
    ['select * from Naissance cross join lateral pg_sleep(1)', 'query-denied JOIN'],
    ['select * from Naissance union select * from Naissance', 'query-denied UNION'],
    ['values (1)', 'query-denied VALUES'],
    ['table Naissance, Naissance', 'query-syntax'],
    ['select * into x from Naissance', 'query-denied INTO'],
    ['select distinct Nom from Naissance', 'query-denied DISTINCT'],
    ['select Nom from Naissance group by Nom', 'query-denied GROUP BY'],
    ['select * from Naissance for update', 'query-denied FOR UPDATE'],
    ['select * from only Naissance', 'query-denied ONLY'],
    ['select * from Naissance tablesample system (1)', 'query-denied FROM …'],
    ['select * from pg_catalog.pg_authid', 'table-denied pg_catalog.pg_authid'],
    ['select * from pg_shadow', 'table-denied pg_shadow'],
    ['select * from information_schema.tables', 'table-denied information_schema.tables'],
    ['select * from xms.provenance', 'table-denied xms.provenance'],
    ['select * from other.public."Naissance"', 'table-denied public.Naissance'],
    ["select * from Naissance where Nom = 'pg_authid'::regclass", 'query-denied ::regclass'],
    ["select * from Naissance where Nom = 'x'::evil", 'query-denied ::evil'],
    ["select * from Naissance where Nom = 'x'::public.text", 'query-denied ::public.text'],
    ["select * from Naissance where Numero::text = '1'", 'query-denied ::'],
    ['select Numero::text from Naissance', 'query-denied ::'],
    ["select * from Naissance where Nom ~ '(a+)+$'", 'query-denied ~'],
    ["select * from Naissance where Nom similar to 'a'", 'query-denied SIMILAR'],
    ["select * from Naissance where Nom ilike 'a%'", 'query-denied ILIKE'],
    ["select * from Naissance where Nom like 'a' escape 'x'", 'query-denied pg_catalog.like_escape()'],
    ['select * from Naissance where Numero = Numero', 'query-denied Numero = …'],
    ['select * from Naissance where 1 = 1', 'query-denied SELECT 1'],
    ['select * from Naissance where Numero + 1 = 2', 'query-denied SELECT … + …'],
    ['select * from Naissance where Numero operator(public.=) 1', 'query-denied OPERATOR()'],
    ['select * from Naissance where Numero = any (array[1])', 'query-denied OP ANY'],
    ['select * from Naissance where (Numero, Status) = (1, 2)', 'query-denied ROW(…)'],
    ['select * from Naissance where Numero = $1', 'query-denied $1'],
    ['select * from Naissance where Nom = current_user', 'query-denied CURRENT_…'],
    ['select * from Naissance where case when true then true end', 'query-denied CASE'],
    ['select * from Naissance where Vivant', 'query-denied COLUMN REF'],
    ['select * from Naissance where Nom is distinct from null', 'query-denied DISTINCT'],
    ['select * from Naissance where Nom collate "C" = \'a\'', 'query-denied COLLATE'],
    ['select xmin from Naissance', 'column-unknown xmin'],
    ['select * from Naissance where ctid is null', 'column-unknown ctid'],
    ['select m.Nom from Naissance n', 'query-denied m.…'],
    ['select (n).Nom from Naissance n', 'query-denied […]'],
    ['select Nom as x from Naissance', 'query-denied AS'],
    ['select * from Naissance order by 1', 'query-denied ORDER BY 1'],
    ['select * from Naissance order by Nom nulls first', 'query-denied NULLS FIRST, NULLS LAST'],
    ['select 1', 'query-denied SELECT … (FROM)'],
    ['select from Naissance', 'query-denied SELECT …'],
    ['', 'query-syntax'],
    ['select * from Naissance where', 'query-syntax'],
    ["select * from Naissance where Nom = 'open", 'query-syntax'],
    ['select * from Naissance \0', 'query-syntax'],
  ])('%s', async (text, refused) => {
    expect(await refusal(text)).toContain(refused);
  });

  it('of any depth or length is refused, and the next one is read', async () => {
    for (const count of [20, 500, 1_200, 3_900]) {
      expect(await refusal(`select * from Naissance where ${'not '.repeat(count)} Status = 2`)).toBe(
        'query-too-complex',
      );
    }
    for (const count of [100, 1_000]) {
      expect(await refusal(`select * from ${'(select * from '.repeat(count)} Naissance`)).toMatch(/^query-/);
    }
    expect(
      (await read('select * from Naissance where ((((((((((((((((((((Status = 2))))))))))))))))))))')).where,
    ).toEqual(status2);
  });
});
