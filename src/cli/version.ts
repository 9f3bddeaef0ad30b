/** Which version of the program this is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../environment.ts';

export function version(): string {
  const text = readFileSync(join(packageFolder(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
