/** Tables of an installation's own, named and made as PostgreSQL allows: filed into, amended, imported, certified. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Value } from '../../src/core/record.ts';
import { type Centre, makeCentre, type Office, only, outcomeOf } from './centre.ts';

const table = `Été "d'${'x'.repeat(39)}".drop;--é`;
const column = `Numéro "du.${'y'.repeat(46)}"'`;
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

let centre: Centre;
let office: Office;
beforeAll(async () => {
  centre = await makeCentre();
  await centre.data.query(`
    create table ${quoted(table)} (
      "Numero" bigint generated always as identity primary key,
      "Status" smallint not null,
      ${quoted(column)} varchar(20),
      "__proto__" text,
      "NumeroPièce" text,
      "MentionsMarginales" text,
      "Carte" point,
      "Double" text generated always as (upper("NumeroPièce")) stored);
    create table "Partagée" ("Numero" bigserial, "Status" int, "NumeroX" text) partition by range ("Numero");
    create table "Partie 1" partition of "Partagée" for values from (0) to (1000);
    create table "Gardée" ("Numero" bigint primary key, "Status" int, "NumeroX" text);
    insert into "Gardée" values (1, 2, 'a'), (2, 2, 'b');
    alter table "Gardée" enable row level security;
    create policy un on "Gardée" using ("Numero" = 1);
    create view "Vue" as select * from "Gardée"`);
  office = await centre.office({ reads: [table, 'Partagée', 'Partie 1', 'Gardée', 'Vue'] });
  await centre.change('update access_right set may_write = true where client = $1', [office.matricule]);
});
afterAll(() => centre.close());

async function file(into: string, values: Readonly<Record<string, Value>>) {
  const columns = (await centre.documents.tables()).get(into)?.columns ?? [];
  const record = new Map<string, Value>(columns.map(({ name }) => [name, null]));
  for (const [name, value] of Object.entries(values)) record.set(name, value);
  return centre.deliver(
    office,
    await centre.sealed(office, { service: 'EXPORT', table: into, records: [record] }, randomBytes(8)),
  );
}

const select = (text: string) => centre.ask(office, { service: 'IMPORT', query: text });

it('names with quotes, dots, accents and semicolons are names', async () => {
  const values = { Numero: 7, Status: 2, [column]: "l'un", NumeroPièce: 'é-1', ['__proto__']: 'p' };
  const outcomes = [
    await file(table, values),
    await file(table, { ...values, MentionsMarginales: 'mariée' }),
  ];
  expect(outcomes).toMatchObject([{ kind: 'filed' }, { kind: 'filed' }]);
  const [record] = only(
    await select(
      `select * from ${quoted(table)} where ${quoted(column)} = 'l''un' order by ${quoted(column)}`,
    ),
    'ROWS',
  ).records;
  expect([...(record ?? [])]).toEqual([
    ['Numero', 1],
    ['Status', 2],
    [column, "l'un"],
    ['__proto__', 'p'],
    ['NumeroPièce', 'é-1'],
    ['MentionsMarginales', 'mariée'],
  ]);
  const paper = new Map([
    ['NumeroPièce', 'é-1'],
    [column, "L'UN"],
  ]);
  const certified = only(await centre.ask(office, { service: 'CERTIFY', table, paper }), 'CERTIFY-ANSWER');
  expect(certified).toMatchObject({ verdict: 'genuine', numero: 1n });
  expect((await file(table, { Numero: 7, Status: 0 })).kind).toBe('filed');
});

it('a partitioned table is one; its parts, and views, are none', async () => {
  expect(await file('Partagée', { Numero: 3, Status: 2, NumeroX: 'z' })).toMatchObject({ kind: 'filed' });
  for (const none of ['Partie 1', 'Vue']) {
    expect(outcomeOf(await select(`select * from ${quoted(none)}`)), none).toBe('table-denied');
  }
});

it('a table with row security shows no more than its policies let the role see', async () => {
  const { records } = only(await select('select * from "Gardée"'), 'ROWS');
  expect(records.map(record => record.get('NumeroX'))).toEqual(['a']);
  const verdicts: string[] = [];
  for (const number of ['a', 'b']) {
    const paper = new Map([['NumeroX', number]]);
    const answer = await centre.ask(office, { service: 'CERTIFY', table: 'Gardée', paper });
    verdicts.push(only(answer, 'CERTIFY-ANSWER').verdict);
  }
  expect(verdicts).toEqual(['genuine', 'unknown']);
});
