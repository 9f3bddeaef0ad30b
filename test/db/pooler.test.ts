import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { migrate, migrationsOf } from '../../src/db/migrate.ts';
import { leftOut } from '../deploy/machine.ts';
import { freshName, onServer, open, serverSettings } from './databases.ts';
import { type PgBouncer, pgbouncerProgram, startPgBouncer } from './pgbouncer.ts';

const all = migrationsOf(join(import.meta.dirname, '..', '..', 'sql'), 'system');

let pooler: PgBouncer;
afterEach(() => pooler.stop());

if (!pgbouncerProgram) leftOut('migrating through PgBouncer', 'no pgbouncer on this machine');

describe.skipIf(!pgbouncerProgram)('migrating through PgBouncer', () => {
  it.each(['transaction', 'session'] as const)(
    'in %s mode, twelve at once do it once, and no lock stays behind',
    async mode => {
      const database = freshName();
      await onServer(`create database ${database}`);
      pooler = await startPgBouncer(serverSettings(), mode, [database]);
      const through = { ...serverSettings(), host: pooler.host, port: pooler.port, database };
      const done = await Promise.all(Array.from({ length: 12 }, () => migrate(through, all)));
      expect(done.flat().sort()).toEqual(all.map(({ name }) => name));
      // The pooler still holds its connections: a lock of a session would be theirs now.
      const locks = `select from pg_locks where locktype = 'advisory'
        and database = (select oid from pg_database where datname = current_database())`;
      const direct = open(database);
      expect(
        await direct.query('select from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()', [
          database,
        ]),
      ).not.toEqual([]);
      expect(await direct.query(locks)).toEqual([]);
      expect(await migrate(through, all)).toEqual([]);
    },
  );

  it.each([
    ['that it has no entry for', 'template1'],
    ['that PostgreSQL does not have', '*'],
  ])('says plainly what to do about a database %s', async (_, known) => {
    pooler = await startPgBouncer(serverSettings(), 'session', [known]);
    const database = freshName();
    const through = { ...serverSettings(), host: pooler.host, port: pooler.port, database };
    await expect(migrate(through, all)).rejects.toMatchObject({
      code: 'database-pooler',
      params: { host: `${pooler.host}:${pooler.port}`, database },
    });
  });
});
