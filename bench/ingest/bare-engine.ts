/** `xmserver engine` without cryptography, a program of its own as the other: `bare-engine.ts engine --data FOLDER`. */
import { parseArgs } from 'node:util';
import { runEngine } from '../../src/cli/engine.ts';
import { DataFolder } from '../../src/config.ts';
import { bareCrypto } from './bare-crypto.ts';

const { values } = parseArgs({
  options: { data: { type: 'string', default: '' }, lang: { type: 'string' } },
  allowPositionals: true,
});
process.exitCode = await runEngine(new DataFolder(values.data), { embedded: false }, () => bareCrypto);
