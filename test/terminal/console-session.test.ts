/** The console as a process on a real pseudo-terminal: how it comes, and that it always gives the terminal back. */
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { build, type Metafile } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TerminalSession } from '../e2e/terminal-session.ts';

/** Runs the console on an installation that stands in for a real one, and ends by itself when nothing is left to do. */
const program = `
  import { runConsole } from './src/cli/console.ts';
  import { terminalEnvironment } from './src/environment.ts';
  import { StandIn } from './test/screens/stand-in.ts';
  const options = { language: 'fr', setup: false, ...terminalEnvironment() };
  process.once('SIGUSR2', () => { throw new Error('of nobody’s'); });
  runConsole(new StandIn(), options).then(code => { process.exitCode = code; });
`;
const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'xms-console-'));
const script = join(folder, 'stdin.mjs');
const env = { PATH: '/usr/bin:/bin', TERM: 'xterm-256color' };

let metafile: Metafile;

beforeAll(async () => {
  // As build.ts does it, so that what is loaded when is the same.
  const built = await build({
    absWorkingDir: root,
    stdin: { contents: program, resolveDir: root },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    external: ['react-devtools-core'],
    banner: { js: "import{createRequire as $r}from'node:module';const require=$r(import.meta.url);" },
    outExtension: { '.js': '.mjs' },
    entryNames: 'stdin',
    metafile: true,
  });
  metafile = built.metafile;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const started: Pick<TerminalSession, 'kill'>[] = [];

afterEach(() => {
  for (const session of started.splice(0)) {
    try {
      session.kill('SIGKILL');
    } catch {
      // It ended as it should.
    }
  }
});

function open({
  added,
  ...size
}: {
  columns?: number;
  rows?: number;
  added?: Readonly<Record<string, string>>;
} = {}): TerminalSession {
  const session = new TerminalSession({
    file: process.execPath,
    args: [script],
    env: { ...env, ...added },
    cwd: folder,
    ...size,
  });
  started.push(session);
  return session;
}

function expectRestored(session: TerminalSession): void {
  expect(session.raw.lastIndexOf('\x1b[?1049l')).toBeGreaterThan(session.raw.lastIndexOf('\x1b[?1049h'));
  expect(session.cursorHidden).toBe(false);
  expect(session.raw.lastIndexOf('\x1b[?7h')).toBeGreaterThan(session.raw.lastIndexOf('\x1b[?7l'));
  expect(session.raw.lastIndexOf('\x1b[?2004l')).toBeGreaterThan(session.raw.lastIndexOf('\x1b[?2004h'));
}

const red = 31;

/** The codes of colours (ECMA-48 §8.3.117) among the attributes that were set. */
function coloursOf(raw: string): number[] {
  return raw
    .split('\x1b[')
    .flatMap(text => /^([\d;]*)m/.exec(text)?.[1]?.split(';') ?? [])
    .map(Number)
    .filter(code => (code >= 30 && code <= 47) || code >= 90);
}

describe('the console on a terminal', () => {
  it('shows its first frame without Ink', () => {
    const reached = new Set<string>();
    const follow = (output: string) => {
      if (reached.has(output)) return;
      reached.add(output);
      const { imports, inputs } = metafile.outputs[output] ?? { imports: [], inputs: {} };
      expect(Object.keys(inputs).filter(input => /node_modules\//.test(input))).toEqual([]);
      for (const { path, kind } of imports)
        if (kind === 'import-statement' && metafile.outputs[path]) follow(path);
    };
    const entry = Object.keys(metafile.outputs).find(output => output.endsWith('stdin.mjs'));
    follow(entry ?? '');
    expect(reached.size).toBeGreaterThan(0);
    expect(metafile.outputs[entry ?? '']?.imports.some(({ kind }) => kind === 'dynamic-import')).toBe(true);
  });

  it('takes what is typed before it is there', async () => {
    const session = open();
    session.type('mbome\rzzzz\r');
    await session.see(/mbome · privilège 3/);
    session.type('q\r');
    expect(await session.exited).toBe(0);
    expectRestored(session);
    expect(session.raw).not.toContain('\x1b[?2026');
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('gives the terminal back on %s', async (signal, code) => {
    const session = open();
    await session.see(/Ouvrir une session/);
    session.kill(signal);
    expect(await session.exited).toBe(code);
    expectRestored(session);
  });

  it('gives the terminal back on an error that nobody caught, and then tells it', async () => {
    const session = open();
    await session.see(/Ouvrir une session/);
    session.kill('SIGUSR2');
    expect(await session.exited).toBe(1);
    expectRestored(session);
    expect(session.raw.lastIndexOf('of nobody’s')).toBeGreaterThan(session.raw.lastIndexOf('\x1b[?1049l'));
  });

  it('ends when the terminal is gone', async () => {
    const pty = spawn(process.execPath, [script], { name: 'xterm', cwd: folder, env });
    started.push({ kill: signal => process.kill(pty.pid, signal) });
    let seen = '';
    await new Promise<void>(resolve => {
      pty.onData(data => {
        seen += data;
        if (seen.includes('Ouvrir une session')) resolve();
      });
    });
    // As a connection that is lost: nobody holds the other side any more.
    (pty as typeof pty & { destroy(): void }).destroy();
    await gone(pty.pid);
  });

  it.each([
    ['xterm-256color', '', '▸'],
    ['xterm-256color', '1', '▸'],
    ['screen', '', '▸'],
    ['linux', '', '>'],
  ])('has the signs and colours of TERM=%s with NO_COLOR=%j', async (term, noColour, marker) => {
    const session = open({ added: { TERM: term, NO_COLOR: noColour } });
    session.type('mbome\twrong\r');
    await session.see(/Nom utilisateur ou mot de passe inconnu/);
    expect(coloursOf(session.raw).includes(red)).toBe(noColour === '');
    session.type('zzzz\r');
    expect(await session.see(/mbome · privilège 3/)).toContain(`${marker} Transmissions`);
    session.type('q\r');
    expect(await session.exited).toBe(0);
    expectRestored(session);
    if (noColour !== '') expect(coloursOf(session.raw)).toEqual([]);
  });

  it('asks before it is left by Ctrl-C', async () => {
    const session = open();
    await session.see(/Ouvrir une session/);
    session.type('\x03');
    await session.see(/Quitter XMServer/);
    session.type('n');
    await session.see(/Entrée ouvrir/);
    session.type('\x03');
    await session.see(/Quitter XMServer/);
    session.type('o');
    expect(await session.exited).toBe(0);
    expectRestored(session);
  });

  it('is drawn anew in a window of another size', async () => {
    const session = open({ columns: 100, rows: 30 });
    await session.see(/version 17\.0\.0$/m);
    session.resize(70, 20);
    await session.see(/^XMServer · Centre serveur national {22}version 17\.0\.0$/m);
    expect(session.screen().split('\n').at(-2)).toContain('Ctrl-C quitter');
    session.kill('SIGTERM');
    await session.exited;
  });

  it('stops on Ctrl-Z as any program, and comes back with fg', async () => {
    const session = new TerminalSession({
      file: '/bin/sh',
      args: ['-i'],
      env: { ...env, PS1: 'shell>' },
      cwd: folder,
    });
    started.push(session);
    await session.see(/^shell>$/m);
    session.type(`'${process.execPath}' '${script}'\r`);
    await session.see(/Ouvrir une session/);
    session.type('mbo\x1a');
    await session.see(/^shell>$/m);
    expectRestored(session);
    session.type('fg\r');
    await session.see(/Nom utilisateur +mbo$/m);
    session.type('me\rzzzz\r');
    await session.see(/mbome · privilège 3/);
    session.type('q\r');
    await session.see(/^shell>$/m);
    session.type('exit\r');
    await session.exited;
  });

  it('stays alive on a terminal that takes nothing, and ends when told to', async () => {
    const pty = spawn(process.execPath, [script], { name: 'xterm', cols: 200, rows: 60, cwd: folder, env });
    started.push({ kill: signal => process.kill(pty.pid, signal) });
    const exited = new Promise<number>(resolve => pty.onExit(({ exitCode }) => resolve(exitCode)));
    let seen = '';
    await new Promise<void>(resolve => {
      pty.onData(data => {
        seen += data;
        if (seen.includes('Ouvrir une session')) resolve();
      });
    });
    pty.pause();
    await fill(`/proc/${pty.pid}/fd/1`);
    // The whole screen, for a terminal that has no room for it.
    pty.write('\x0cmbome');
    process.kill(pty.pid, 'SIGTERM');
    await gone(pty.pid);
    // Its end is told only to whoever reads to the end of what it wrote.
    pty.resume();
    expect(await exited).toBe(143);
  });
});

/** Resolves when the process has ended: it is a child, but not one that Node would tell us of. */
async function gone(pid: number): Promise<void> {
  while (existsSync(`/proc/${pid}/cwd`)) await new Promise(resolve => setTimeout(resolve, 20));
}

/** Writes to a terminal that nobody reads until it takes no more. */
async function fill(path: string): Promise<void> {
  const terminal = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  const some = Buffer.alloc(4_096, 'x');
  for (let refused = 0; refused < 20; ) {
    try {
      writeSync(terminal, some);
      refused = 0;
    } catch {
      refused++;
      // What was on its way to the reader may have made room again.
      await new Promise(setImmediate);
    }
  }
  closeSync(terminal);
}
