/**
 * Loaded before a program (`node --expose-gc --import`) whose memory is to be measured over hours: on the first SIGUSR2
 * its clock begins to go `XMS_CLOCK_SPEED` times as fast, so that all that it does once a second or once a minute it does
 * that much more often; on each one a line with its memory is added to the file `XMS_MEMORY`.
 */
import { appendFileSync } from 'node:fs';

const speed = Number(process.env.XMS_CLOCK_SPEED);
const file = process.env.XMS_MEMORY ?? '';
let isFast = false;

process.on('SIGUSR2', () => {
  if (!isFast) hasten();
  isFast = true;
  // As it is while it runs: a collection that nobody runs without us gives back what is taken again at once.
  const rss = process.memoryUsage.rss();
  // V8 lets go of compiled functions that were not called since several collections ago: now or during the hours.
  for (let pass = 0; pass < 10; pass++) gc?.();
  const { heapUsed } = process.memoryUsage();
  appendFileSync(file, `${JSON.stringify({ heapUsed, rss })}\n`);
});

function hasten(): void {
  for (const clock of [performance, Date]) {
    const now = clock.now.bind(clock);
    const since = now();
    clock.now = () => since + (now() - since) * speed;
  }
  const timers = { setTimeout, setInterval };
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const set = timers[name];
    const fast = (act: () => void, ms = 0, ...words: []) => set(act, ms / speed, ...words);
    globalThis[name] = fast as typeof setTimeout & typeof setInterval;
  }
}
