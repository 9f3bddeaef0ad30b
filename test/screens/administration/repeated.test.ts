/** Forms that are saved again because the answer was lost: what they make is made once. */
import { afterEach, expect, it } from 'vitest';
import type { Database } from '../../../src/db/database.ts';
import type { Stage } from '../stage.tsx';
import { Centre } from './centre.ts';

const centre = await Centre.found();
const save = '\x13';

let database: Database;
let stage: Stage;

afterEach(async () => {
  stage.close();
  await database.close();
});

async function count(table: 'client' | 'outgoing_message'): Promise<number> {
  const [row] = await centre.system.query<{ count: bigint }>(`select count(*) from ${table}`);
  return Number(row?.count);
}

it('a client', async () => {
  database = centre.losesAnswer();
  stage = await centre.open();
  const before = await count('client');
  await stage.typed([':clients\r', '▸'], ['n', 'zerokey']);
  await stage.typed([`Lolodorf${save}`, 'la saisie reste'], [save, /Client créé : matricule \d+, Lolodorf/]);
  expect(await count('client')).toBe(before + 1);
  await stage.typed([':clients\r', '▸'], ['n', 'zerokey'], [`Lolodorf${save}`, /Client créé/]);
  expect(await count('client')).toBe(before + 2);
});

it('a client who was changed meanwhile in the form is told to be there', async () => {
  database = centre.losesAnswer();
  stage = await centre.open();
  await stage.typed([':clients\r', '▸'], ['n', 'zerokey']);
  await stage.typed(
    [`Ngomedzap${save}`, 'la saisie reste'],
    [` II${save}`, /Déjà enregistré sous le n° \d+/],
  );
});

it('a message', async () => {
  database = centre.losesAnswer();
  stage = await centre.open();
  const before = await count('outgoing_message');
  await stage.typed([':clients 1026\r', '› 1026 Mairie'], ['m', 'objet']);
  await stage.typed([`Avis\tDemain${save}`, 'la saisie reste'], [save, /Message n° \d+ pour/]);
  expect(await count('outgoing_message')).toBe(before + 1);
});

it('an account that is sent to read', async () => {
  database = centre.losesAnswer();
  stage = await centre.open();
  const before = await count('outgoing_message');
  await stage.typed([':clients 1024\r', '› 1024 Mbalmayo'], ['k', /Compte/]);
  await stage.typed(['e', /injoignable/], ['e', /Message n° \d+ pour/]);
  expect(await count('outgoing_message')).toBe(before + 1);
});
