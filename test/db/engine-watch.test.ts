import { afterEach, describe, expect, it } from 'vitest';
import type { EngineStatus } from '../../src/core/engine-status.ts';
import { EngineWatch } from '../../src/db/engine-watch.ts';
import { createClient } from '../../src/db/system/directory.ts';
import { removeEngine, reportEngine } from '../../src/db/system/engine.ts';
import { markRead, receiveMessage } from '../../src/db/system/received-message.ts';
import { Events } from '../events.ts';
import { clone } from './databases.ts';
import { eventOf, statusOf } from './statuses.ts';

const system = await clone('XMServerSystem');
/** An hour: only what is notified is seen. */
const never = { lookMs: 3_600_000, silentMs: 30_000 };

let watch: EngineWatch;
afterEach(async () => {
  await watch.close();
  await system.query('delete from engine');
});

async function watching(times = never) {
  const statuses = new Events<EngineStatus | undefined>();
  const connections = new Events<boolean>();
  watch = new EngineWatch(system, { onStatus: statuses.push, onConnection: connections.push }, times);
  await watch.start();
  return { statuses, connections };
}

const idOf = async (statuses: Events<EngineStatus | undefined>) => (await statuses.next())?.id;

describe('a console', () => {
  it('sees at once whether an engine runs', async () => {
    const { statuses, connections } = await watching();
    expect(await connections.next()).toBe(true);
    expect(await statuses.next()).toBeUndefined();
    await watch.close();
    await reportEngine(system, statusOf('e', { events: [eventOf()] }), false);
    const second = await watching();
    // What has happened before it looked is asked for separately.
    expect(await second.statuses.next()).toEqual(statusOf('e'));
  });

  it('sees what an engine tells, and not its mere signs of life', async () => {
    const { statuses } = await watching();
    expect(await statuses.next()).toBeUndefined();
    const told = statusOf('e', { events: [eventOf()] });
    await reportEngine(system, statusOf('e'), false);
    await reportEngine(system, told, true);
    expect(await statuses.next()).toEqual(told);
  });

  it('sees an engine leave', async () => {
    await reportEngine(system, statusOf('e'), false);
    const { statuses } = await watching();
    expect(await idOf(statuses)).toBe('e');
    await removeEngine(system, 'e');
    expect(await statuses.next()).toBeUndefined();
  });

  it('sees one of several engines, the one started last, and the other when that leaves', async () => {
    const [old, young] = [statusOf('old', { startedAt: 1 }), statusOf('young', { startedAt: 2 })];
    await reportEngine(system, old, false);
    const { statuses } = await watching();
    expect(await idOf(statuses)).toBe('old');
    await reportEngine(system, young, true);
    expect(await idOf(statuses)).toBe('young');
    await reportEngine(system, old, true);
    await reportEngine(system, { ...young, state: 'paused' }, true);
    expect(await statuses.next()).toMatchObject({ id: 'young', state: 'paused' });
    await removeEngine(system, 'young');
    expect(await idOf(statuses)).toBe('old');
  });

  it('sees an engine die without a word', async () => {
    await reportEngine(system, statusOf('e'), false);
    const { statuses } = await watching({ lookMs: 20, silentMs: 30_000 });
    expect(await idOf(statuses)).toBe('e');
    await system.query("update engine set seen_at = now() - interval '31 seconds'");
    expect(await statuses.next()).toBeUndefined();
    // And come back.
    await system.query('update engine set seen_at = now()');
    expect(await idOf(statuses)).toBe('e');
  });

  it('sees what it missed while the connection was lost', async () => {
    await reportEngine(system, statusOf('e'), false);
    const { statuses, connections } = await watching();
    expect(await idOf(statuses)).toBe('e');
    await connections.until(connected => connected);
    await system.query(
      `select pg_terminate_backend(pid, 10000) from pg_stat_activity where application_name = 'xmserver console' and datname = current_database()`,
    );
    expect(await connections.next()).toBe(false);
    await reportEngine(system, statusOf('e', { state: 'paused' }), true);
    expect(await connections.next()).toBe(true);
    expect(await statuses.next()).toMatchObject({ id: 'e', state: 'paused' });
  });

  it('is told how many messages of clients nobody has read, as they come and go', async () => {
    const client = await createClient(system, { nom: 'Kribi', ville: '', telephone: '', status: 2 });
    const receive = (n: number) => receiveMessage(system, client, Buffer.alloc(8, n), 'Panne', '…');
    await receive(1);
    const counts = new Events<number>();
    const ignored = { onStatus: () => undefined, onConnection: () => undefined };
    watch = new EngineWatch(system, { ...ignored, onUnread: counts.push }, never);
    await watch.start();
    expect(await counts.next()).toBe(1);
    await receive(2);
    expect(await counts.next()).toBe(2);
    await markRead(system, 1);
    expect(await counts.next()).toBe(1);
    // Of many at once the last is what counts.
    await Promise.all(Array.from({ length: 30 }, (_, n) => receive(n + 3)));
    await counts.until(count => count === 31);
    // The same again is no other.
    await receive(3);
    await system.query(
      `select pg_terminate_backend(pid, 10000) from pg_stat_activity where application_name = 'xmserver console' and datname = current_database()`,
    );
    await markRead(system, 2);
    await counts.until(count => count === 30);
  });

  it('is not confused by notices that are none', async () => {
    const { statuses } = await watching();
    expect(await statuses.next()).toBeUndefined();
    for (const payload of ['', 'garbage', '5', 'null', '{}', '[]', '{"left":true}', '{"id":"x"}']) {
      await system.query(`select pg_notify('xms_engine', $1)`, [payload]);
    }
    await reportEngine(system, statusOf('e'), true);
    expect(await idOf(statuses)).toBe('e');
  });
});
