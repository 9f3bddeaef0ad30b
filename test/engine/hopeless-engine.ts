/** `xmserver engine`, whose worker threads all die before they are ready: `hopeless-engine.ts engine --data FOLDER`. */
import { parseArgs } from 'node:util';
import { runEngine } from '../../src/cli/engine.ts';
import { DataFolder } from '../../src/config.ts';
import { createSdcPool } from '../../src/sdc/pool.ts';

const { values } = parseArgs({
  options: { data: { type: 'string', default: '' }, lang: { type: 'string' } },
  allowPositionals: true,
});
const pool = () => createSdcPool({ workerFile: new URL('data:text/javascript,process.exit(1)'), workers: 1 });
process.exitCode = await runEngine(new DataFolder(values.data), { embedded: false }, pool).catch(() => 1);
