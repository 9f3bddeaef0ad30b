/** `xmserver account` and `xmserver licence` as they are typed, on a real ledger. */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { perform } from '../../src/cli/account/command.ts';
import type { AccountSession } from '../../src/cli/account/session.ts';
import type { AccountFlags } from '../../src/cli/account-call.ts';
import { setKey, showLicence } from '../../src/cli/licence/installed.ts';
import { makeKeyPair, makeLicence } from '../../src/cli/licence/vendor.ts';
import type { LicenceFlags } from '../../src/cli/licence-call.ts';
import type { XmError } from '../../src/core/errors.ts';
import type { Language } from '../../src/core/language.ts';
import type { Operator } from '../../src/core/operator.ts';
import { PostgresAccountStore } from '../../src/db/account-store.ts';
import { createClient } from '../../src/db/system/directory.ts';
import { installationId, PostgresLicenceStore } from '../../src/db/system/licence.ts';
import { accountTexts } from '../../src/text/account.ts';
import { licenceTexts } from '../../src/text/licence.ts';
import { Workspace } from '../pki/workspace.ts';
import { clone } from './databases.ts';

const system = await clone('XMServerSystem');
const accounts = new PostgresAccountStore(system);
const operator: Operator = { id: 0, userName: 'os:essai', name: 'essai', privilege: 4 };
const work = new Workspace();
afterAll(() => work.remove());

interface Call extends Partial<AccountFlags> {
  readonly language?: Language;
}

/** One call, its words apart at blanks. */
function account(words: string, { language = 'fr', ...flags }: Call = {}) {
  const session: AccountSession = {
    accounts,
    operator,
    currency: { code: 'XAF', decimals: 0 },
    flags: { json: true, daily: false, ...flags },
    language,
    texts: accountTexts[language],
    today: '2026-04-09',
  };
  return perform(words.split(' ').filter(Boolean), session);
}

/** As a program reads it. */
const json = async (words: string, call: Call = {}) =>
  JSON.parse(JSON.stringify((await account(words, call)).json)) as unknown;
const lines = async (words: string, call: Call = {}) => (await account(words, call)).lines.join('\n');
const failing = (words: string, call: Call = {}) =>
  account(words, call).then(
    () => expect.unreachable(`account ${words} did not fail`),
    (error: XmError) => error.code,
  );

beforeAll(async () => {
  await createClient(system, {
    matricule: 1024,
    nom: 'Mbalmayo II',
    ville: 'Mbalmayo',
    telephone: '',
    status: 3,
  });
  await system.query(
    `insert into movement (client, kind, service, message_id, bytes, amount, at)
     select 1024, 'charge', case when i % 3 = 0 then 'CERTIFY' else 'EXPORT' end, decode(lpad(to_hex(i), 16, '0'), 'hex'),
            600, -35, timestamptz '2026-03-02 12:00' + i / 2 * interval '1 day'
       from generate_series(0, 5) i`,
  );
  await system.query('update account set balance = -210 where client = 1024');
});

describe('account', () => {
  it('recharge: words and groups of digits', async () => {
    const call = { reference: 'R-1' };
    expect(await lines('recharge 1024 12 500', call)).toBe(
      '12 500 XAF crédités au client 1024\nréférence  R-1\nsolde      12 290 XAF',
    );
    expect(await lines('recharge 1024 12500', { ...call, language: 'en' })).toBe(
      '12,500 XAF credited to client 1024\nentered before: nothing has changed\nreference  R-1\nbalance    12,290 XAF',
    );
    expect(await json('recharge 1024 12500', call)).toMatchObject({
      client: 1024,
      amount: 12_500,
      reference: 'R-1',
      balance: 12_290,
      repeated: true,
    });
  });

  it('correct: gives itself a reference where it is given none', async () => {
    const call = { reason: 'frais de reçu' };
    const made = await json('correct 1024 -90', call);
    expect(made).toMatchObject({ amount: -90, balance: 12_200, reason: 'frais de reçu', repeated: false });
    expect(await json('correct 1024 -90', { ...call, ...(made as { reference: string }) })).toMatchObject({
      repeated: true,
      balance: 12_200,
    });
  });

  it('invoice: last month, in both languages, by service and by day', async () => {
    expect((await lines('invoice 1024')).split('\n').filter(line => !line.startsWith('le '))).toEqual([
      'FACTURE N° 1',
      '',
      'émise par  XMServer',
      'client     1024 · Mbalmayo II · Mbalmayo',
      'période    01/03/2026 au 31/03/2026',
      '',
      'service  actes  octets  montant XAF',
      'CERTIFY      2   1 200           70',
      'EXPORT       4   2 400          140',
      'total        6   3 600          210',
      '',
      'solde au début     0 XAF',
      'recharges          0 XAF',
      'corrections        0 XAF',
      'facturé         -210 XAF',
      'solde à la fin  -210 XAF',
    ]);
    expect(
      (await lines('invoice', { number: 1, daily: true, language: 'en' })).split('\n').slice(7, 13),
    ).toEqual([
      'day         service  acts  bytes  amount XAF',
      '2026-03-02  CERTIFY     1    600          35',
      '2026-03-02  EXPORT      1    600          35',
      '2026-03-03  CERTIFY     1    600          35',
      '2026-03-03  EXPORT      1    600          35',
      '2026-03-04  EXPORT      2  1,200          70',
    ]);
    expect(await json('invoice 1024 ', { period: '2026-03' })).toMatchObject({
      number: 1,
      total: 210,
      balanceAfter: -210,
      lines: [
        { service: 'CERTIFY', count: 2, bytes: 1_200, amount: 70 },
        { service: 'EXPORT', count: 4, bytes: 2_400, amount: 140 },
      ],
    });
  });

  it('statement: each movement with the balance after it', async () => {
    const read = (await json('statement 1024', { period: '2026' })) as { movements: { balance: number }[] };
    expect(read.movements.map(({ balance }) => balance)).toEqual([
      -35, -70, -105, -140, -175, -210, 12_290, 12_200,
    ]);
    const page = await lines('statement 1024', { period: '2026-03', language: 'en' });
    expect(page).toContain('balance after   -210 XAF');
    expect(page).toMatch(/\n2026-03-04 \d\d:\d\d {2}act {8}EXPORT {6}-35 {5}-210$/);
    expect(await lines('statement 1024', { period: '2020' })).toContain('aucun mouvement');
  });

  it('tariff: what was, is, and will be', async () => {
    await account('tariff set import', { perAct: '50', perKilobyte: '5' });
    await account('tariff set IMPORT', { perAct: '60', from: '2099-01-01' });
    const rows = (await lines('tariff list')).split('\n').map(line => line.trim().split(/ {2,}/));
    expect(rows).toEqual([
      ['service', 'par acte', 'par Ko', 'depuis le'],
      ['EXPORT', '0', '0', 'toujours', 'en vigueur'],
      ['IMPORT', '60', '0', '01/01/2099 00:00', 'à venir'],
      ['IMPORT', '50', '5', expect.stringMatching(/^\d\d\/\d\d\/\d{4} \d\d:\d\d$/), 'en vigueur'],
    ]);
    expect(await json('tariff set IMPORT', { perAct: '55' })).toMatchObject([
      { perAct: 60, state: 'future' },
      { perAct: 55, state: 'current' },
      { perAct: 50, perKilobyte: 5, state: 'past' },
    ]);
  });

  it('verify: says what does not agree, and fails', async () => {
    expect(await lines('verify')).toBe('1 comptes et 1 factures : tout est la somme de ses mouvements');
    expect((await account('verify')).fault).toBeUndefined();
    await system.query('update account set balance = balance + 1000');
    const { lines: told, fault } = await account('verify', { language: 'en' });
    expect(told).toEqual(['client 1024    kept 13,200 XAF, movements 12,200 XAF']);
    expect(fault).toMatchObject({ code: 'account-unbalanced', params: { count: 1, client: 1024 } });
    await system.query('update account set balance = balance - 1000');
  });

  it.each([
    ['', {}],
    ['give', {}],
    ['constructor', {}],
    ['tariff', {}],
    ['tariff set', { perAct: '5' }],
    ['tariff set EXPORT', {}],
    ['tariff set EXPORT', { perAct: '5', from: 'demain' }],
    ['recharge', { reference: 'x' }],
    ['recharge Kribi 500', { reference: 'x' }],
    ['recharge 1024', { reference: 'x' }],
    ['recharge 1024 500', {}],
    ['correct 1024 500', {}],
    ['invoice', {}],
    ['invoice', { number: -1 }],
  ])('%s %j is a wrong call', async (words, flags) => {
    expect(await failing(words, flags)).toBe('usage');
  });

  it.each([
    ['recharge 1024 12,5', { reference: 'x' }, 'amount-invalid'],
    ['recharge 77 500', { reference: 'x' }, 'client-unknown'],
    ['tariff set EXPROT', { perAct: '5' }, 'tariff-service'],
    ['tariff set EXPORT', { perAct: '5', from: '2020-01-01' }, 'tariff-past'],
    ['statement 1024', { period: 'mars' }, 'period-invalid'],
    ['invoice', { number: 99 }, 'invoice-unknown'],
  ])('%s %j is refused', async (words, flags, code) => {
    expect(await failing(words, flags)).toBe(code);
  });
});

describe('licence', () => {
  const call = (flags: Partial<LicenceFlags>, language: Language = 'fr') => ({
    flags: { json: false, ...flags },
    language,
    texts: licenceTexts[language],
    now: Date.UTC(2026, 3, 9),
  });
  const vendorFlags = { key: work.at('vendor.key'), clients: 2_500, holder: ' Centre  national ' };

  it('goes from the vendor to the installation', async () => {
    makeKeyPair(call({ out: work.at('vendor') }));
    expect(() => makeKeyPair(call({ out: work.at('vendor') }))).toThrow('exists already');
    // Stock OpenSSL knows both.
    expect(work.openssl('pkey -in vendor.key -pubout')).toBe(readFileSync(work.at('vendor.pub'), 'utf8'));
    const store = new PostgresLicenceStore(system, {
      file: work.at('vendor.pub'),
      pem: readFileSync(work.at('vendor.pub'), 'utf8'),
    });
    const installation = await installationId(system);
    const flags = { ...vendorFlags, installation, until: '2099-12-31', out: work.at('key.txt') };
    expect(makeLicence(call(flags)).json).toMatchObject({ holder: 'Centre national', clients: 2_500 });
    const text = readFileSync(work.at('key.txt'), 'utf8');
    expect(text).toMatch(/^# Centre national, 2500, 2099-12-31\n(([0-9A-Z]{5}-){1,8}[0-9A-Z-]{2,8}\n){4}$/);

    const installed = (language: Language) => ({ ...call({}, language), store, operator });
    expect((await showLicence(installed('en'))).lines).toContain(
      'edition       SILVER, without a licence key',
    );
    const typed = text.split('\n').slice(1).join(' ').trim().split(' ');
    expect((await setKey(installed('en'), [work.at('key.txt')])).lines).toEqual([
      'licence key in force',
      `installation  ${installation}`,
      'edition       licence',
      'holder        Centre national',
      'made on       2026-04-09',
      'until         2099-12-31',
      'clients       2,500 at most',
      'operators     2,500 at most',
    ]);
    expect((await setKey(installed('fr'), typed)).lines.at(-2)).toBe('clients       2 500 au plus');
    await expect(setKey(installed('fr'), [])).rejects.toMatchObject({ code: 'usage' });
    await expect(setKey(installed('fr'), typed.slice(1))).rejects.toMatchObject({
      code: 'licence-malformed',
    });
  });

  it.each([
    [{ installation: undefined }, 'usage'],
    [{ holder: 'é'.repeat(33) }, 'usage'],
    [{ until: 'demain' }, 'usage'],
    [{ until: '2026-02-30' }, 'period-invalid'],
    [{ clients: 999 }, 'licence-clients'],
    [{ clients: 1e6 }, 'licence-clients'],
    [{ installation: 'ABCD' }, 'licence-malformed'],
    [{ key: work.at('absent') }, 'key-invalid'],
    [{ key: work.at('other.key') }, 'key-invalid'],
  ])('is not made with %j', (flags, code) => {
    if (!existsSync(work.at('other.key'))) work.openssl('genpkey -algorithm ed448 -out other.key');
    const given = { ...vendorFlags, installation: '0000-0000-0000-0000', ...flags };
    expect(() => makeLicence(call(given))).toThrow(expect.objectContaining({ code }));
  });
});
