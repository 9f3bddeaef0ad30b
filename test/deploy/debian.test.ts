import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leftOut, programOf } from './machine.ts';

const checkout = dirname(dirname(import.meta.dirname));
const run = promisify(execFile);
const missing = ['dpkg', 'dpkg-deb', 'systemd-sysusers'].find(name => !programOf(name));

if (missing) leftOut('the Debian package', `no ${missing} on this machine`);

describe.skipIf(missing)('the Debian package', () => {
  let home = '';
  let root = '';
  /** With no Node in the PATH that could help out. */
  const env = () => ({ PATH: '/usr/bin:/bin', HOME: home, LANG: 'en_GB.UTF-8' });
  const installed = (program: string, word: string) =>
    run(join(root, 'usr/bin', program), [word], { env: env() });
  /** dpkg on a system of its own, whose users and files are not this machine's. */
  const dpkg = (...words: string[]) =>
    run('dpkg', [`--root=${root}`, '--force-not-root,script-chrootless,depends,unsafe-io', ...words], {
      env: { ...env(), PATH: process.env.PATH },
    });

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'xms-debian-'));
    chmodSync(home, 0o755); // root's embedded PostgreSQL must get in
    root = join(home, 'root');
    for (const name of ['etc', 'var/lib/dpkg/info', 'var/lib/dpkg/updates', 'var/lib/dpkg/triggers'])
      mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, 'var/lib/dpkg/status'), '');
    await run(join(checkout, 'deploy/debian/build.sh'), { cwd: home });
    await dpkg('-i', join(home, readdirSync(home).find(name => name.endsWith('.deb')) ?? ''));
  });
  afterAll(() => rmSync(home, { recursive: true }));

  it('installs programs that run on the Node they bring along', async () => {
    const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect((await installed('xmserver', '--version')).stdout.trim()).toBe(version);
    expect((await installed('xmserver', '--help')).stdout).toContain('xmserver engine');
    expect((await installed('xmstation', '--help')).stdout).toContain('xmstation export');
  });

  it('installs the grammar of SELECT texts, which stays outside of the bundle', async () => {
    const lib = join(root, 'usr/lib/xmserver');
    const [node] = readdirSync(join(lib, 'node_modules')).filter(name => name.startsWith('node-'));
    const script = `import('libpg-query').then(({ parse }) => parse('select 1')).then(({ stmts }) => console.log(stmts.length))`;
    writeFileSync(join(lib, 'dist', 'try.js'), script);
    const { stdout } = await run(
      join(lib, 'node_modules', node ?? '', 'bin/node'),
      [join(lib, 'dist', 'try.js')],
      {
        env: env(),
      },
    );
    rmSync(join(lib, 'dist', 'try.js'));
    expect(stdout).toBe('1\n');
  });

  it('installs all that a trial needs', async () => {
    const engine: ChildProcess = spawn(
      join(root, 'usr/bin/xmserver'),
      ['engine', '--embedded', '--data', join(home, 'XMSData')],
      { env: env(), stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exit = once(engine, 'exit');
    await new Promise<void>((resolve, reject) => {
      let said = '';
      engine.stdout?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (/ running, /.test(said)) resolve();
      });
      void exit.then(() => reject(new Error(`ended: ${said}`)));
    });
    engine.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  });

  it('makes the user of the service, and its units', () => {
    expect(readFileSync(join(root, 'etc/passwd'), 'utf8')).toMatch(
      /^xmserver:x:\d+:\d+:XMServer:\/var\/lib\/xmserver:\/usr\/sbin\/nologin$/m,
    );
    expect(readdirSync(join(root, 'usr/lib/systemd/system')).sort()).toEqual(
      readdirSync(join(checkout, 'deploy/systemd'))
        .filter(name => name.endsWith('.service'))
        .sort(),
    );
  });

  it('names the licences of what it brings along', () => {
    const text = readFileSync(join(root, 'usr/share/doc/xmserver/copyright'), 'utf8');
    const { dependencies } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    for (const name of Object.keys(dependencies)) expect(text).toContain(`── ${name}\n`);
    expect(text).toMatch(/── node-linux-\w+\n\nNode\.js is licensed/);
  });

  it('goes away whole', async () => {
    await dpkg('-r', 'xmserver');
    for (const path of [
      'usr/lib/xmserver',
      'usr/bin/xmserver',
      'usr/share/doc/xmserver',
      'usr/lib/systemd',
    ]) {
      expect(existsSync(join(root, path)), path).toBe(false);
    }
  });
});
