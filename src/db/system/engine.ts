/** Engines and the commands to them: where consoles and engines meet. */
import type { EngineCommand, EngineStatus } from '../../core/engine-status.ts';
import type { Queryable } from '../database.ts';
import { storableJson } from '../storable.ts';

/** NOTIFY carries less than 8 000 bytes. */
const payloadLimit = 7_900;

export const channels = {
  directory: 'xms_directory',
  engine: 'xms_engine',
  command: 'xms_command',
  letter: 'xms_letter',
  inbox: 'xms_inbox',
} as const;

/** Writes the engine's status and sign of life; `notify`: sends it to the consoles, too. */
export async function reportEngine(
  database: Queryable,
  status: EngineStatus,
  notify: boolean,
): Promise<void> {
  const payload = fitting(status);
  await database.query(
    `with life as (
       insert into engine (id, status, seen_at) values ($1, $2::text::jsonb, now())
       on conflict (id) do update set status = excluded.status, seen_at = now(), taken_until = null)
     select case when $3 then pg_notify('${channels.engine}', $2::text) end`,
    [status.id, payload, notify],
  );
}

/** The oldest events go first when the status is too long to be sent. */
function fitting(status: EngineStatus): string {
  for (let from = 0; ; from++) {
    const payload = storableJson({ ...status, events: status.events.slice(from) });
    if (Buffer.byteLength(payload) <= payloadLimit || from >= status.events.length) return payload;
  }
}

export async function removeEngine(database: Queryable, id: string): Promise<void> {
  await database.query(
    `with gone as (delete from engine where id = $1)
     select pg_notify('${channels.engine}', $2::text)`,
    [id, JSON.stringify({ id, left: true })],
  );
}

/**
 * Whether its last sign of life is less than so many milliseconds old. One from the future was given before the clock
 * was set back: a living engine has given another since.
 */
const isAlive = (silentMs: string) =>
  `(abs(extract(epoch from now() - seen_at)) * 1000 < ${silentMs}::float8)`;

/** Engines that gave a sign of life in the last `silentMs` milliseconds. */
export async function liveEngines(database: Queryable, silentMs = 30_000): Promise<EngineStatus[]> {
  const rows = await database.query<{ status: EngineStatus }>(
    `select status from engine where ${isAlive('$1')} order by seen_at desc`,
    [silentMs],
  );
  return rows.map(({ status }) => status);
}

/** Engines that have not, and when they gave their last (milliseconds since 1970). */
export async function silentEngines(
  database: Queryable,
  silentMs = 30_000,
): Promise<{ readonly id: string; readonly seenAt: number }[]> {
  const rows = await database.query<{ id: string; seen_at: number }>(
    `select id, (extract(epoch from seen_at) * 1000)::float8 as seen_at from engine
      where not ${isAlive('$1')} order by id`,
    [silentMs],
  );
  return rows.map(({ id, seen_at }) => ({ id, seenAt: seen_at }));
}

/** Longer than it takes to empty a full session. */
const takenFor = '2 minutes';

/** Takes engines that are silent for so long, each for one caller at a time; `isNew`: it was never taken before. */
export async function takeDeadEngines(
  database: Queryable,
  except: string,
  silentMs = 30_000,
): Promise<{ readonly status: EngineStatus; readonly isNew: boolean }[]> {
  const rows = await database.query<{ status: EngineStatus; is_new: boolean }>(
    `with dead as (
       select id, taken_until is null as is_new from engine
        where id <> $1 and not ${isAlive('$2')}
          -- As with leases: nothing is taken for twice as long.
          and (taken_until is null or not taken_until between now() and now() + 2 * interval '${takenFor}')
        for update skip locked)
     update engine e set taken_until = now() + interval '${takenFor}' from dead where e.id = dead.id
     returning e.status, dead.is_new`,
    [except, silentMs],
  );
  return rows.map(({ status, is_new }) => ({ status, isNew: is_new }));
}

/** The row of an engine that was taken, unless it has given a sign of life since. */
export async function buryEngine(database: Queryable, id: string): Promise<void> {
  await database.query('delete from engine where id = $1 and taken_until is not null', [id]);
}

/** Taken, and to be taken again. */
export async function leaveDead(database: Queryable, id: string): Promise<void> {
  await database.query(
    `update engine set taken_until = now() - interval '1 second' where id = $1 and taken_until is not null`,
    [id],
  );
}

/** A command as stored and notified. */
export interface GivenCommand {
  readonly id: number;
  /** null: to all engines. */
  readonly engine: string | null;
  readonly verb: EngineCommand;
}

/** `engine` undefined: to all. */
export async function giveCommand(
  database: Queryable,
  verb: EngineCommand,
  operator: number | undefined,
  engine?: string,
): Promise<void> {
  await database.query('insert into command (engine, verb, operator) values ($1, $2, $3)', [
    engine ?? null,
    verb,
    operator ?? null,
  ]);
}

/** Commands given after the one of this id, oldest first. */
export async function commandsAfter(database: Queryable, id: number): Promise<GivenCommand[]> {
  const rows = await database.query<{ id: bigint; engine: string | null; verb: EngineCommand }>(
    'select id, engine, verb from command where id > $1 order by id',
    [id],
  );
  return rows.map(row => ({ ...row, id: Number(row.id) }));
}

/** 0: none was ever given. */
export async function newestCommand(database: Queryable): Promise<number> {
  const [row] = await database.query<{ id: bigint | null }>('select max(id) as id from command');
  return Number(row?.id ?? 0);
}
