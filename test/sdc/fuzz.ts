/** `npm run fuzz [-- --cases 200000 --seed 1]`: what fuzzer.ts finds; exits 1 where that is anything. */
import { parseArgs } from 'node:util';
import { fuzz } from './fuzzer.ts';

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '200000' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const startedAt = performance.now();
const report = await fuzz(Number(values.cases), seed);
const lines = [...report.kinds].map(([kind, { cases, opened }]) => `${kind}: ${cases}, opened ${opened}`);
process.stdout.write(
  `${lines.sort().join('\n')}\n${report.cases} cases from seed ${seed} in ` +
    `${((performance.now() - startedAt) / 1000).toFixed(0)} s, slowest ${report.slowestMs.toFixed(1)} ms, ` +
    `memory ${(report.growth / 1024).toFixed(0)} KB more, ${report.faults.length} faults\n`,
);
for (const fault of report.faults.slice(0, 20)) process.stdout.write(`${fault.slice(0, 400)}\n`);
process.exitCode = report.faults.length > 0 ? 1 : 0;
