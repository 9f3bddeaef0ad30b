/** The programs on a Node that is older than they need, as Debian has it: the one that came with the package runs them. */
import { execFileSync } from 'node:child_process';
import { afterAll, expect, it } from 'vitest';
import { version } from '../../src/cli/version.ts';
import { leftOut, programsOf } from '../deploy/machine.ts';
import { TestInstallation } from './installation.ts';

const majorOf = (node: string) =>
  Number(execFileSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }));
const oldNode = programsOf('node').find(node => majorOf(node) < 24);

const installation = new TestInstallation();
afterAll(() => installation.remove());

if (!oldNode) leftOut('an older Node', 'this machine has none');

it.runIf(oldNode).each(['xmserver', 'xmstation'] as const)('%s --version', program => {
  const said = execFileSync(
    oldNode as string,
    [...installation.nodeOptions, installation.script(program), '--version'],
    { encoding: 'utf8' },
  );
  expect(said.trim()).toBe(version());
});
