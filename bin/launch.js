/**
 * Runs a program of dist/ on Node 24. Machines often have an older Node: then the one that came with the package is
 * started in its place, with the same terminal and options, and signals are passed on.
 *
 * xmserver's young generation has one size from the beginning, in its first line: where it grows from small to 16 MB, a
 * console that shows updates for hours comes to hold 220 MB, of which 20 are in use.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const needed = 24;

export async function launch(program) {
  const here = dirname(fileURLToPath(import.meta.url));
  const file = join(here, '..', 'dist', `${program}.js`);
  if (!existsSync(file)) {
    console.error(`${program}: dist/ is missing. Run: npm run build`);
    process.exit(1);
  }
  if (Number(process.versions.node.split('.')[0]) >= needed) {
    // Compiled code is kept for the next start. Not in the common temporary folder, where others may write.
    module.enableCompileCache(join(cacheFolder(), 'xmserver'));
    await import(pathToFileURL(file).href);
    return;
  }
  const node = bundledNode();
  if (!node) {
    console.error(
      `${program}: Node ${needed} or later is needed, this is ${process.version}. Install it, or run npm ci.`,
    );
    process.exit(1);
  }
  const script = join(here, `${program}.js`);
  const child = spawn(node, [...process.execArgv, script, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the child through the terminal; this process only waits for it to end.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function cacheFolder() {
  if (process.platform === 'win32') return process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  const xdg = process.env.XDG_CACHE_HOME;
  return xdg?.startsWith('/') ? xdg : join(homedir(), '.cache');
}

function bundledNode() {
  const system = { linux: 'linux', win32: 'win', darwin: 'darwin' }[process.platform];
  const name = `node-${system}-${process.arch}`;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const node = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}
