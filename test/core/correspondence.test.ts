import { afterEach, expect, it } from 'vitest';
import { Correspondence, type CorrespondenceParts } from '../../src/core/engine/correspondence.ts';
import { Directory } from '../../src/core/engine/directory.ts';
import type { ClientAccess, Sealer } from '../../src/core/ports.ts';
import type { Letter, LetterIds, Letters, Post } from '../../src/core/service-ports.ts';
import { until } from '../until.ts';

/** Whose key cannot be used. */
const broken = 7;

const letter = (id: bigint, client: number): Letter => ({
  key: `message ${id}`,
  kind: 'message',
  id,
  client,
  body: { service: 'MESSAGE', subject: 'Avis', text: '…' },
});

const accessOf = (matricule: number) => ({ matricule, recipient: { keyId: Buffer.from([matricule]) } });

const sealer: Sealer = {
  async seal(messages) {
    if (messages.some(({ recipient }) => recipient.keyId[0] === broken)) throw new Error('no such curve');
    return messages.map(() => ({ sdc: Buffer.from('sdc'), digest: Buffer.alloc(32) }));
  },
};

let correspondence: Correspondence | undefined;
afterEach(() => correspondence?.stop());

/** With these letters, and as many to be repeated at each look as `repeats` says, one after the other. */
function begin(letters: readonly Letter[], repeats: (number | Error)[] = []) {
  const waiting = new Map(letters.map(one => [one.key, one]));
  const posted: string[] = [];
  const log: string[] = [];
  const troubles: unknown[] = [];
  const seen = { looks: 0, wakes: 0 };
  let tell = () => {};
  const ports: Letters & Post = {
    async letters(limit, { message = 0n }: LetterIds = {}) {
      return [...waiting.values()].filter(({ id }) => id > message).slice(0, limit);
    },
    async handedOn(done) {
      for (const { key } of done) waiting.delete(key);
    },
    onLetters: listener => {
      tell = listener;
    },
    async post(sealed) {
      posted.push(...sealed.map(({ key }) => key));
    },
    async repeat() {
      seen.looks++;
      const count = repeats.shift() ?? 0;
      if (count instanceof Error) throw count;
      return count;
    },
  };
  const system = {
    clients: async (matricules: readonly number[]) => matricules.map(accessOf) as unknown as ClientAccess[],
    onDirectoryChange: () => undefined,
  };
  correspondence = new Correspondence({
    clock: Date,
    letters: ports,
    post: ports,
    directory: new Directory(system as never),
    sealer,
    readRequest: (() => undefined) as unknown as CorrespondenceParts['readRequest'],
    authorities: () => [],
    onPosted: () => seen.wakes++,
    onTrouble: error => troubles.push(error),
    log: line => log.push(line),
  });
  correspondence.start();
  const write = (one: Letter) => {
    waiting.set(one.key, one);
    tell();
  };
  return { correspondence, posted, log, troubles, seen, write };
}

it('letters that cannot be sealed hold up none after them, however many they are', async () => {
  const unusable = Array.from({ length: 250 }, (_, i) => letter(BigInt(i + 1), broken));
  const { posted, log } = begin([...unusable, letter(251n, 1), letter(252n, broken)]);
  await until(() => posted.length > 0);
  expect(posted).toEqual(['message 251']);
  // One line for all of a client, in each round.
  expect(log).toEqual(['message 1 to client 7 cannot be sealed: no such curve']);
});

it('what is to go once more is looked for until nothing is left, and the outbox is woken', async () => {
  const { seen } = begin([], [1_000, 1_000, 3]);
  await until(() => seen.wakes === 3);
  expect(seen.looks).toBe(3);
});

it('is looked for in each cycle, not with each letter', async () => {
  const { correspondence, posted, seen, write } = begin([]);
  await until(() => seen.looks === 1);
  write(letter(1n, 1));
  await until(() => posted.length === 1);
  write(letter(2n, 1));
  await until(() => posted.length === 2);
  expect(seen.looks).toBe(1);
  correspondence.wake();
  await until(() => seen.looks === 2);
});

it('is looked for again where that failed', async () => {
  const { seen, troubles } = begin([], [new Error('gone'), 2]);
  await until(() => seen.wakes === 1);
  await until(() => troubles.length === 2);
  expect(troubles).toEqual([new Error('gone'), undefined]);
});
