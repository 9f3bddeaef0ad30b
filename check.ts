/** `npm run check`: types, format, lint and import rules, floating promises, dead code, tests; stops at the first that fails. */
import { spawnSync } from 'node:child_process';

const steps: readonly (readonly [name: string, ...command: string[]])[] = [
  ['types', 'tsc', '-p', '.'],
  ['format, lint, import rules', 'biome', 'check', '--error-on-warnings', '.'],
  ['floating promises', 'oxlint', '--type-aware', '--deny-warnings', 'src', 'test', 'bench'],
  ['dead code', 'knip'],
  ['build', 'node', 'build.ts', '--if-stale'],
  ['tests', 'vitest', 'run'],
];

for (const [name, command, ...args] of steps) {
  const startedAt = Date.now();
  console.log(`── ${name}`);
  // npm puts node_modules/.bin first in PATH; on Windows the commands there are .cmd files, which need a shell.
  const { status, error } = spawnSync(command as string, args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) console.error(error.message);
  if (status !== 0) {
    console.error(`── ${name}: failed`);
    process.exit(1);
  }
  console.log(`── ${name}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}
