import { describe, expect, it } from 'vitest';
import { brokenJournalRow, writeJournal } from '../../src/db/system/operator.ts';
import { clone, open, untilBlocked } from './databases.ts';

const system = await clone('XMServerSystem', 20);

/** Does it behind the journal's back, as a superuser with the triggers off can. */
async function tamper(statement: string): Promise<void> {
  await system.transaction(async connection => {
    await connection.query('set local session_replication_role = replica');
    await connection.query(statement);
  });
}

async function fill(rows: number): Promise<void> {
  await tamper('delete from journal');
  for (let i = 1; i <= rows; i++) await writeJournal(system, 'act', { i }, 'mbome');
}

const idOf = async (row: number) =>
  (await system.query<{ id: bigint }>('select id from journal order by id limit 1 offset $1', [row - 1]))[0]
    ?.id;

describe('the journal', () => {
  it('keeps who did what', async () => {
    await fill(0);
    await writeJournal(system, 'client-created', { matricule: 1024, nom: 'N\0m' }, 'mbome');
    await writeJournal(system, 'first-start', {});
    expect(await system.query('select operator, act, detail from journal order by id')).toEqual([
      { operator: 'mbome', act: 'client-created', detail: { matricule: 1024, nom: 'N\ufffdm' } },
      { operator: null, act: 'first-start', detail: {} },
    ]);
    expect(await brokenJournalRow(system)).toBeUndefined();
  });

  it('is whole when it is empty', async () => {
    await fill(0);
    expect(await brokenJournalRow(system)).toBeUndefined();
  });

  it('stays whole when many write at once', async () => {
    await fill(0);
    const others = Array.from({ length: 4 }, () => open(system.settings.database, 5));
    await Promise.all(
      Array.from({ length: 200 }, (_, i) => writeJournal(others[i % 4] ?? system, 'act', { i })),
    );
    const [journal] = await system.query(
      'select count(*)::int as rows, max(id) - min(id) + 1 as span from journal',
    );
    expect(journal).toEqual({ rows: 200, span: 200n });
    expect(await brokenJournalRow(system)).toBeUndefined();
  });

  it('stays whole when one waits with its row for long', async () => {
    await fill(1);
    const waiting = system.transaction(async connection => {
      await writeJournal(connection, 'slow', {});
      // The other one has to wait for our commit: only then does it read the row before its own.
      const fast = writeJournal(system, 'fast', {});
      await untilBlocked(system);
      return { fast };
    });
    await (await waiting).fast;
    expect(await brokenJournalRow(system)).toBeUndefined();
  });

  it('stays whole when one statement writes several rows', async () => {
    await fill(2);
    await system.query(`insert into journal (act) select 'act ' || i from generate_series(1, 5) i`);
    expect(await brokenJournalRow(system)).toBeUndefined();
  });

  it.each([
    ['a changed act', 'update journal set act = $$other$$ where id = $ID', 0],
    ['a changed detail', `update journal set detail = '{"i": 4}' where id = $ID`, 0],
    ['another operator', 'update journal set operator = null where id = $ID', 0],
    ['another time', `update journal set at = at + interval '1 microsecond' where id = $ID`, 0],
    ['a row taken out', 'delete from journal where id = $ID', 1],
    ['a changed hash', 'update journal set hash = sha256(hash) where id = $ID', 0],
  ])('tells %s made behind its back', async (_what, statement, offset) => {
    await fill(5);
    const [third, next] = [await idOf(3), await idOf(3 + offset)];
    await tamper(statement.replace('$ID', String(third)));
    expect(await brokenJournalRow(system)).toBe(next);
  });

  it('tells a changed row whose own hash was made to fit', async () => {
    await fill(5);
    const third = await idOf(3);
    await tamper(`update journal set act = 'other' where id = ${third}`);
    await tamper(
      `update journal j set hash = journal_hash((select hash from journal where id = ${third} - 1), j) where id = ${third}`,
    );
    expect(await brokenJournalRow(system)).toBe(await idOf(4));
  });

  it.each(['update journal set act = $$x$$', 'delete from journal', 'truncate journal'])(
    'cannot be changed by %s',
    async statement => {
      await fill(1);
      await expect(system.query(statement)).rejects.toThrow('the journal is only ever added to');
    },
  );

  it('is checked across pages', async () => {
    await fill(0);
    await system.query(`insert into journal (act) select 'act' from generate_series(1, 10050)`);
    expect(await brokenJournalRow(system)).toBeUndefined();
    const late = await idOf(10_020);
    await tamper(`update journal set act = 'other' where id = ${late}`);
    expect(await brokenJournalRow(system)).toBe(late);
    const last = await idOf(10_000);
    await tamper(`update journal set act = 'other' where id = ${last}`);
    expect(await brokenJournalRow(system)).toBe(last);
  });
});
