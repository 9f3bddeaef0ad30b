import { afterEach, describe, expect, it } from 'vitest';
import { Listener } from '../../src/db/listener.ts';
import { Events } from '../events.ts';
import { Wire } from '../site/wire.ts';
import { clone, onServer } from './databases.ts';

const database = await clone('XMServerSystem');
const { settings } = database;
const name = 'test listener';

let listener: Listener;
afterEach(() => listener.close());

function listen(channels: readonly string[], password = settings.password) {
  const heard = new Events<[channel: string, payload: object]>();
  const states = new Events<boolean>();
  listener = new Listener({ ...settings, password }, name, channels, {
    onNotification: (channel, payload) => heard.push([channel, payload]),
    onState: states.push,
  });
  return { heard, states };
}

const notify = (channel: string, payload: string) =>
  database.query('select pg_notify($1, $2)', [channel, payload]);

/** Sessions of the listener at the server. */
async function sessions(): Promise<number> {
  return (await database.query('select from pg_stat_activity where application_name = $1', [name])).length;
}

describe('a listener', () => {
  it('hears its channels, whatever their names, and no other', async () => {
    const { heard, states } = listen(['a', `L'"été"`]);
    await listener.start();
    expect(await states.next()).toBe(true);
    await notify('b', '{}');
    await notify('a', '{"n":1}');
    await notify(`L'"été"`, '');
    expect([await heard.next(), await heard.next()]).toEqual([
      ['a', { n: 1 }],
      [`L'"été"`, {}],
    ]);
  });

  it('comes back when its session is ended', async () => {
    const { heard, states } = listen(['a']);
    await listener.start();
    for (let round = 0; round < 2; round++) {
      await states.until(connected => connected);
      await database.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
        [name],
      );
      expect(await states.next()).toBe(false);
    }
    await states.until(connected => connected);
    await notify('a', '{"n":2}');
    expect(await heard.next()).toEqual(['a', { n: 2 }]);
    expect(await sessions()).toBe(1);
  });

  it('goes on trying while the database lets nobody in', async () => {
    const { heard, states } = listen(['a']);
    await listener.start();
    await states.until(connected => connected);
    const own = settings.database;
    await onServer(`alter database ${own} allow_connections false`);
    await onServer(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${name}'`,
    );
    expect(await states.next()).toBe(false);
    await onServer(`alter database ${own} allow_connections true`);
    await states.until(connected => connected);
    await notify('a', '{"n":3}');
    expect(await heard.next()).toEqual(['a', { n: 3 }]);
  });

  it('comes back when the other end has vanished without a word', async () => {
    const wire = await Wire.to(settings.port);
    const states = new Events<boolean>();
    const onState = states.push;
    const way = { ...settings, port: wire.port };
    listener = new Listener(
      way,
      name,
      ['a'],
      { onNotification: () => undefined, onState },
      { askMs: 20, answerMs: 500 },
    );
    await listener.start();
    expect(await states.next()).toBe(true);
    wire.freeze();
    expect(await states.next()).toBe(false);
    expect(await states.next()).toBe(true);
    expect(wire.count).toBe(2);
    await listener.close();
    await wire.close();
  });

  it('rejects at the start where it cannot connect', async () => {
    listen(['a'], 'wrong');
    await expect(listener.start()).rejects.toThrow('password authentication failed');
  });

  it('leaves no session, also when it is closed while it connects', async () => {
    const { heard } = listen(['a']);
    const starting = listener.start();
    await listener.close();
    await starting;
    while ((await sessions()) > 0);
    await notify('a', '{}');
    expect(heard.waiting).toHaveLength(0);
  });
});
