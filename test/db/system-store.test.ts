import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineCommand } from '../../src/core/engine-status.ts';
import type { Database } from '../../src/db/database.ts';
import {
  clientNames,
  createClient,
  grantWrite,
  readClients,
  readSigners,
  registerCertificate,
} from '../../src/db/system/directory.ts';
import { giveCommand, liveEngines, silentEngines } from '../../src/db/system/engine.ts';
import { PostgresSystemStore } from '../../src/db/system-store.ts';
import { Events } from '../events.ts';
import { clone } from './databases.ts';
import { eventOf, statusOf } from './statuses.ts';

const system = await clone('XMServerSystem');

const newClient = (matricule?: number) =>
  createClient(system, {
    nom: 'Mbalmayo II',
    ville: 'Mbalmayo',
    telephone: '',
    status: 2,
    ...(matricule === undefined ? {} : { matricule }),
  });

const key = (byte: number) => Buffer.alloc(8, byte);
const certificate = (byte: number, notAfter = 2_000_000_000_000) => ({
  keyId: key(byte),
  spki: Buffer.from(`spki ${byte}`),
  der: Buffer.from(`der ${byte}`),
  notBefore: 1_600_000_000_000,
  notAfter,
});

/** A store that listens, to be closed, and what it hears. */
async function listening(engine: string) {
  const store = new PostgresSystemStore(system);
  const changes = new Events<void>();
  const commands = new Events<EngineCommand>();
  store.onDirectoryChange(() => changes.push());
  await store.onCommand(engine, commands.push);
  await changes.next(); // of the connection itself
  return { store, changes, commands };
}

/** Ends the connection that listens, and resolves when PostgreSQL has let it go. */
async function cut(database: Database, applicationName: string): Promise<void> {
  await database.query(
    `select pg_terminate_backend(pid, 10000) from pg_stat_activity
      where application_name = $1 and datname = current_database()`,
    [applicationName],
  );
}

describe('clients', () => {
  it('get the next free matricule, or the one that is wanted', async () => {
    const first = await newClient();
    expect(await newClient(first + 1)).toBe(first + 1);
    expect(await newClient(first + 2)).toBe(first + 2);
    expect(await newClient()).toBe(first + 3);
    await expect(newClient(first)).rejects.toMatchObject({ code: '23505' });
    expect(await clientNames(system, [first, 999])).toEqual(new Map([[first, 'Mbalmayo II']]));
  });

  it('have an account from the beginning', async () => {
    const matricule = await newClient();
    expect(await system.query('select balance from account where client = $1', [matricule])).toEqual([
      { balance: 0n },
    ]);
  });

  it('are known once they have a certificate, and answered with the newest that is valid longest', async () => {
    const matricule = await newClient();
    expect(await readClients(system, [matricule])).toEqual([]);
    await registerCertificate(system, matricule, certificate(1));
    await registerCertificate(system, matricule, certificate(2, 2_100_000_000_000));
    await registerCertificate(system, matricule, certificate(2, 2_100_000_000_000));
    await grantWrite(system, matricule, ['Naissance', 'Deces']);
    await grantWrite(system, matricule, ['Deces', `L'"été"`]);
    await system.query(`update access_right set may_read = true where client = $1 and table_name = 'Deces'`, [
      matricule,
    ]);
    await system.query(`update client set batch = true, password_hash = 'x' where matricule = $1`, [
      matricule,
    ]);
    expect(await readClients(system, [matricule])).toEqual([
      {
        matricule,
        name: 'Mbalmayo II',
        status: 2,
        recipient: { keyId: key(2), spki: Buffer.from('spki 2') },
        writes: new Set(['Naissance', 'Deces', `L'"été"`]),
        reads: new Set(['Deces']),
        batch: true,
        hasInitialPassword: true,
      },
    ]);
    await system.query('update client set password_changed_at = now() where matricule = $1', [matricule]);
    expect(await readClients(system, [matricule])).toMatchObject([{ hasInitialPassword: false }]);
    await system.query('update certificate set revoked_at = to_timestamp(1700000000) where key_id = $1', [
      key(2),
    ]);
    expect((await readClients(system, [matricule]))[0]?.recipient.keyId).toEqual(key(1));
    expect(await readSigners(system, [key(1), key(2), key(3)])).toEqual([
      {
        keyId: key(1),
        spki: Buffer.from('spki 1'),
        matricule,
        notBefore: 1_600_000_000_000,
        notAfter: 2_000_000_000_000,
      },
      {
        keyId: key(2),
        spki: Buffer.from('spki 2'),
        matricule,
        notBefore: 1_600_000_000_000,
        notAfter: 2_100_000_000_000,
        revokedAt: 1_700_000_000_000,
      },
    ]);
  });
});

describe('a change of the directory', () => {
  let matricule: number;
  let changes: Events<void>;
  let store: PostgresSystemStore;
  beforeAll(async () => {
    matricule = await newClient();
    await registerCertificate(system, matricule, certificate(11));
    ({ changes, store } = await listening('directory'));
  });
  afterAll(() => store.close());

  it.each([
    ['a client is created', () => newClient()],
    [
      'a client is changed',
      () => system.query('update client set status = 0 where matricule = $1', [matricule]),
    ],
    ['a certificate is registered', () => registerCertificate(system, matricule, certificate(12))],
    ['a certificate is revoked', () => system.query('update certificate set revoked_at = now()')],
    ['a certificate is removed', () => system.query('delete from certificate where key_id = $1', [key(12)])],
    ['a right is granted', () => grantWrite(system, matricule, ['Naissance'])],
    ['a right is changed', () => system.query('update access_right set may_write = false')],
    ['a right is withdrawn', () => system.query('delete from access_right')],
    ['all rights are withdrawn', () => system.query('truncate access_right')],
  ])('is told when %s', async (_what, change) => {
    expect(changes.waiting).toHaveLength(0);
    await change();
    await changes.next();
  });

  it('is told after the commit, and not where it is rolled back', async () => {
    const undone = system.transaction(async connection => {
      await grantWrite(connection, matricule, ['Deces']);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await system.transaction(async connection => {
      await grantWrite(connection, matricule, ['Mariage']);
      expect((await readClients(system, [matricule]))[0]?.writes.has('Mariage')).toBe(false);
    });
    await changes.next();
    expect((await readClients(system, [matricule]))[0]?.writes).toEqual(new Set(['Mariage']));
    expect(changes.waiting).toHaveLength(0);
  });

  it('is supposed when the connection that listens was lost', async () => {
    await cut(system, 'xmserver engine');
    await changes.next();
    await grantWrite(system, matricule, ['Permis']);
    await changes.next();
  });
});

describe('commands', () => {
  it('reach the engine they are for, or all', async () => {
    const [one, two] = [await listening('one'), await listening('two')];
    await giveCommand(system, 'pause', undefined, 'one');
    await giveCommand(system, 'resume', undefined, 'two');
    await giveCommand(system, 'cycle', undefined);
    expect([await one.commands.next(), await one.commands.next()]).toEqual(['pause', 'cycle']);
    expect([await two.commands.next(), await two.commands.next()]).toEqual(['resume', 'cycle']);
    await Promise.all([one.store.close(), two.store.close()]);
  });

  it('given while the connection was lost are carried out when it is back', async () => {
    const engine = await listening('lost');
    await cut(system, 'xmserver engine');
    // The connection comes back after a quarter of a second, at the earliest.
    await giveCommand(system, 'pause', undefined, 'lost');
    expect(await engine.commands.next()).toBe('pause');
    await giveCommand(system, 'resume', undefined, 'lost');
    expect(await engine.commands.next()).toBe('resume');
    await engine.store.close();
  });

  it('are not those of before the engine started', async () => {
    await giveCommand(system, 'stop', undefined);
    const engine = await listening('young');
    await giveCommand(system, 'cycle', undefined);
    expect(await engine.commands.next()).toBe('cycle');
    await engine.store.close();
  });

  it('that are none do no harm', async () => {
    const engine = await listening('patient');
    for (const channel of ['xms_command', 'xms_directory']) {
      for (const payload of ['', 'garbage', '5', 'null', '{}', '[]']) {
        await system.query('select pg_notify($1, $2)', [channel, payload]);
      }
    }
    await giveCommand(system, 'cycle', undefined);
    expect(await engine.commands.next()).toBe('cycle');
    await engine.store.close();
  });
});

describe('engines', () => {
  const store = new PostgresSystemStore(system);

  it('are alive from their first report until they leave', async () => {
    const status = statusOf('e1', { events: [eventOf()] });
    await store.report(status, true);
    expect(await liveEngines(system)).toEqual([status]);
    await store.report(statusOf('e1', { state: 'paused' }), false);
    await store.report(statusOf('e2'), false);
    const alive = await liveEngines(system);
    expect(alive.map(({ id, state }) => [id, state])).toEqual([
      ['e2', 'running'],
      ['e1', 'paused'],
    ]);
    await store.leave('e1');
    await store.leave('e2');
    expect(await liveEngines(system)).toEqual([]);
  });

  it('are dead after three missed signs of life', async () => {
    await store.report(statusOf('silent'), false);
    await system.query("update engine set seen_at = now() - interval '29 seconds'");
    expect(await liveEngines(system)).toHaveLength(1);
    await system.query("update engine set seen_at = now() - interval '31 seconds'");
    expect(await liveEngines(system)).toEqual([]);
    await store.leave('silent');
  });

  it('that are dead are taken by one of the others, which the journal tells', async () => {
    const takers = ['one', 'two'];
    for (const id of ['dead', ...takers]) await store.report(statusOf(id), false);
    await system.query("update engine set seen_at = now() - interval '31 seconds' where id = 'dead'");
    expect((await store.otherEngines('one')).map(({ id }) => id)).toEqual(['two']);
    const taken = await Promise.all(takers.map(taker => store.takeDeadEngines(taker)));
    expect(taken.flat().map(({ id }) => id)).toEqual(['dead']);
    const journal = await system.query("select detail from journal where act = 'engine-dead'");
    expect(journal).toEqual([{ detail: { engine: 'dead', host: 'centre' } }]);
    await store.buryEngine('dead');
    expect(await silentEngines(system)).toEqual([]);
    for (const id of takers) await store.leave(id);
  });

  it('that are dead stay until they are buried, and are free again where that was not to be', async () => {
    const takeDead = async (taker: string) => (await store.takeDeadEngines(taker)).map(({ id }) => id);
    for (const id of ['dead', 'one', 'two']) await store.report(statusOf(id), false);
    await system.query("update engine set seen_at = now() - interval '31 seconds' where id = 'dead'");
    const before = await system.query("select from journal where act = 'engine-dead'");
    expect(await takeDead('one')).toEqual(['dead']);
    expect((await silentEngines(system)).map(({ id }) => id)).toEqual(['dead']);
    expect(await takeDead('two')).toEqual([]);
    await store.leaveDead('dead');
    expect(await takeDead('two')).toEqual(['dead']);
    // Whoever took it has died as well.
    await system.query("update engine set taken_until = now() - interval '1 second' where id = 'dead'");
    expect(await takeDead('one')).toEqual(['dead']);
    const after = await system.query("select from journal where act = 'engine-dead'");
    expect(after).toHaveLength(before.length + 1);
    await store.report(statusOf('dead'), false);
    await store.buryEngine('dead');
    expect((await store.otherEngines('one')).map(({ id }) => id)).toContain('dead');
    for (const id of ['dead', 'one', 'two']) await store.leave(id);
  });

  it('report whatever senders have put into their messages', async () => {
    const events = [
      eventOf({ kind: 'refused', reason: { code: 'table-denied', params: { table: 'a\0b\ud83d' } } }),
      eventOf({ kind: 'refused', table: '\ud800\0' }),
    ];
    await store.report(statusOf('odd', { events }), true);
    const [status] = await liveEngines(system);
    expect(status?.events[0]?.reason?.params.table).toBe('a\ufffdb\ufffd');
    await store.leave('odd');
  });

  it('leave the oldest events out of a status that is too long to be sent', async () => {
    const events = Array.from({ length: 10 }, (_, at) => eventOf({ at, table: 'é'.repeat(600) }));
    await store.report(statusOf('long', { events }), true);
    const [status] = await liveEngines(system);
    const kept = status?.events.map(({ at }) => at) ?? [];
    expect(kept.length).toBeGreaterThan(0);
    expect(kept).toEqual(events.slice(-kept.length).map(({ at }) => at));
    await store.leave('long');
  });
});

it('the end of our own authority is told with those of certificates that are filed', async () => {
  let end = 1_000;
  const store = new PostgresSystemStore(system, () => end);
  expect(await store.endingCertificates(3_000)).toEqual({ count: 1, firstAt: 1_000 });
  await system.query(
    `insert into certificate (key_id, role, subject, spki, der, not_before, not_after)
     values ('\\x0102030405060708', 'server', 'CN=short', '', '', to_timestamp(0), to_timestamp(2))`,
  );
  expect(await store.endingCertificates(3_000)).toEqual({ count: 2, firstAt: 1_000 });
  end = 3_000;
  expect(await store.endingCertificates(3_000)).toEqual({ count: 1, firstAt: 2_000 });
  await system.query(`delete from certificate where subject = 'CN=short'`);
});
