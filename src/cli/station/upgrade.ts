/** A station's database brought up to this program; `xmstation init` has made it. */
import { join } from 'node:path';
import type { Database } from '../../db/database.ts';
import { migrate, migrationsOf } from '../../db/migrate.ts';
import { packageFolder } from '../../environment.ts';

/** The forms of an office, and the database that holds them (guide §6.2). */
export const offices = {
  ecr: { database: 'ECRData', forms: '0001_ecr.sql' },
  docstream: { database: 'DocstreamData', forms: '0002_docstream.sql' },
} as const;
export type OfficeKind = keyof typeof offices;

const sqlFolder = () => join(packageFolder(), 'sql');

export function stationMigrations(office: OfficeKind): ReturnType<typeof migrationsOf> {
  return [
    ...migrationsOf(sqlFolder(), 'data', [offices[office].forms]),
    ...migrationsOf(sqlFolder(), 'station'),
  ];
}

/** One query where nothing is missing. The forms stay as they are: they are the office's. Throws as `migrate` does. */
export async function upgradeStation(database: Database): Promise<void> {
  const own = migrationsOf(sqlFolder(), 'station');
  const rows = await database.query<{ name: string }>('select name from public.xms_migration order by name');
  const applied = new Set(rows.map(({ name }) => name));
  if (own.every(({ name }) => applied.has(name))) return;
  const others = [...applied].flatMap(name => {
    const [set = '', file] = name.split('/');
    return set === 'station' ? [] : migrationsOf(sqlFolder(), set, [`${file}.sql`]);
  });
  await migrate(database.settings, [...others, ...own]);
}
