import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Directory } from '../../src/core/engine/directory.ts';
import { Intake } from '../../src/core/engine/intake.ts';
import { Structures } from '../../src/core/engine/structures.ts';
import type {
  Arrival,
  ArrivalOutcome,
  Delivery,
  DocumentStore,
  OpenResult,
  SystemStore,
} from '../../src/core/ports.ts';

const clock = { now: () => Date.now() };

/** An intake whose database and opener fail as the test says; each delivery's payload is its name. */
function intake(file: DocumentStore['file'], open = refuseAll) {
  const acknowledged: string[] = [];
  const system = { signers: async () => [], clients: async () => [], onDirectoryChange: () => undefined };
  const troubles: unknown[] = [];
  const filed: Arrival[] = [];
  let changed = Promise.withResolvers<void>();
  const it = new Intake({
    clock,
    opener: { open },
    answerDays: () => 180,
    directory: new Directory(
      system as Pick<SystemStore, 'signers' | 'clients' | 'onDirectoryChange'> as SystemStore,
    ),
    structures: new Structures({ tables: async () => new Map() }),
    documents: { file },
    onFiled: arrivals => filed.push(...arrivals),
    onTrouble: error => troubles.push(error),
  });
  const delivery = (name: string): Delivery => ({
    topic: 'xms/u/1',
    payload: Buffer.from(name),
    acknowledge: () => {
      acknowledged.push(name);
      changed.resolve();
      changed = Promise.withResolvers<void>();
    },
  });
  return {
    intake: it,
    acknowledged,
    troubles,
    filed,
    send: (name: string) => it.accept(delivery(name)),
    async until(count: number) {
      while (acknowledged.length < count) await changed.promise;
    },
  };
}

async function refuseAll(sdcs: readonly unknown[]): Promise<OpenResult[]> {
  return sdcs.map(() => ({ ok: false, reason: { code: 'sdc-malformed', params: { detail: 'test' } } }));
}

const outcomes = (arrivals: readonly Arrival[]): ArrivalOutcome[] =>
  arrivals.map(arrival => ({
    kind: 'refused',
    reason: 'refuse' in arrival.verdict ? arrival.verdict.refuse : { code: 'internal-fault', params: {} },
  }));

const names = (arrivals: readonly Arrival[]) => arrivals.map(arrival => Buffer.from(arrival.sdc).toString());

// Pauses between attempts take no real time.
beforeEach(
  () => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }).setTimerTickMode('nextTimerAsync'),
);
afterEach(() => void vi.useRealTimers());

describe('intake', () => {
  it('acknowledges after the commit, in order, and never before', async () => {
    const commit = Promise.withResolvers<void>();
    const test = intake(async arrivals => {
      await commit.promise;
      return outcomes(arrivals);
    });
    test.intake.start();
    for (const name of ['a', 'b', 'c']) void test.send(name);
    await new Promise(setImmediate);
    expect(test.acknowledged).toEqual([]);
    commit.resolve();
    await test.until(3);
    expect(test.acknowledged).toEqual(['a', 'b', 'c']);
    await test.intake.stop();
  });

  it('files a batch in parts where the opener does not hold all of it at once', async () => {
    const parts: string[][] = [];
    const test = intake(
      async arrivals => {
        parts.push(names(arrivals));
        return outcomes(arrivals);
      },
      async sdcs => refuseAll(sdcs.slice(0, 2)),
    );
    test.intake.start();
    for (const name of ['a', 'b', 'c', 'd', 'e']) void test.send(name);
    await test.until(5);
    expect(parts).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(test.acknowledged).toEqual(['a', 'b', 'c', 'd', 'e']);
    await test.intake.stop();
  });

  it('keeps a batch and files it again when the database was away', async () => {
    // Each attempt, and the question after it whether the database answers at all.
    let failures = 4;
    const test = intake(async arrivals => {
      if (failures-- > 0) throw new Error('connection terminated');
      return outcomes(arrivals);
    });
    test.intake.start();
    void test.send('a');
    await test.until(1);
    // Told of both failed attempts, and of the first success after them.
    expect(test.troubles).toEqual([expect.any(Error), expect.any(Error), undefined]);
    await test.intake.stop();
  });

  it('refuses nothing because the database was away, however long', async () => {
    let calls = 0;
    const test = intake(async arrivals => {
      if (calls++ < 61) throw new Error('connection terminated');
      return outcomes(arrivals);
    });
    test.intake.start();
    void test.send('a');
    await test.until(1);
    expect(test.filed.map(({ verdict }) => verdict)).toEqual([
      { refuse: { code: 'sdc-malformed', params: { detail: 'test' } } },
    ]);
    await test.intake.stop();
  });

  it('lets one message that always fails hold up no other, and refuses it in the end with the fault', async () => {
    const refused: Arrival[] = [];
    const test = intake(async arrivals => {
      const bad = arrivals.find(arrival => names([arrival])[0] === 'bad');
      if (bad && 'refuse' in bad.verdict && bad.verdict.refuse.code !== 'internal-fault')
        throw new Error('poison');
      if (bad) refused.push(bad);
      return outcomes(arrivals);
    });
    for (const name of ['a', 'bad', 'b']) void test.send(name);
    test.intake.start();
    await test.until(3);
    expect([...test.acknowledged].sort()).toEqual(['a', 'b', 'bad']);
    expect(refused[0]?.verdict).toEqual({ refuse: { code: 'internal-fault', params: { detail: 'poison' } } });
    await test.intake.stop();
  });

  it('stops reading at a full queue, and reads on when half of it is filed', async () => {
    const commit = Promise.withResolvers<void>();
    const test = intake(async arrivals => {
      await commit.promise;
      return outcomes(arrivals);
    });
    test.intake.start();
    let sent = 0;
    let room: Promise<void> | undefined;
    while (!room && sent < 5_000) room = test.send(`m${sent++}`) ?? undefined;
    expect(sent).toBe(1_000);
    commit.resolve();
    await room;
    await test.until(sent);
    await test.intake.stop();
  });

  it('gives up an unanswered batch on stop, without acknowledging it', async () => {
    const failed = Promise.withResolvers<void>();
    const test = intake(async () => {
      failed.resolve();
      throw new Error('connection refused');
    });
    test.intake.start();
    void test.send('a');
    await failed.promise;
    await test.intake.stop();
    expect(test.acknowledged).toEqual([]);
  });
});
