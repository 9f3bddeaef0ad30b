/** `$SYS`: what the broker tells of itself, if it does and the account may see it. */
import type { Findings } from '../../core/broker-test.ts';
import { accepts, type Bench } from './bench.ts';
import { firstRefusal } from './client.ts';

const longestMs = 1_500;
const versionTopic = /^\$SYS\/(broker|brokers\/[^/]+)\/version$/;

export async function probeSys(bench: Bench): Promise<Findings['sys']> {
  const topics = new Set<string>();
  let version: string | undefined;
  await accepts(async () => {
    const client = await bench.connect();
    if ((await client.subscribe('$SYS/#', 0)) >= firstRefusal) return false;
    const until = performance.now() + longestMs;
    while (performance.now() < until) {
      const message = await client.next(bench.patienceMs / 2);
      if (!message) break;
      topics.add(message.topic);
      if (versionTopic.test(message.topic)) version ??= message.payload.toString().slice(0, 80);
    }
    return true;
  });
  return { topics: topics.size, ...(version === undefined ? {} : { version }) };
}
