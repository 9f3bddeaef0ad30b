/** What an installation may have, by the key among its settings. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { XmError } from '../../src/core/errors.ts';
import { licenceLimits, licenceState, setLicence, silver } from '../../src/core/licence.ts';
import { installationText, type Licence, makeLicenceKey } from '../../src/core/licence-key.ts';
import type { Operator, Privilege } from '../../src/core/operator.ts';
import { createClient, readClients, registerCertificate } from '../../src/db/system/directory.ts';
import { charge } from '../../src/db/system/ledger.ts';
import { installationId, PostgresLicenceStore } from '../../src/db/system/licence.ts';
import { brokenJournalRow, writeJournal } from '../../src/db/system/operator.ts';
import { messageId } from './arrivals.ts';
import { clone, open } from './databases.ts';

const system = await clone('XMServerSystem');
const vendor = generateKeyPairSync('ed25519');
const otherVendor = generateKeyPairSync('ed25519');
const pem = vendor.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const store = new PostgresLicenceStore(system, { file: 'vendor.pub', pem });
const installation = await installationId(system);
const day = 86_400_000;
const dayText = (at: number) => new Date(at).toISOString().slice(0, 10);
const licence: Licence = {
  installation,
  clients: 5_000,
  holder: 'Centre national',
  issued: dayText(Date.now()),
  until: dayText(Date.now() + 300 * day),
};
const key = makeLicenceKey(licence, vendor.privateKey);
const operator = (privilege: Privilege): Operator => ({ id: 1, userName: 'essai', name: 'Essai', privilege });

/** As if it had been there before, however it came. */
async function keep(text: string | undefined): Promise<void> {
  await system.query(`delete from setting where name = 'licence'`);
  if (text === undefined) return;
  await system.query(`insert into setting (name, value) values ('licence', to_jsonb($1::text))`, [text]);
}

beforeEach(() => keep(undefined));

it('an installation has one id, whoever asks first', async () => {
  const fresh = await clone('XMServerSystem');
  const other = open(fresh.settings.database);
  const ids = await Promise.all([fresh, other, fresh, other].map(installationId));
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  expect(ids[0]).not.toBe(installation);
});

describe('the limits', () => {
  it('are those of the SILVER edition without a key', async () => {
    expect(await licenceLimits(store)).toEqual({ clients: 10, operators: 20 });
  });

  it('are those of the key, as soon as it is set; the journal tells of it', async () => {
    await setLicence(store, operator(4), key);
    const limits = { clients: 5_000, operators: 5_000 };
    expect(await licenceState(store)).toEqual({ installation, licence, limits });
    const acts = await system.query(`select operator, detail from journal where act = 'licence-set'`);
    const { clients, holder, until } = licence;
    expect(acts).toEqual([{ operator: 'essai', detail: { clients, holder, until } }]);
    expect(await brokenJournalRow(system)).toBeUndefined();
  });

  it.each([
    [
      'lapsed',
      makeLicenceKey({ ...licence, until: dayText(Date.now() - day) }, vendor.privateKey),
      'licence-ended',
    ],
    [
      'copied',
      makeLicenceKey({ ...licence, installation: installationText(randomBytes(10)) }, vendor.privateKey),
      'licence-installation',
    ],
    ['forged', makeLicenceKey(licence, otherVendor.privateKey), 'licence-signature'],
    ['too large', makeLicenceKey({ ...licence, clients: 100_001 }, vendor.privateKey), 'licence-clients'],
    ['spoilt', key.slice(1), 'licence-malformed'],
  ])('are those of the SILVER edition with a key that is %s, and no error', async (_name, text, code) => {
    await keep(text);
    expect(await licenceLimits(store)).toEqual(silver);
    expect((await licenceState(store)).problem?.code).toBe(code);
    // Nor is it put in the place of a good one.
    await keep(key);
    await expect(setLicence(store, operator(4), text)).rejects.toMatchObject({ code });
    expect((await licenceState(store)).licence).toEqual(licence);
  });

  it.each([
    ['is missing', undefined],
    ['is none', 'bonjour'],
    [
      'is of another kind',
      generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .publicKey.export({ type: 'spki', format: 'pem' })
        .toString(),
    ],
  ])('are those of the SILVER edition where the vendor’s key %s', async (_name, text) => {
    await keep(key);
    const without = new PostgresLicenceStore(system, { file: 'vendor.pub', pem: text });
    expect(await licenceState(without)).toMatchObject({
      limits: silver,
      problem: { code: 'licence-vendor' },
    });
  });

  it('are changed by the Superviseur alone', async () => {
    await expect(setLicence(store, operator(3), key)).rejects.toMatchObject({ code: 'privilege-needed' });
    expect(await store.key()).toBeUndefined();
  });

  it('leave those who are there as they are: with a lapsed key all of them are known, and charged', async () => {
    await keep(makeLicenceKey({ ...licence, until: '2020-01-01' }, vendor.privateKey));
    const matricules: number[] = [];
    for (let i = 0; i < 12; i++) {
      const client = await createClient(system, { nom: `Centre ${i}`, ville: '', telephone: '', status: 3 });
      const validity = { notBefore: Date.now(), notAfter: Date.now() + day };
      const [keyId, spki, der] = [randomBytes(8), randomBytes(91), randomBytes(300)];
      await registerCertificate(system, client, { keyId, spki, der, ...validity });
      matricules.push(client);
    }
    expect((await licenceLimits(store)).clients).toBeLessThan(matricules.length);
    expect(await readClients(system, matricules)).toHaveLength(12);
    await charge(
      system,
      matricules.map(client => ({ client, messageId: messageId(), service: 'EXPORT', bytes: 600 })),
    );
    const [row] = await system.query(`select count(*)::int as charged from movement where kind = 'charge'`);
    expect(row).toEqual({ charged: 12 });
  });
});

/** What a clock showed once it has shown: we set the mark, as if the clock had been ahead, and then set back. */
describe('a clock that is set back', () => {
  it('revives no key that has lapsed', async () => {
    await setLicence(store, operator(4), key);
    const later = Date.now() + 301 * day;
    await system.query(`update setting set value = to_jsonb($1::bigint) where name = 'latestMoment'`, [
      later,
    ]);
    expect(await store.latestMoment()).toBe(later);
    expect(await licenceState(store)).toMatchObject({ limits: silver, problem: { code: 'licence-ended' } });
    await expect(setLicence(store, operator(4), key)).rejects.toThrow(XmError);
    await system.query(`delete from setting where name = 'latestMoment'`);
    expect((await licenceState(store)).licence).toEqual(licence);
  });

  it('revives none either where the mark is taken away, for the journal has the time', async () => {
    const other = await clone('XMServerSystem');
    const here = new PostgresLicenceStore(other, store.vendor);
    await other.query(`insert into journal (act, at) values ('engine-dead', now() + interval '301 days')`);
    await writeJournal(system, 'act', {});
    const before = Date.now();
    expect(await here.latestMoment()).toBeGreaterThan(before + 300 * day);
    expect(await store.latestMoment()).toBeLessThan(before + day);
  });

  it('is no way round for many who ask at once', async () => {
    const moments = await Promise.all(Array.from({ length: 8 }, () => store.latestMoment()));
    expect(Math.max(...moments)).toBeLessThanOrEqual(await store.latestMoment());
  });
});
