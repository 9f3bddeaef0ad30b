import { expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { clone } from './databases.ts';

/**
 * What the migrations make, as text: a change of the schema shows here, and is taken over on purpose, with
 * `vitest run test/db/schema.test.ts --update`.
 */
it.each(['XMServerSystem', 'XMServerData', 'ECRData'] as const)('%s is as written down', async template => {
  const database = await clone(template);
  await expect(await schemaOf(database)).toMatchFileSnapshot(`golden/${template}.txt`);
});

async function schemaOf(database: Database): Promise<string> {
  const lines = await database.query<{ line: string }>(`
    with ours as (
      select oid, nspname from pg_namespace where nspname in ('public', 'xms')),
    relation as (
      select c.oid, c.oid::regclass::text as name, c.relkind from pg_class c join ours on ours.oid = c.relnamespace)
    select name || ' ' || attname || ' ' || format_type(atttypid, atttypmod)
             || case when attnotnull then ' not null' else '' end
             || coalesce(' default ' || pg_get_expr(adbin, adrelid), '')
             || case attidentity when 'a' then ' identity always' when 'd' then ' identity by default' else '' end
           as line, 1 as part, name as relation, attnum::int as place
      from relation join pg_attribute on attrelid = relation.oid left join pg_attrdef on adrelid = attrelid and adnum = attnum
     where relkind in ('r', 'v') and attnum > 0 and not attisdropped
    union all
    select name || ' with ' || array_to_string(reloptions, ', '), 1, name, 1000
      from relation join pg_class on pg_class.oid = relation.oid where reloptions is not null
    union all
    select name || ' ' || conname || ' ' || pg_get_constraintdef(pg_constraint.oid), 2, name, 0
      from relation join pg_constraint on conrelid = relation.oid where contype <> 'n'
    union all
    select pg_get_indexdef(indexrelid), 3, name, 0 from relation join pg_index on indrelid = relation.oid
    union all
    select pg_get_triggerdef(pg_trigger.oid), 4, name, 0 from relation join pg_trigger on tgrelid = relation.oid
     where not tgisinternal
    union all
    select pg_get_functiondef(pg_proc.oid), 5, proname, 0 from pg_proc join ours on ours.oid = pronamespace
    order by part, relation, place, line`);
  return `${lines.map(({ line }) => line).join('\n')}\n`;
}
