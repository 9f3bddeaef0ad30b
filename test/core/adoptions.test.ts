import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Adoptions } from '../../src/core/engine/adoptions.ts';
import type { EngineStatus } from '../../src/core/engine-status.ts';

const url = 'mqtts://broker:8883';
const connected = { url, state: 'connected', protocol: 5 } as const;
/** Its link was lost before it died. */
const dead = { id: 'dead', broker: { url, state: 'lost' } } as EngineStatus;

/** Engines that are dead and taken by nobody. */
let free: EngineStatus[];
let buried: string[];
let left: number;
let broker: EngineStatus['broker'];
let adopt: (ending: AbortSignal) => Promise<number>;
let adoptions: Adoptions;

beforeEach(() => {
  vi.useFakeTimers();
  free = [dead];
  buried = [];
  left = 0;
  broker = connected;
  adopt = async () => 3;
  const system = {
    takeDeadEngines: async () => free.splice(0),
    buryEngine: async (id: string) => void buried.push(id),
    leaveDead: async () => void free.push(dead),
  };
  adoptions = new Adoptions({
    system: system as never,
    identity: { id: 'one', pid: 1, host: 'here' },
    adopt: (_dead, _onDelivery, ending) => adopt(ending),
    broker: () => broker,
    onLeft: () => left++,
    log: () => undefined,
  });
  adoptions.begin(() => undefined);
});
afterEach(async () => {
  await adoptions.end();
  vi.useRealTimers();
});

it('a dead engine is taken over without waiting for a cycle, whatever it knew of the broker', async () => {
  await vi.advanceTimersByTimeAsync(10_000);
  expect(buried).toEqual(['dead']);
});

it('what it had in hand is looked for until all of it is free', async () => {
  await vi.advanceTimersByTimeAsync(120_000);
  expect(left).toBeGreaterThanOrEqual(6);
  expect(left).toBeLessThan(8);
});

it('a take-over that fails is tried again', async () => {
  adopt = async () => {
    throw new Error('connection refused');
  };
  await vi.advanceTimersByTimeAsync(30_000);
  expect(buried).toEqual([]);
  adopt = async () => 3;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(buried).toEqual(['dead']);
});

it('one that is interrupted is left to others', async () => {
  adopt = ending =>
    new Promise(resolve => ending.addEventListener('abort', () => resolve(1), { once: true }));
  await adoptions.look();
  expect(free).toEqual([]);
  await adoptions.end();
  expect([free, buried]).toEqual([[dead], []]);
});

it('whoever has no broker takes nobody', async () => {
  broker = { url, state: 'lost' };
  await vi.advanceTimersByTimeAsync(60_000);
  expect(free).toEqual([dead]);
});

it('where engines take turns, or at another broker, there is no session to take', async () => {
  adopt = async () => {
    throw new Error('nothing to adopt');
  };
  broker = { url, state: 'standby', protocol: 4 };
  await adoptions.look();
  await vi.advanceTimersByTimeAsync(0);
  free = [{ ...dead, id: 'elsewhere', broker: { ...connected, url: 'mqtts://other:8883' } }];
  broker = connected;
  await adoptions.look();
  await vi.advanceTimersByTimeAsync(0);
  expect(buried).toEqual(['dead', 'elsewhere']);
});
