import { expect, it } from 'vitest';
import { fuzz } from './fuzzer.ts';

it('hostile bytes: nothing altered is accepted, nothing takes long or stays in memory', async () => {
  const report = await fuzz(3_000, 20_260_101);
  expect(report.faults).toEqual([]);
  // What was changed and changed back, or not at all, opens: the cases are not all hopeless.
  expect(report.kinds.get('outside of compact')?.opened).toBeGreaterThan(0);
  expect(report.kinds.get('signed payload')?.opened).toBeGreaterThan(0);
  expect(report.kinds.size).toBeGreaterThan(10);
}, 120_000);
