/** The pool's worker, which here dies at every SDC that starts with a fatal word; `never`: before it is ready. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Task } from '../../src/sdc/task.ts';

const { fatal } = workerData.opener as { fatal?: string };
if (fatal === 'never') process.exit(1);

parentPort?.on('message', (task: Task) => {
  if (task.kind === 'unseal' && Buffer.from(task.sdcs.bytes).includes('fatal')) process.exit(1);
});
await import('../../src/sdc/worker.ts');
