import { expect, it } from 'vitest';
import { Engine, type EngineParts } from '../../src/core/engine/engine.ts';
import { until } from '../until.ts';

/** Databases and a broker that have nothing to say, but for what a test puts in their place. */
function engineOf(documents: object): Engine {
  const nothing = async () => [];
  const counts = { received: 0, filed: 0, refused: 0, sent: 0 };
  return new Engine({
    clock: Date,
    identity: { id: 'one', pid: 1, host: 'here' },
    system: {
      onDirectoryChange: () => undefined,
      onCommand: async () => undefined,
      otherEngines: nothing,
      takeDeadEngines: nothing,
      endingCertificates: async () => undefined,
      report: async () => undefined,
      leave: async () => undefined,
    },
    documents: {
      tables: async () => new Map(),
      counts: async () => ({ today: counts, total: counts, waiting: 0 }),
      freeOutbox: async () => undefined,
      unbilled: nothing,
      sealDue: async () => ({ sealed: 0, entries: [] }),
      takeOutbox: nothing,
      purge: async () => false,
      ...documents,
    },
    connect: () => ({ status: { state: 'connecting' }, close: async () => undefined }),
    adopt: async () => 0,
    brokerUrl: 'mqtt://broker',
    chooseBroker: async () => undefined,
    database: { host: 'here', version: '18' },
    cyclePeriodS: 60,
    readCyclePeriodS: async () => 60,
    log: () => undefined,
  } as unknown as EngineParts);
}

it('a purge that does not come to an end holds up no command, and ends with the engine', async () => {
  let portions = 0;
  const purge = async () => {
    await new Promise(setImmediate);
    return ++portions > 0;
  };
  const engine = engineOf({ purge });
  await engine.start();
  await until(() => portions > 0);
  await engine.command('pause');
  expect(engine.status.state).toBe('paused');
  await engine.command('stop');
  const then = portions;
  await new Promise(resolve => setTimeout(resolve, 20));
  expect(portions).toBe(then);
});
