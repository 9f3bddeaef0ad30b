/** Units of deploy/systemd, read as far as tests need them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../deploy/systemd');

export function unitText(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

/** Values of a setting, in the unit's order. */
export function valuesOf(unit: string, setting: string): string[] {
  return unit
    .split('\n')
    .flatMap(line => (line.startsWith(`${setting}=`) ? [line.slice(setting.length + 1)] : []));
}
