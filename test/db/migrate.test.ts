import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { DatabaseSettings } from '../../src/db/database.ts';
import { migrate, migrationsOf } from '../../src/db/migrate.ts';
import { freshName, onServer, open, serverSettings, untilBlocked } from './databases.ts';

const sql = join(import.meta.dirname, '..', '..', 'sql');
const sets = ['system', 'data', 'station'] as const;

/** A folder of migrations that the test may change; set `data` has three small ones. */
const folder = mkdtempSync(join(tmpdir(), 'xms-migrations-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  rmSync(folder, { recursive: true });
  cpSync(sql, folder, { recursive: true });
  for (const { name } of migrationsOf(folder, 'data')) rmSync(join(folder, `${name}.sql`));
  write('0001_a', 'create table a (id integer primary key);\ninsert into a values (1);\n');
  write('0002_b', 'create table b (id integer);\n');
  write('0003_c', 'create table c (id integer);\n');
});

function write(name: string, text: string): void {
  writeFileSync(join(folder, 'data', `${name}.sql`), text);
}

const fresh = (): DatabaseSettings => ({ ...serverSettings(), database: freshName() });
const all = () => migrationsOf(folder, 'data');

describe('migrating', () => {
  it.each(sets)(
    'makes the databases of set %s from nothing, and finds them done the second time',
    async set => {
      const settings = fresh();
      const migrations = migrationsOf(sql, set);
      expect(await migrate(settings, migrations)).toEqual(migrations.map(({ name }) => name));
      expect(await migrate(settings, migrations)).toEqual([]);
    },
  );

  it('is done once by twenty that start at the same moment on an empty server', async () => {
    const settings = fresh();
    const done = await Promise.all(Array.from({ length: 20 }, () => migrate(settings, all())));
    expect(done.flat().sort()).toEqual(all().map(({ name }) => name));
    expect(done.filter(names => names.length > 0)).toHaveLength(1);
    expect(await open(settings.database).query('select id from a')).toEqual([{ id: 1 }]);
  });

  it('goes on where it was', async () => {
    const settings = fresh();
    await migrate(settings, migrationsOf(folder, 'data', ['0001_a.sql']));
    expect(await migrate(settings, all())).toEqual(['data/0002_b', 'data/0003_c']);
  });

  it('leaves nothing of a file that fails, and goes on there when it is mended', async () => {
    const settings = fresh();
    write('0002_b', 'create table b (id integer);\nselect no_such_function();\n');
    await expect(migrate(settings, all())).rejects.toMatchObject({
      code: 'database-migration',
      params: { name: 'data/0002_b', detail: 'function no_such_function() does not exist' },
    });
    const database = open(settings.database);
    expect(await database.query("select to_regclass('a') is not null as a, to_regclass('b') as b")).toEqual([
      { a: true, b: null },
    ]);
    write('0002_b', 'create table b (id integer);\n');
    expect(await migrate(settings, all())).toEqual(['data/0002_b', 'data/0003_c']);
  });

  it('leaves nothing of a file at which it is killed', async () => {
    const settings = fresh();
    await migrate(settings, migrationsOf(folder, 'data', ['0001_a.sql']));
    const database = open(settings.database);
    write('0002_b', 'create table b (id integer);\nlock table a;\n');
    const killed = await database.transaction(async connection => {
      await connection.query('select * from a for update');
      await connection.query('lock table a');
      const migrating = migrate(settings, all()).catch((error: unknown) => error);
      await untilBlocked(database);
      await database.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'xmserver migrate' and datname = current_database()",
      );
      return migrating;
    });
    expect(killed).toMatchObject({ code: 'database-unreachable' });
    expect(await database.query("select to_regclass('b') as b")).toEqual([{ b: null }]);
    expect(await migrate(settings, all())).toEqual(['data/0002_b', 'data/0003_c']);
  });

  it('refuses a file that was changed after it was applied', async () => {
    const settings = fresh();
    await migrate(settings, all());
    write('0002_b', 'create table b (id bigint);\n');
    await expect(migrate(settings, all())).rejects.toMatchObject({
      code: 'database-migration',
      params: { name: 'data/0002_b', detail: 'changed since it was applied' },
    });
  });

  it('takes the same file with the line ends of another system', async () => {
    const settings = fresh();
    await migrate(settings, all());
    const file = join(folder, 'data', '0001_a.sql');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
    expect(await migrate(settings, all())).toEqual([]);
  });

  it('refuses a database that is newer than the program', async () => {
    const settings = fresh();
    await migrate(settings, all());
    await expect(migrate(settings, migrationsOf(folder, 'data', ['0001_a.sql']))).rejects.toMatchObject({
      code: 'database-newer',
      params: { database: settings.database, found: 'data/0003_c', known: 'data/0001_a' },
    });
  });

  it('takes a database whose name needs quotes', async () => {
    const settings = { ...serverSettings(), database: `${freshName()} "d'essai"` };
    expect(await migrate(settings, all())).toHaveLength(3);
    await onServer(`drop database "${settings.database.replaceAll('"', '""')}"`);
  });

  it('tells a server that is not there, and a wrong password', async () => {
    await expect(migrate({ ...fresh(), port: 1 }, all())).rejects.toMatchObject({
      code: 'database-unreachable',
    });
    await expect(migrate({ ...fresh(), password: 'wrong' }, all())).rejects.toMatchObject({
      code: 'database-password',
    });
  });
});
