/** A console that is left open for hours holds no more at the end than at the beginning. */
import { afterAll, expect, it } from 'vitest';
import { TestInstallation } from './installation.ts';
import { Monitoring } from './monitoring.ts';

const installation = new TestInstallation();
let monitoring: Monitoring | undefined;
afterAll(async () => {
  await monitoring?.close();
  await installation.remove();
});

/** What V8 compiles while it learns what is called often is no leak, and as large as one. */
const uncompiled = ['--no-opt', '--no-maglev', '--no-sparkplug', '--no-lazy-feedback-allocation'];
/** By then the log's ring is full. */
const warmUp = 300;
const windows = 3;
const updates = 80;
/** Each says what one of the last forty has said. */
const round = 40;
/** A leak of a kilobyte an update is more, in each window. */
const limit = updates * 640;

it('keeps nothing of the updates that it has shown', async () => {
  monitoring = await Monitoring.open(installation, uncompiled);
  await monitoring.memory();
  await monitoring.watch(warmUp, round);
  const growths: number[] = [];
  let { heapUsed } = await monitoring.memory();
  for (let window = 0; window < windows; window++) {
    await monitoring.watch(updates, round);
    const after = await monitoring.memory();
    growths.push(after.heapUsed - heapUsed);
    heapUsed = after.heapUsed;
  }
  // What is called for the first time, once a minute or once in ten seconds, makes some of them larger.
  expect(Math.min(...growths)).toBeLessThan(limit);
}, 90_000);
