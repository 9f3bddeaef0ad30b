/** Forms that are saved again because the answer was lost: what they make is made once. */
import { afterEach, expect, it, vi } from 'vitest';
import { XmError } from '../../../src/core/errors.ts';
import type { Stage } from '../stage.tsx';
import { Centre } from './centre.ts';

const centre = await Centre.found();
const { store } = centre.ports.stores.administration;
const save = '\x13';

let stage: Stage;

afterEach(() => {
  vi.restoreAllMocks();
  stage.close();
});

/** The next act is committed, and nobody is told. */
function loseAnswer(): void {
  const transaction = store.transaction.bind(store);
  vi.spyOn(store, 'transaction').mockImplementationOnce(async work => {
    await transaction(work);
    throw new XmError('database-unreachable', { host: 'db1', detail: 'the answer is lost' });
  });
}

async function typed(...steps: readonly (readonly [text: string, seen: string | RegExp])[]): Promise<void> {
  for (const [text, seen] of steps) {
    await stage.type(text);
    await stage.until(seen);
  }
}

async function count(table: 'client' | 'outgoing_message'): Promise<number> {
  const [row] = await centre.system.query<{ count: bigint }>(`select count(*) from ${table}`);
  return Number(row?.count);
}

it('a client', async () => {
  stage = await centre.open();
  const before = await count('client');
  await typed([':clients\r', '▸'], ['n', 'zerokey']);
  loseAnswer();
  await typed([`Lolodorf${save}`, 'la saisie reste'], [save, /Client créé : matricule \d+, Lolodorf/]);
  expect(await count('client')).toBe(before + 1);
  await typed([':clients\r', '▸'], ['n', 'zerokey'], [`Lolodorf${save}`, /Client créé/]);
  expect(await count('client')).toBe(before + 2);
});

it('a client who was changed meanwhile in the form is told to be there', async () => {
  stage = await centre.open();
  await typed([':clients\r', '▸'], ['n', 'zerokey']);
  loseAnswer();
  await typed([`Ngomedzap${save}`, 'la saisie reste'], [` II${save}`, /Déjà enregistré sous le n° \d+/]);
});

it('a message', async () => {
  stage = await centre.open();
  const before = await count('outgoing_message');
  await typed([':clients 1026\r', '› 1026 Mairie'], ['m', 'objet']);
  loseAnswer();
  await typed([`Avis\tDemain${save}`, 'la saisie reste'], [save, /Message n° \d+ pour/]);
  expect(await count('outgoing_message')).toBe(before + 1);
});

it('an account that is sent to read', async () => {
  stage = await centre.open();
  const before = await count('outgoing_message');
  await typed([':clients 1024\r', '› 1024 Mbalmayo'], ['k', /Compte/]);
  loseAnswer();
  await typed(['e', /injoignable/], ['e', /Message n° \d+ pour/]);
  expect(await count('outgoing_message')).toBe(before + 1);
});
