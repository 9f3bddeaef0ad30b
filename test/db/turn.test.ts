import { expect, it } from 'vitest';
import { takeTurn } from '../../src/db/turn.ts';
import { clone } from './databases.ts';

const database = await clone('XMServerSystem');
const never = new AbortController().signal;

it('a turn is had by one at a time, and passed on when it is released', async () => {
  const first = await takeTurn(database.settings, 'test', never);
  const other = await takeTurn(database.settings, 'another name', never);
  let passedOn = false;
  const second = takeTurn(database.settings, 'test', never).then(turn => {
    passedOn = true;
    return turn;
  });
  // It has asked once by now, and was told no.
  const asking = `select from pg_stat_activity
    where application_name = 'xmserver test' and datname = current_database() and state = 'idle'
      and query like '%pg_try_advisory_lock%'`;
  while ((await database.query(asking)).length < 2);
  expect(passedOn).toBe(false);
  await first?.release();
  await (await second)?.release();
  await other?.release();
  while ((await database.query(asking)).length > 0);
});

it('a turn is given up by whoever is stopped while it waits', async () => {
  const first = await takeTurn(database.settings, 'stopped', never);
  const ending = new AbortController();
  const second = takeTurn(database.settings, 'stopped', ending.signal);
  ending.abort();
  expect(await second).toBeUndefined();
  await first?.release();
});

it('a turn is lost with the connection that holds it, which is told', async () => {
  const turn = await takeTurn(database.settings, 'lost', never);
  await database.query(
    `select pg_terminate_backend(pid, 10000) from pg_stat_activity
      where application_name = 'xmserver lost' and datname = current_database()`,
  );
  await turn?.lost;
  await turn?.release();
  await (await takeTurn(database.settings, 'lost', never))?.release();
});

it('a turn cannot be had where PostgreSQL lets nobody in', async () => {
  const wrong = { ...database.settings, password: 'wrong' };
  await expect(takeTurn(wrong, 'refused', never)).rejects.toThrow('password authentication failed');
});
