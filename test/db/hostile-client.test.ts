/** A client with a key of its own who wants more than it was given, and a stranger who has none: what each can cause. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyIdOf } from '../../src/core/key-id.ts';
import type { Value } from '../../src/core/record.ts';
import { charge } from '../../src/db/system/ledger.ts';
import { spkiOf } from '../../src/pki/certificate.ts';
import { makeKey } from '../../src/pki/key-file.ts';
import { makeRequest } from '../../src/pki/request.ts';
import { type Centre, makeCentre, type Office, only, outcomeOf } from './centre.ts';

let centre: Centre;
beforeAll(async () => {
  centre = await makeCentre();
  await centre.data.query(`
    insert into "Naissance" ("Status", "NumeroActe", "Nom", "DateNaissance")
    select 2, n || '/2024', 'NGO ' || n, date '2024-01-01' + n from generate_series(1, 40) n`);
  await centre.system.query(`update tariff set per_act = 10 where service = 'IMPORT'`);
});
afterAll(() => centre.close());

const all = { table: 'Naissance', columns: [], order: [] };

async function credited(balance: number): Promise<Office> {
  const office = await centre.office();
  await centre.change('update access_right set may_write = true where client = $1', [office.matricule]);
  await centre.system.query('update account set balance = $2 where client = $1', [office.matricule, balance]);
  return office;
}

async function exported(numero: number) {
  const table = (await centre.documents.tables()).get('Naissance');
  const record = new Map<string, Value>(table?.columns.map(({ name }) => [name, null]));
  record.set('Numero', numero).set('Status', 2).set('Nom', 'MVONDO');
  return { service: 'EXPORT', table: 'Naissance', records: [record] } as const;
}

/** Somebody with a key of his own who knows a matricule. */
function stranger(matricule: number) {
  const { privateKey, publicKey } = makeKey('ec');
  const spki = Buffer.from(spkiOf(publicKey));
  const request = makeRequest({ privateKey, publicKey }, { commonName: 'x', serialNumber: `${matricule}` });
  const office = { matricule, key: { privateKey, spki, keyId: keyIdOf(spki) } };
  return { office, enrol: { service: 'ENROL', matricule, password: 'wrong', request } as const };
}

describe('one message id for two services', () => {
  it('does not let an import pass for the export that was charged', async () => {
    const office = await credited(0);
    const id = randomBytes(8);
    const filed = await centre.deliver(office, await centre.sealed(office, await exported(1), id));
    expect(filed.kind).toBe('filed');
    await charge(centre.system, await centre.documents.unbilled(10));
    const question = await centre.sealed(office, { service: 'IMPORT', query: all }, id);
    expect(await centre.deliver(office, question)).toMatchObject({ reason: { code: 'message-id-reused' } });
  });

  it('nor an export for the import, nor both in one batch', async () => {
    const office = await credited(1_000);
    const id = randomBytes(8);
    await centre.deliver(office, await centre.sealed(office, { service: 'IMPORT', query: all }, id));
    await centre.answers(office, id);
    const filed = await centre.deliver(office, await centre.sealed(office, await exported(1), id));
    expect(filed).toMatchObject({ kind: 'refused', reason: { code: 'message-id-reused' } });
    const same = randomBytes(8);
    const outcomes = await Promise.all([
      exported(2)
        .then(act => centre.sealed(office, act, same))
        .then(sdc => centre.deliver(office, sdc)),
      centre.sealed(office, { service: 'IMPORT', query: all }, same).then(sdc => centre.deliver(office, sdc)),
    ]);
    expect(outcomes.filter(({ kind }) => kind === 'refused')).toHaveLength(1);
  });
});

describe('an account that is empty, or a quota that is used up', () => {
  const whether = (text: string) =>
    ({ service: 'IMPORT', query: `select Numero from Naissance where ${text}` }) as const;

  it('tells nothing of what there is', async () => {
    const office = await credited(9);
    for (const text of ["Nom = 'NGO 7'", "Nom = 'NGO 7000'"]) {
      expect(outcomeOf(await centre.ask(office, whether(text)))).toBe('account-empty');
    }
    await centre.system.query(`update account set balance = 100 where client = $1`, [office.matricule]);
    await centre.system.query('update client set reads_per_day = 1 where matricule = $1', [office.matricule]);
    only(await centre.ask(office, whether("Nom = 'NGO 7'")), 'ROWS');
    for (const text of ["Nom = 'NGO 8'", "Nom = 'NGO 8000'"]) {
      expect(outcomeOf(await centre.ask(office, whether(text)))).toBe('quota-reached');
    }
  });

  it('an import that finds nothing costs nothing', async () => {
    const office = await credited(10);
    expect(only(await centre.ask(office, whether("Nom = 'NGO 7000'")), 'ROWS').records).toEqual([]);
    expect(only(await centre.ask(office, whether("Nom = 'NGO 7'")), 'ROWS').records).toHaveLength(1);
  });
});

describe('who only knows a matricule', () => {
  it('locks himself out, and not the client', async () => {
    const client = await centre.office();
    const { office, enrol } = stranger(client.matricule);
    for (let i = 0; i < 5; i++) expect(outcomeOf(await centre.ask(office, enrol))).toBe('password-wrong');
    expect(outcomeOf(await centre.ask(office, enrol))).toBe('password-locked');
    const password = { service: 'PASSWORD', old: 'zerokey', new: 'Bonjour 2026' } as const;
    expect(outcomeOf(await centre.ask(client, password))).toBe('done');
    expect(outcomeOf(await centre.ask(office, enrol))).toBe('password-locked');
  });

  it('is heard on that topic alone', async () => {
    const [client, other] = [await centre.office(), await centre.office()];
    const { office, enrol } = stranger(client.matricule);
    const outcome = await centre.deliver(other, await centre.sealed(office, enrol));
    expect(outcome).toMatchObject({ kind: 'refused', reason: { code: 'sdc-signer-unknown' } });
  });

  it('does not make the client wait', async () => {
    const client = await centre.office();
    await centre.requests.stop();
    const { office, enrol } = stranger(client.matricule);
    await centre.deliver(office, await centre.sealed(office, enrol));
    await centre.deliver(client, await centre.sealed(client, { service: 'ACCOUNT' }));
    const taken = await centre.documents.takeRequests(1, 60_000);
    expect(taken.map(({ service }) => service)).toEqual(['ACCOUNT']);
    await centre.restart();
  });
});

it('what acts on the terminal of an operator is no name and no message', async () => {
  const office = await centre.office({ status: 2 });
  for (const [i, name] of ['\u001b]0;x\u0007', 'a\nb', '\u202eB'].entries()) {
    const change = { [(['name', 'town', 'telephone'] as const)[i] ?? 'name']: name };
    expect(outcomeOf(await centre.ask(office, { service: 'PROFILE', change }))).toBe('value-range');
  }
  const note = (subject: string, text: string) => centre.ask(office, { service: 'MESSAGE', subject, text });
  expect(outcomeOf(await note('\u001b[2J', 'x'))).toBe('value-range');
  expect(outcomeOf(await note('x', '\u009b2J'))).toBe('value-range');
  expect(outcomeOf(await note('Panne 👩‍🔧', 'Une\r\n\tligne'))).toBe('done');
});
