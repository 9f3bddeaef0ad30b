import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leftOut, programOf, replaced } from './machine.ts';
import { unitText, valuesOf } from './unit.ts';

const checkout = dirname(dirname(import.meta.dirname));
const units = ['xmserver-engine.service', 'xmserver-engine@.service'] as const;
const missing = ['systemd-analyze', 'systemd-sysusers'].find(name => !programOf(name));
/** Debian's. */
const mosquittoUnit = '/usr/lib/systemd/system/mosquitto.service';

it('the two units of the engine differ in its name alone', () => {
  const [one, several] = units.map(unit =>
    unitText(unit)
      .split('\n')
      .filter(line => !line.startsWith('#')),
  );
  const named = replaced(several?.join('\n') ?? '', { ' --engine %i': '', 'engine %i': 'engine' });
  expect(named).toBe(one?.join('\n'));
});

it('a unit gives the engine longer to end than it takes', () => {
  // src/cli/engine.ts gives itself 30 s.
  for (const unit of units) expect(valuesOf(unitText(unit), 'TimeoutStopSec')).toEqual(['45']);
});

if (missing) leftOut('the check of the systemd units', `no ${missing} on this machine`);

describe.skipIf(missing)('systemd', () => {
  let folder = '';
  const at = (...parts: string[]) => join(folder, ...parts);
  const call = (program: string, ...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  const faultless = { status: 0, stdout: '', stderr: '' };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'xms-systemd-'));
    // A program that is not there would be a fault.
    const program = { '/usr/bin/xmserver': join(checkout, 'bin/xmserver.js') };
    for (const unit of units) writeFileSync(at(unit), replaced(unitText(unit), program));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['xmserver-engine.service', 'xmserver-engine@a.service'])('understands %s whole', unit => {
    expect(call('systemd-analyze', 'verify', at(unit))).toEqual(faultless);
  });

  it.each(units)('finds %s well locked up', unit => {
    // Of 100, the less the better; a unit that says nothing has 96.
    const { status, stdout } = call(
      'systemd-analyze',
      'security',
      '--offline=true',
      '--threshold=20',
      at(unit),
    );
    expect(stdout.match(/→ .*/)?.[0]).toMatch(/OK/);
    expect(status).toBe(0);
  });

  it.skipIf(!existsSync(mosquittoUnit))('understands what is added to the unit of Mosquitto', () => {
    writeFileSync(at('mosquitto.service'), readFileSync(mosquittoUnit));
    mkdirSync(at('mosquitto.service.d'));
    const limits = readFileSync(join(checkout, 'deploy/mosquitto/limits.conf'), 'utf8');
    writeFileSync(at('mosquitto.service.d/limits.conf'), limits);
    expect(call('systemd-analyze', 'verify', at('mosquitto.service'))).toEqual(faultless);
    writeFileSync(
      at('mosquitto.service.d/limits.conf'),
      replaced(limits, { 'LimitNOFILE=': 'LimitNOFILES=' }),
    );
    expect(call('systemd-analyze', 'verify', at('mosquitto.service')).stderr).toContain('LimitNOFILES');
  });

  it('makes the user of the units', () => {
    mkdirSync(at('etc'));
    const configuration = join(checkout, 'deploy/systemd/sysusers.conf');
    expect(call('systemd-sysusers', `--root=${folder}`, configuration)).toMatchObject({ status: 0 });
    const [user] = valuesOf(unitText('xmserver-engine.service'), 'User');
    expect(readFileSync(at('etc/passwd'), 'utf8')).toContain(`${user}:x:`);
  });
});
