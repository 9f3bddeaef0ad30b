import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Database, type DatabaseSettings } from '../../src/db/database.ts';
import { alone } from '../../src/db/lock.ts';
import { clone, onServer, open, serverSettings, untilBlocked } from './databases.ts';

const database = await clone('XMServerSystem');
/** Looks at the others' sessions. */
const witness = open(database.settings.database, 1);

async function faultOf(change: Partial<DatabaseSettings>): Promise<unknown> {
  const elsewhere = new Database({ ...serverSettings(), ...change }, 'test');
  try {
    return await elsewhere.query('select').catch((error: unknown) => error);
  } finally {
    await elsewhere.close();
  }
}

/** Lets anybody in, and says in the same packet that the session has been ended (`pg_terminate_backend`). */
async function curtServer(): Promise<{ readonly port: number; close(): void }> {
  const message = (type: string, body: string) => {
    const text = Buffer.from(body);
    const head = Buffer.from(`${type}0000`);
    head.writeUInt32BE(4 + text.length, 1);
    return Buffer.concat([head, text]);
  };
  const server = createServer(socket => {
    socket.once('data', () => {
      const authenticated = message('R', '\0\0\0\0');
      const ready = message('Z', 'I');
      const fault = message('E', 'SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');
      socket.end(Buffer.concat([authenticated, ready, fault]));
    });
    socket.on('error', () => undefined);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

/** Ends the session that is in the middle of this state. */
async function terminate(state: 'active' | 'idle in transaction'): Promise<void> {
  const query = `select pg_terminate_backend(pid, 10000) from pg_stat_activity
    where datname = current_database() and state = $1 and pid <> pg_backend_pid()`;
  while ((await witness.query(query, [state])).length === 0);
}

it('a database that is only to be read refuses what would write, by itself and in a transaction', async () => {
  const reader = new Database({ ...database.settings, readOnly: true }, 'test', 1);
  const refused = expect.objectContaining({ code: 'read-only' });
  const write = `insert into setting (name, value) values ('readOnlyTest', '1')`;
  try {
    await expect(reader.query(write)).rejects.toEqual(refused);
    await expect(reader.transaction(connection => connection.query(write))).rejects.toEqual(refused);
    expect(await reader.query('select 1 as one')).toEqual([{ one: 1 }]);
    expect(await reader.transaction(connection => connection.query('select 1 as one'))).toHaveLength(1);
  } finally {
    await reader.close();
  }
  expect(await database.query(`select from setting where name = 'readOnlyTest'`)).toEqual([]);
});

describe('a database that cannot be reached', () => {
  const unreachable = (detail: string) => ({
    code: 'database-unreachable',
    params: { detail: expect.stringContaining(detail) },
  });

  it.each([
    ['nobody listens', { port: 1 }, 'ECONNREFUSED'],
    ['the password is wrong', { password: 'wrong' }, 'password authentication failed'],
    ['the user is unknown', { user: 'nobody' }, 'password authentication failed'],
    ['there is no such database', { database: 'none' }, 'database "none" does not exist'],
  ])('is told as such: %s', async (_case, change, detail) => {
    const fault = await faultOf(change);
    expect(fault).toMatchObject(unreachable(detail));
    const { host, port } = { ...serverSettings(), ...change };
    expect(fault).toMatchObject({ params: { host: `${host}:${port}` } });
  });

  it('is told when it goes away under a statement, and found again by the next', async () => {
    const lost = database.query('select pg_sleep(600)');
    lost.catch(() => undefined);
    await terminate('active');
    await expect(lost).rejects.toMatchObject(unreachable('terminating connection'));
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is told when it goes away between two statements of a transaction', async () => {
    const lost = database.transaction(async connection => {
      await connection.query('select 1');
      await terminate('idle in transaction');
      await connection.query('select 2');
    });
    await expect(lost).rejects.toMatchObject({ code: 'database-unreachable' });
    const endless = database.transaction(async connection => {
      await connection.query('select 1');
      await terminate('idle in transaction');
    });
    await expect(endless).rejects.toMatchObject({ code: 'database-unreachable' });
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is told when it ends a session in the very moment of its beginning', async () => {
    const server = await curtServer();
    const settings = { ...database.settings, port: server.port };
    const curt = new Database(settings, 'test', 1);
    try {
      const faults = await Promise.all([
        curt.transaction(connection => connection.query('select 1')).catch((error: unknown) => error),
        curt.query('select 1').catch((error: unknown) => error),
      ]);
      for (const fault of faults) expect(fault).toMatchObject({ code: 'database-unreachable' });
    } finally {
      await curt.close();
      server.close();
    }
  });

  it('is told when it goes away while nobody looks', async () => {
    const idle = open(database.settings.database);
    await idle.query('select 1');
    await onServer(
      `select pg_terminate_backend(pid, 10000) from pg_stat_activity
        where datname = '${database.settings.database}' and state = 'idle'`,
    );
    // The pool has either noticed by now, or the statement tells.
    const first = await idle.query('select 1').catch((error: unknown) => error);
    if (first instanceof Error) expect(first).toMatchObject({ code: 'database-unreachable' });
    expect(await idle.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is left where it only lets read, as after a failover, for the one that its name is by then', async () => {
    const [name, write] = [
      database.settings.database,
      `insert into setting (name, value) values ('moved', '1')`,
    ];
    await onServer(`alter database "${name}" set default_transaction_read_only = on`);
    const moved = open(name, 1);
    const writing = () => moved.transaction(connection => connection.query(write));
    await expect(writing()).rejects.toMatchObject({ code: 'database-hindered' });
    await onServer(`alter database "${name}" reset default_transaction_read_only`);
    await writing();
    expect(await moved.query(`delete from setting where name = 'moved' returning 1 as one`)).toHaveLength(1);
  });

  describe('without a word', () => {
    afterEach(() => void vi.useRealTimers());

    it('is told after two minutes', async () => {
      const name = database.settings.database;
      const slow = open(name);
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const stuck = slow.transaction(connection => connection.query('select pg_sleep(600)'));
      stuck.catch(() => undefined);
      const asleep = `select from pg_stat_activity where datname = $1 and wait_event = 'PgSleep'`;
      while ((await witness.query(asleep, [name])).length === 0);
      vi.advanceTimersByTime(120_000);
      await expect(stuck).rejects.toMatchObject(unreachable('timeout'));
      vi.useRealTimers();
      expect(await slow.query('select 1 as one')).toEqual([{ one: 1 }]);
      await witness.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and query like $2',
        [name, '%pg_sleep(600)'],
      );
    });
  });
});

describe('a transaction', () => {
  it('is undone by whatever its work throws, which is thrown on', async () => {
    const fault = new Error('connection of ideas, terminated by a timeout');
    const undone = database.transaction(async connection => {
      await connection.query(`insert into setting values ('undone', '1')`);
      throw fault;
    });
    await expect(undone).rejects.toBe(fault);
    expect(await database.query(`select from setting where name = 'undone'`)).toEqual([]);
  });

  it("passes on faults that are not the database's", async () => {
    const reading = database.transaction(async () => readFileSync('/no such file'));
    await expect(reading).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(database.query('select * from nowhere')).rejects.toMatchObject({ code: '42P01' });
  });

  it('sees what others have committed while it waited, whatever the default of the database', async () => {
    const name = database.settings.database;
    await onServer(`alter database ${name} set default_transaction_isolation = 'serializable'`);
    const strict = open(name);
    await strict
      .transaction(async first => {
        await first.query('select pg_advisory_xact_lock(1)');
        const second = strict.transaction(async connection => {
          await connection.query('select pg_advisory_xact_lock(1)');
          return connection.query(`select value from setting where name = 'seen'`);
        });
        await untilBlocked(database);
        await first.query(`insert into setting values ('seen', '1')`);
        return { second };
      })
      .then(async ({ second }) => expect(await second).toEqual([{ value: 1 }]));
    await onServer(`alter database ${name} reset default_transaction_isolation`);
  });
});

describe('work that is done alone', () => {
  it('waits for its turn among all that use its name', async () => {
    const order: string[] = [];
    await alone(database, 'test', async () => {
      const second = alone(witness, 'test', async () => void order.push('second'));
      await alone(open(database.settings.database), 'other', async () => void order.push('other name'));
      await untilBlocked(database);
      order.push('first');
      return { second };
    }).then(({ second }) => second);
    expect(order).toEqual(['other name', 'first', 'second']);
  });
});

describe('values', () => {
  it('come as bigint and as text where JavaScript would bend them', async () => {
    const [row] = await database.query(
      `select 9007199254740993::bigint as n, date '2024-02-29' as d, time '10:00' as t,
              timestamp '2024-02-29 10:00' as s, timestamptz '2024-02-29 10:00+00' as z, 5::int as i`,
    );
    expect(row).toEqual({
      n: 9007199254740993n,
      d: '2024-02-29',
      t: '10:00:00',
      s: '2024-02-29 10:00:00',
      z: '2024-02-29 10:00:00+00',
      i: 5,
    });
  });
});
