import { describe, expect, it } from 'vitest';
import { Engine, type EngineParts } from '../../src/core/engine/engine.ts';
import type { EngineStatus } from '../../src/core/engine-status.ts';
import type { LinkHandlers, LinkStatus } from '../../src/core/ports.ts';
import { until } from '../until.ts';

/** Databases and a broker that have nothing to say, but for what a test puts in their place. */
function engineOf(
  documents: object,
  { id = 'one', system = {}, link = {} }: { id?: string; system?: object; link?: object } = {},
): Engine {
  const nothing = async () => [];
  const counts = { received: 0, filed: 0, refused: 0, sent: 0 };
  return new Engine({
    clock: Date,
    identity: { id, pid: 1, host: 'here' },
    system: {
      onDirectoryChange: () => undefined,
      onCommand: async () => undefined,
      otherEngines: nothing,
      takeDeadEngines: nothing,
      endingCertificates: async () => undefined,
      report: async () => undefined,
      leave: async () => undefined,
      ...system,
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
    connect: (handlers: LinkHandlers) => {
      const opened = { status: { state: 'connecting' }, close: async () => undefined, ...link };
      handlers.onStatus(opened.status as LinkStatus);
      return opened;
    },
    adopt: async () => 0,
    brokerUrl: 'mqtt://broker',
    chooseBroker: async () => undefined,
    database: { host: 'here', version: '18' },
    cyclePeriodS: 60,
    answerDays: 180,
    readSettings: async () => ({ cyclePeriodS: 60, answerDays: 180 }),
    readKeys: async () => undefined,
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

it('a cycle takes up what waits, subscribes again, looks for certificates that end, purges, and tells', async () => {
  const asked: string[] = [];
  const noting = (name: string, answer: unknown) => async () => {
    asked.push(name);
    return answer;
  };
  const engine = engineOf(
    {
      unbilled: noting('charges', []),
      sealDue: noting('receipts', { sealed: 0, entries: [] }),
      takeOutbox: noting('outbox', []),
      purge: noting('purge', false),
    },
    {
      system: {
        takeDeadEngines: noting('dead engines', []),
        endingCertificates: noting('certificates', { count: 2, firstAt: 3 }),
      },
      link: {
        status: { state: 'connected', protocol: 5 },
        roundTrip: noting('round trip', 7),
        resubscribe: noting('subscription', undefined),
      },
    },
  );
  await engine.start();
  const all = [
    'certificates',
    'charges',
    'dead engines',
    'outbox',
    'purge',
    'receipts',
    'round trip',
    'subscription',
  ];
  await until(() => new Set(asked).size === all.length);
  expect(engine.status.ending).toEqual({ count: 2, firstAt: 3 });
  asked.length = 0;
  await engine.command('cycle');
  // Certificates change slowly: once an hour is enough.
  await until(() => new Set(asked).size === all.length - 1);
  expect([...new Set(asked)].sort()).toEqual(all.slice(1));
  expect(engine.status.broker.roundTripMs).toBe(7);
  expect(engine.status.cycle.nextAt).toBe((engine.status.cycle.lastAt ?? 0) + 60_000);
  await engine.command('stop');
});

describe('engines that stop', () => {
  /** Two that know of each other; and whose sessions the broker keeps. */
  async function twoEngines() {
    const statuses = new Map<string, EngineStatus>();
    const sessions = new Set(['one', 'two']);
    const leaving: { fault?: Error | undefined } = {};
    const [one, two] = ['one', 'two'].map(id => {
      const system = {
        report: async (status: EngineStatus) => void statuses.set(id, status),
        otherEngines: async () => [...statuses.values()].filter(other => other.id !== id),
        leave: async () => void statuses.delete(id),
      };
      const leaveGroup = async () => {
        if (leaving.fault) throw leaving.fault;
        sessions.delete(id);
      };
      return engineOf({}, { id, system, link: { leaveGroup } });
    }) as [Engine, Engine];
    await Promise.all([one.start(), two.start()]);
    await until(() => [...statuses.values()].filter(({ state }) => state === 'running').length === 2);
    return { one, two, sessions, statuses, leaving };
  }

  it('one after the other: the last keeps its session', async () => {
    const { one, two, sessions } = await twoEngines();
    await one.command('stop');
    await two.command('stop');
    expect([...sessions]).toEqual(['two']);
  });

  it('without having left: its row stays, for its session to be taken over', async () => {
    const { one, two, leaving, statuses } = await twoEngines();
    leaving.fault = new Error('3 messages without an acknowledgement');
    await one.command('stop');
    expect([...statuses.keys()]).toEqual(['one', 'two']);
    leaving.fault = undefined;
    await two.command('stop');
    expect([...statuses.keys()]).toEqual(['one']);
  });

  it('at the same moment: not all of them leave, for what comes meanwhile has to wait somewhere', async () => {
    const { one, two, sessions } = await twoEngines();
    await Promise.all([one.command('stop'), two.command('stop')]);
    expect(sessions.size).toBeGreaterThan(0);
  });
});
