/**
 * `npm run bench:console`: what the console costs an SSH line and how fast it answers, the built program in a real
 * pseudo-terminal of 100 × 30 on an installation of its own; htop in the same kind of terminal as the reference.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TestInstallation } from '../test/e2e/installation.ts';
import { Monitoring } from '../test/e2e/monitoring.ts';
import { TerminalSession } from '../test/e2e/terminal-session.ts';
import { until } from '../test/until.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '60' },
    hours: { type: 'string', default: '2' },
  },
});
const say = (line: string) => void (values.json || console.log(line));
const [columns, rows] = [100, 30];
/** How long updates are watched, and half of it an idle console. */
const seconds = Number(values.seconds);
const starts = 15;
const keyPresses = 200;
const up = '\x1b[A';
const down = '\x1b[B';
const quiet = 400;
/** Before memory is measured for the first time: by then what is compiled and kept once is compiled and kept. */
const warmUp = 1_800;

const installation = new TestInstallation();
const sessions = new Set<TerminalSession>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void installation.remove().finally(() => process.exit(1)));
}
try {
  const made = open(installation.script('xmserver'), '--data', installation.data);
  await logIn(made);
  made.type('l');
  await made.see(/aujourd’hui +40 +40 +0 +40 +0/);
  await quit(made);

  const first: number[] = [];
  const interactive: number[] = [];
  const frames: number[] = [];
  for (let i = 0; i < starts; i++) {
    const session = open(installation.script('xmserver'), '--data', installation.data);
    const startedAt = performance.now();
    await session.see(/XMServer/);
    first.push(performance.now() - startedAt);
    await session.see(/Nom utilisateur/);
    interactive.push(performance.now() - startedAt);
    session.type('mbome\tzzzz\r');
    await session.see(/mbome · privil/);
    await settled(session);
    frames.push(session.bytes);
    await quit(session);
  }

  const session = open(installation.script('xmserver'), '--data', installation.data);
  await logIn(session);
  await settled(session);
  // With an engine the cycle would be told each minute.
  for (const name of ['station', 'engine'] as const) await installation.end(name, 'SIGTERM');
  const idle = await bytesWithin(session, (seconds / 2) * 1_000);
  const moves = await movesOf(session);
  const keys = await keyTimes(session);
  const pages = await pagesOf(session);
  const updates = await updatesOf(session);
  const rss = residentMb(session.pid);
  await quit(session);
  await installation.end('engine', 'SIGTERM');
  const hours = await growthWithin(Number(values.hours) * 3_600);
  const htop = await htopUpdate();

  const result = {
    idle_bytes: idle,
    update_bytes: Math.max(...updates),
    selection_bytes: Math.max(...moves),
    page_bytes: Math.max(...pages),
    first_frame_bytes: Math.max(...frames),
    first_screen_ms: round(quantile(first, 0.5)),
    interactive_ms: round(quantile(interactive, 0.5)),
    key_p50_ms: round(quantile(keys, 0.5)),
    key_p99_ms: round(quantile(keys, 0.99)),
    rss_mb: rss,
    hours_heap_growth_mb: hours.heap,
    hours_rss_growth_mb: hours.rss,
    hours_rss_mb: hours.most,
    htop_update_bytes: htop,
    cores: availableParallelism(),
    node: process.version,
    at: new Date().toISOString(),
  };
  say(`${columns} × ${rows}, load of the machine ${loadavg()[0]?.toFixed(1)}; aims in brackets`);
  say(`bytes: idle for ${seconds / 2} s ${idle} (0); a monitor update at most ${result.update_bytes} (200)`);
  say(`       a move at most ${result.selection_bytes} (30), a page at most ${result.page_bytes} (800)`);
  say(`       everything from the first frame to the Monitor at most ${result.first_frame_bytes} (4 000)`);
  say(
    `       htop: ${htop ?? 'is not installed: apt install htop'}${htop === undefined ? '' : ' an update'}`,
  );
  say(`start: first screen ${result.first_screen_ms} ms (100), login ${result.interactive_ms} ms (400)`);
  say(`keys: p50 ${result.key_p50_ms} ms, p99 ${result.key_p99_ms} ms (30); resident ${rss} MB (130)`);
  say(
    `${values.hours} hours of updates, one a second, on a clock sixty times as fast: heap ${hours.heap} MB more, resident ${hours.rss} MB more (0), ${hours.most} MB (130)`,
  );
  if (values.json) console.log(JSON.stringify(result));
} finally {
  for (const session of sessions) if (session.running) session.kill('SIGKILL');
  await installation.remove();
}

function open(script: string, ...args: string[]): TerminalSession {
  const session = new TerminalSession({
    file: process.execPath,
    args: [...installation.nodeOptions, script, ...args],
    env: installation.env,
    cwd: installation.home,
    columns,
    rows,
  });
  sessions.add(session);
  return session;
}

async function logIn(session: TerminalSession): Promise<void> {
  await session.see(/Nom utilisateur/, 60_000);
  session.type('mbome\tzzzz\r');
  await session.see(/mbome · privil/);
}

async function quit(session: TerminalSession): Promise<void> {
  session.type('q');
  await session.see(/Quitter XMServer/);
  session.type('o');
  await session.exited;
}

/** Resolves when nothing has been written for a while. */
async function settled(session: TerminalSession): Promise<void> {
  for (let before = -1; before !== session.bytes; ) {
    before = session.bytes;
    await new Promise(resolve => setTimeout(resolve, quiet));
  }
}

async function bytesWithin(session: TerminalSession, ms: number): Promise<number> {
  await settled(session);
  const before = session.bytes;
  await new Promise(resolve => setTimeout(resolve, ms));
  return session.bytes - before;
}

/** In the list of messages. */
async function movesOf(session: TerminalSession): Promise<number[]> {
  session.type(':messages\r');
  await session.see(/40 +\d\d:/);
  const costs: number[] = [];
  for (const key of [down, down, down, up, up]) costs.push(await costOf(session, key));
  return costs;
}

async function pagesOf(session: TerminalSession): Promise<number[]> {
  const costs: number[] = [];
  for (const key of ['\x1b[6~', '\x1b[6~', '\x1b[5~']) costs.push(await costOf(session, key));
  session.type('\x1b');
  // Of the Monitor itself: the pane under the list says the rest, too.
  await session.see(/L le lance/);
  return costs;
}

async function costOf(session: TerminalSession, key: string): Promise<number> {
  await settled(session);
  const before = session.bytes;
  session.type(key);
  await settled(session);
  return session.bytes - before;
}

/** Milliseconds from a key to the frame that answers it. */
async function keyTimes(session: TerminalSession): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < keyPresses; i++) {
    const before = session.bytes;
    const startedAt = performance.now();
    session.type(i % 2 === 0 ? down : up);
    await session.until(() => session.bytes > before);
    times.push(performance.now() - startedAt);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  return times;
}

/** Bytes of each second in which something came, while records come in. */
async function updatesOf(session: TerminalSession): Promise<number[]> {
  session.type('l');
  await session.see(/moteur . en marche/);
  await installation.query(
    'ECRData',
    `insert into "Naissance" ("Status", "NumeroActe", "Nom", "Prenoms", "Sexe")
     select 2, 'B' || n, 'Nom ' || n, 'Prénom ' || n, 'F' from generate_series(1, $1::int) n`,
    [seconds * 4],
  );
  // The one that the console launched looks once a minute, and lets no other beside it.
  await until(() => existsSync(join(installation.data, 'run', 'station.json')));
  await installation.end('station', 'SIGTERM');
  await settled(session);
  const station = installation.start('xmstation', 'export', '--pace', '250');
  const costs: number[] = [];
  let before = session.bytes;
  for (let second = 0; second < seconds; second++) {
    await new Promise(resolve => setTimeout(resolve, 1_000));
    costs.push(session.bytes - before);
    before = session.bytes;
  }
  station.kill('SIGTERM');
  await station.exited;
  return costs.filter(cost => cost > 0);
}

/** Bytes of one of htop's updates, at one a second; undefined: it is not here. */
async function htopUpdate(): Promise<number | undefined> {
  if (spawnSync('htop', ['--version']).status !== 0) return undefined;
  const htop = new TerminalSession({
    file: 'htop',
    args: ['-d', '10'],
    env: installation.env,
    cwd: installation.home,
    columns,
    rows,
  });
  sessions.add(htop);
  await htop.see(/Load average/);
  await new Promise(resolve => setTimeout(resolve, 2_000));
  const before = htop.bytes;
  const watched = 10;
  await new Promise(resolve => setTimeout(resolve, watched * 1_000));
  const each = Math.round((htop.bytes - before) / watched);
  htop.type('q');
  await htop.exited;
  return each;
}

/** MB that the console holds more when it has shown so many updates. */
async function growthWithin(
  updates: number,
): Promise<{ readonly heap: number; readonly rss: number; readonly most: number }> {
  const monitoring = await Monitoring.open(installation, installation.nodeOptions, columns, rows);
  sessions.add(monitoring.session);
  try {
    await monitoring.memory();
    await monitoring.watch(warmUp);
    const before = await monitoring.memory();
    await monitoring.watch(updates);
    const after = await monitoring.memory();
    return {
      heap: megabytes(after.heapUsed - before.heapUsed),
      rss: megabytes(after.rss - before.rss),
      most: megabytes(after.rss),
    };
  } finally {
    await monitoring.close();
  }
}

function megabytes(bytes: number): number {
  return Math.round((bytes / 2 ** 20) * 10) / 10;
}

function residentMb(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}

function quantile(samples: readonly number[], part: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] as number;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
