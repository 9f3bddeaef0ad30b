import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/db/database.ts';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  findEmbeddedPostgres,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '../../src/db/embedded-postgres.ts';
import { canEnter, postgresAccount } from '../../src/db/system-account.ts';

const program = fileURLToPath(new URL('./start-postgres.ts', import.meta.url));
const homes: string[] = [];
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true });
});

/** A folder of the test's own, which other accounts may enter or not. */
function options(mode = 0o755): EmbeddedPostgresOptions {
  const home = mkdtempSync(join(tmpdir(), 'xms-embedded-'));
  chmodSync(home, mode);
  homes.push(home);
  return {
    folder: join(home, 'cluster'),
    passwordFile: join(home, 'password'),
    logFile: join(home, 'log'),
    preferredPort: 0,
  };
}

/** What start-postgres.ts prints, line by line, and its process. */
function startElsewhere(given: EmbeddedPostgresOptions, account: { uid?: number; gid?: number } = {}) {
  const child = spawn(process.execPath, [program, JSON.stringify(given)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: '/',
    ...account,
  });
  return { child, lines: createInterface({ input: child.stdout }) };
}

/** The last line. */
async function resultOf({
  lines,
}: ReturnType<typeof startElsewhere>): Promise<Partial<EmbeddedPostgres> & object> {
  let last = '';
  for await (const line of lines) last = line;
  return JSON.parse(last) as Partial<EmbeddedPostgres>;
}

function ask(postgres: EmbeddedPostgres): Database {
  return new Database({ ...postgres.server, database: 'postgres' }, 'test');
}

async function reported(given: EmbeddedPostgresOptions) {
  const steps: string[] = [];
  const postgres = await startEmbeddedPostgres({ ...given, report: step => steps.push(step) });
  return { postgres, steps };
}

const ownerOf = (path: string) => statSync(path).uid;

describe('the embedded PostgreSQL', () => {
  const given = options();
  let postgres: EmbeddedPostgres;
  beforeAll(async () => {
    const first = await reported(given);
    expect(first.steps).toEqual(['init', 'start']);
    postgres = first.postgres;
  });
  afterAll(() => stopEmbeddedPostgres(postgres));

  it('is a recent server, local, UTF-8, under an account that is no root', async () => {
    const database = ask(postgres);
    const [row] = await database.query(
      `select current_setting('server_version_num')::int >= 180000 as recent, current_setting('listen_addresses') as listens,
              current_setting('server_encoding') as encoding, current_setting('fsync') as fsync, lower('ÉÀ') as lower`,
    );
    expect(row).toEqual({ recent: true, listens: '127.0.0.1', encoding: 'UTF8', fsync: 'on', lower: 'éà' });
    await database.close();
    expect(ownerOf(postgres.folder)).toBe(postgresAccount()?.uid ?? process.getuid?.());
    expect(statSync(given.passwordFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(given.folder)).sort()).toEqual(['cluster', 'log', 'password']);
  });

  it('is taken over by whoever comes next', async () => {
    expect(await reported(given)).toEqual({ postgres, steps: [] });
    expect(await findEmbeddedPostgres(given)).toEqual(postgres);
    expect(await resultOf(startElsewhere(given))).toEqual(postgres);
  });

  it('stops so that nothing is left to recover, and starts again with its data', async () => {
    const database = ask(postgres);
    await database.query('create table kept (n integer)');
    await stopEmbeddedPostgres(postgres);
    expect(await findEmbeddedPostgres(given)).toBeUndefined();
    // Stopping what has stopped is nothing.
    await stopEmbeddedPostgres(postgres);
    await expect(database.query('select')).rejects.toMatchObject({ code: 'database-unreachable' });
    const again = await reported({ ...given, preferredPort: postgres.server.port });
    expect(again.steps).toEqual(['start']);
    expect(again.postgres.server).toEqual(postgres.server);
    postgres = again.postgres;
    // The pool of then finds it again.
    expect(await database.query('select count(*)::int as n from kept')).toEqual([{ n: 0 }]);
    await database.close();
    expect(readFileSync(given.logFile, 'utf8')).not.toContain('automatic recovery');
  });

  it('comes back after kill -9, with what was committed', async () => {
    const database = ask(postgres);
    await database.query('insert into kept values (1)');
    const busy = database.query('select pg_sleep(600)').catch((error: unknown) => error);
    await database.query('select');
    process.kill(postgres.pid, 'SIGKILL');
    postgres = (await reported({ ...given, preferredPort: postgres.server.port })).postgres;
    expect(await busy).toMatchObject({ code: 'database-unreachable' });
    expect(await database.query('select n from kept')).toEqual([{ n: 1 }]);
    await database.close();
    expect(readFileSync(given.logFile, 'utf8')).toContain('automatic recovery');
  });

  it('takes another port where the wanted one is taken', async () => {
    await stopEmbeddedPostgres(postgres);
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const preferredPort = typeof address === 'object' && address ? address.port : 0;
    postgres = await startEmbeddedPostgres({ ...given, preferredPort });
    expect(postgres.server.port).not.toBe(preferredPort);
    other.close();
  });

  it('is not held up by the number of a process that has it no more', async () => {
    await stopEmbeddedPostgres(postgres);
    const stale = [
      process.pid,
      postgres.folder,
      1_700_000_000,
      postgres.server.port,
      '',
      '127.0.0.1',
      '',
      'ready',
    ];
    writeFileSync(join(postgres.folder, 'postmaster.pid'), `${stale.join('\n')}\n`);
    expect(await findEmbeddedPostgres(given)).toBeUndefined();
    postgres = await startEmbeddedPostgres(given);
    expect(postgres.pid).not.toBe(process.pid);
  });

  it('lets nobody in with another password, and says so', async () => {
    const passwordFile = `${given.passwordFile}.other`;
    writeFileSync(passwordFile, 'wrong');
    expect(await findEmbeddedPostgres({ ...given, passwordFile })).toBeUndefined();
    await stopEmbeddedPostgres(postgres);
    await expect(startEmbeddedPostgres({ ...given, passwordFile })).rejects.toMatchObject({
      code: 'postgres-start',
      params: { detail: expect.stringContaining('password authentication failed'), log: given.logFile },
    });
    rmSync(passwordFile);
    postgres = await startEmbeddedPostgres(given);
  });
});

describe('making the cluster', () => {
  const running: EmbeddedPostgres[] = [];
  afterEach(async () => {
    for (const postgres of running.splice(0)) await stopEmbeddedPostgres(postgres);
  });

  it('leaves nothing half-made when it is interrupted, and is done afresh', async () => {
    const given = options();
    const { child, lines } = startElsewhere(given);
    await once(lines, 'line');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(given.folder)).toBe(false);
    const { postgres, steps } = await reported(given);
    running.push(postgres);
    expect(steps).toEqual(['init', 'start']);
    expect(readdirSync(dirname(given.folder)).sort()).toEqual(['cluster', 'log', 'password']);
  });

  it('by two at once makes one, which both have', async () => {
    const given = options();
    const [one, two] = await Promise.all([resultOf(startElsewhere(given)), resultOf(startElsewhere(given))]);
    const found = await findEmbeddedPostgres(given);
    if (found) running.push(found);
    expect(one).toEqual(found);
    expect(two).toEqual(found);
    expect(readdirSync(dirname(given.folder)).sort()).toEqual(['cluster', 'log', 'password']);
  });

  it('says what PostgreSQL says where it cannot be made', async () => {
    const given = options();
    writeFileSync(given.passwordFile, '');
    await expect(startEmbeddedPostgres(given)).rejects.toMatchObject({
      code: 'postgres-start',
      params: { detail: expect.stringContaining('password file'), log: given.logFile },
    });
    expect(existsSync(given.folder)).toBe(false);
  });

  const root = process.getuid?.() === 0;

  it.runIf(root)(
    'under root, lies where its account gets in, though the data folder is only root’s',
    async () => {
      const given = options(0o700);
      const before = existsSync('/var/lib/xmserver');
      const postgres = await startEmbeddedPostgres(given);
      try {
        expect(postgres.folder).not.toBe(given.folder);
        expect(await findEmbeddedPostgres(given)).toEqual(postgres);
      } finally {
        await stopEmbeddedPostgres(postgres);
        rmSync(postgres.folder, { recursive: true });
        if (!before) rmSync('/var/lib/xmserver', { recursive: true });
      }
    },
  );

  const nobody = { uid: 65_534, gid: 65_534 };
  const readable =
    root && canEnter(nobody, import.meta.dirname) && canEnter(nobody, dirname(process.execPath));
  const why = root
    ? 'the checkout can be entered by root only'
    : 'the tests themselves run as an ordinary user';

  if (readable) it('works as an ordinary user', asNobody);
  else it.skip(`works as an ordinary user: not tried apart, ${why}`);

  async function asNobody(): Promise<void> {
    const given = options();
    chownSync(dirname(given.folder), nobody.uid, nobody.gid);
    const postgres = (await resultOf(startElsewhere(given, nobody))) as EmbeddedPostgres;
    running.push(postgres);
    expect(ownerOf(given.folder)).toBe(nobody.uid);
    expect(ownerOf(given.passwordFile)).toBe(nobody.uid);
    const database = ask(postgres);
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    await database.close();
    // Root, coming later, starts it under its owner.
    await stopEmbeddedPostgres(postgres);
    const again = await startEmbeddedPostgres(given);
    running.push(again);
    expect(ownerOf(join(again.folder, 'postmaster.pid'))).toBe(nobody.uid);
  }
});
