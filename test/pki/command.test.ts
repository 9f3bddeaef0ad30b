/** `xmserver pki` against a real PostgreSQL, with openssl as the judge of what it writes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { perform } from '../../src/cli/pki/command.ts';
import type { PkiSession } from '../../src/cli/pki/session.ts';
import type { PkiFlags } from '../../src/cli/pki-call.ts';
import { revokedServerKeys, serverKeys } from '../../src/cli/server-keys.ts';
import { DataFolder } from '../../src/config.ts';
import type { XmError } from '../../src/core/errors.ts';
import { keyIdOf } from '../../src/core/key-id.ts';
import { hex } from '../../src/core/message.ts';
import type { Database } from '../../src/db/database.ts';
import { createClient, readClients, readSigners } from '../../src/db/system/directory.ts';
import { brokenJournalRow } from '../../src/db/system/operator.ts';
import { readCertificate, spkiOf } from '../../src/pki/certificate.ts';
import { accepted, signerOf } from '../../src/pki/generation.ts';
import { type KeyPair, makeKey } from '../../src/pki/key-file.ts';
import { KeyStore } from '../../src/pki/key-store.ts';
import { makeRequest, requestPem, spokenFingerprint } from '../../src/pki/request.ts';
import { pkiTexts } from '../../src/text/pki.ts';
import { clone } from '../db/databases.ts';
import { Workspace } from './workspace.ts';

const day = 86_400_000;
const work = new Workspace();
const database: Database = await clone('XMServerSystem');
afterAll(() => work.remove());

interface Call extends Partial<PkiFlags> {
  /** Days from now. */
  readonly at?: number;
  readonly passphrase?: string;
  readonly store?: string;
}

/** One call of the command; `call` are its options. */
async function pki<T = Record<string, unknown>>(words: string, call: Call = {}): Promise<T> {
  const { at = 0, passphrase, store = 'XMSData', ...flags } = call;
  const session: PkiSession = {
    store: new KeyStore(work.at(store), passphrase),
    system: database,
    flags: { json: true, server: false, rsa: false, ...flags },
    language: 'fr',
    texts: pkiTexts.fr,
    now: Date.now() + at * day,
  };
  const { json, lines } = await perform(words.split(' ').filter(Boolean), session);
  expect(lines.length).toBeGreaterThan(0);
  // As a program reads it.
  return JSON.parse(JSON.stringify(json)) as T;
}

const failing = (words: string, call: Call = {}) =>
  pki(words, call).then(
    () => expect.unreachable(`pki ${words} did not fail`),
    (error: XmError) => ({ code: error.code, params: error.params }),
  );

interface Shown {
  readonly key: string;
  readonly role: string;
  readonly client?: number;
  readonly subject: string;
  readonly serial: string;
  readonly state: string;
  readonly fingerprint: string;
  readonly revocationReason?: string;
}

const acts = async () =>
  (await database.query<{ act: string }>('select act from journal order by id')).map(({ act }) => act);

/** A request of a client's station, as a file. */
function requestFile(
  name: string,
  kind: 'ec' | 'rsa' = 'ec',
): KeyPair & { file: string; fingerprint: string } {
  const keys = makeKey(kind);
  // What it calls itself is its own affair.
  const file = work.write(`${name}.csr`, requestPem(makeRequest(keys, { commonName: 'Président' })));
  return { ...keys, file, fingerprint: spokenFingerprint(spkiOf(keys.publicKey)) };
}

beforeAll(async () => {
  await createClient(database, {
    matricule: 1024,
    nom: 'Mbalmayo II',
    ville: 'Mbalmayo',
    telephone: '',
    status: 2,
  });
  await createClient(database, { matricule: 1025, nom: 'Kribi', ville: 'Kribi', telephone: '', status: 2 });
  await pki('init', { name: 'Centre national' });
  work.write('ca.crt', work.read('XMSData/certificates/authority.crt'));
});

describe('init', () => {
  it('made an authority and the server’s key; a second call changes nothing', async () => {
    const first = await pki<Shown[]>('list');
    expect(first.map(({ role, state }) => [role, state])).toEqual([
      ['authority', 'valid'],
      ['server', 'valid'],
    ]);
    expect(await pki<Shown[]>('init', { name: 'Autre' })).toEqual(expect.arrayContaining(first));
    expect(await pki('list')).toEqual(first);
    expect(work.openssl('verify -x509_strict -CAfile ca.crt XMSData/certificates/server.crt')).toContain(
      'OK',
    );
  });
});

describe('requests', () => {
  it('wait until somebody has compared the fingerprint', async () => {
    const { file, fingerprint, publicKey } = requestFile('one');
    const { id } = await pki<{ id: number }>(`request add ${file}`, { client: 1024 });
    // Sent again it is the same one.
    expect(await pki(`request add ${file}`, { client: 1024 })).toEqual({ id, client: 1024, fingerprint });
    expect(await failing(`request add ${file}`, { client: 1025 })).toMatchObject({
      code: 'certificate-known',
    });
    expect(await failing(`request add ${file}`, { client: 9999 })).toMatchObject({ code: 'client-unknown' });
    expect(await pki('request list')).toMatchObject([
      { id, client: 1024, clientName: 'Mbalmayo II', fingerprint },
    ]);

    expect(await failing(`request accept ${id}`)).toMatchObject({ code: 'usage' });
    const wrong = fingerprint.replace(/\d/, digit => String((Number(digit) + 1) % 10));
    expect(await failing(`request accept ${id}`, { fingerprint: wrong })).toMatchObject({
      code: 'fingerprint-different',
    });
    expect(await readSigners(database, [keyIdOf(spkiOf(publicKey))])).toEqual([]);

    const spoken = fingerprint.replaceAll(' ', '-');
    const shown = await pki<Shown>(`request accept ${id}`, { fingerprint: spoken, out: work.at('one.crt') });
    // The name is that of the database, not that of the request.
    expect(shown).toMatchObject({
      subject: 'CN=Mbalmayo II, serialNumber=1024',
      key: hex(keyIdOf(spkiOf(publicKey))),
    });
    expect(work.openssl('verify -x509_strict -CAfile ca.crt one.crt')).toContain('OK');
    expect(await readSigners(database, [keyIdOf(spkiOf(publicKey))])).toMatchObject([{ matricule: 1024 }]);
    expect(await pki('request list')).toEqual([]);
    expect(await failing(`request accept ${id}`, { fingerprint })).toEqual({
      code: 'request-unknown',
      params: { id },
    });
  });

  it('are accepted once, however many accept at once', async () => {
    const { file, fingerprint } = requestFile('many', 'rsa');
    const { id } = await pki<{ id: number }>(`request add ${file}`, { client: 1025 });
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, () => pki(`request accept ${id}`, { fingerprint })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await pki<Shown[]>('list', { client: 1025 })).length).toBe(1);
  });

  it('are refused with a reason', async () => {
    const { file } = requestFile('refused');
    const { id } = await pki<{ id: number }>(`request add ${file}`, { client: 1024 });
    expect(await failing(`request refuse ${id}`)).toMatchObject({ code: 'usage' });
    await pki(`request refuse ${id}`, { reason: 'autre voix' });
    expect(await failing(`request refuse ${id}`, { reason: 'x' })).toMatchObject({ code: 'request-unknown' });
    expect(await pki('request list')).toEqual([]);
  });

  it('are told apart from what is none', async () => {
    work.write('none.csr', 'bonjour');
    expect(await failing(`request add ${work.at('none.csr')}`, { client: 1024 })).toMatchObject({
      code: 'request-invalid',
    });
    expect(await failing(`request add ${work.at('absent')}`, { client: 1024 })).toMatchObject({
      code: 'file-unreadable',
    });
    for (const number of ['x', '0', '1.5'])
      expect(await failing(`request accept ${number}`)).toMatchObject({ code: 'usage' });
  });
});

describe('issue, show, revoke', () => {
  it('issues key and certificate as files, and never writes over them', async () => {
    work.write('pass', 'Épée\n');
    const call = {
      role: 'signatory',
      name: 'Ngo Bassa',
      client: 1024,
      out: work.at('ngo'),
      passphraseFile: work.at('pass'),
    };
    const issued = await pki<Shown & { files: string[] }>('issue', call);
    expect(issued).toMatchObject({ role: 'signatory', subject: 'CN=Ngo Bassa, serialNumber=1024' });
    expect(work.openssl('verify -x509_strict -purpose smimesign -CAfile ca.crt ngo.crt')).toContain('OK');
    expect(work.openssl('pkey -in ngo.key -passin file:pass -pubout')).toBe(
      work.openssl('x509 -in ngo.crt -noout -pubkey'),
    );
    expect(await failing('issue', call)).toMatchObject({ code: 'file-exists' });
    expect(await failing('issue', { ...call, role: 'chef' })).toMatchObject({ code: 'usage' });
    const byKey = await pki<Shown>(`show ${issued.key}`);
    expect(byKey).toMatchObject({ client: 1024, role: 'signatory', state: 'valid' });
    expect(await pki<Shown>(`show ${work.at('ngo.crt')}`)).toEqual(byKey);
    expect(await pki<Shown>(`show ${issued.key.toUpperCase().replace(/..(?!$)/g, '$&:')}`)).toEqual(byKey);
    // A signatory's key is the person's: nothing is sealed to it, and it signs no SDC of the client.
    expect(await readSigners(database, [Buffer.from(issued.key, 'hex')])).toEqual([]);
    const [client] = await readClients(database, [1024]);
    expect(hex(client?.recipient.keyId ?? Buffer.of())).not.toBe(issued.key);
    expect(await failing('show 0011223344556677')).toMatchObject({ code: 'certificate-unknown' });
  });

  it('issues for a request only with its fingerprint', async () => {
    const { file, fingerprint } = requestFile('operator');
    const call = { role: 'operator', request: file, out: work.at('operator') };
    expect(await failing('issue', { ...call, fingerprint: '1' })).toMatchObject({
      code: 'fingerprint-different',
    });
    expect(await pki<Shown>(`show ${file}`)).toMatchObject({ fingerprint });
    expect(await pki<Shown>('issue', { ...call, fingerprint })).toMatchObject({
      subject: 'CN=Président',
      fingerprint,
    });
  });

  it('a revoked certificate is on the list, and openssl refuses it', async () => {
    const { key, serial } = await pki<Shown>('issue', {
      role: 'station',
      client: 1024,
      out: work.at('lost'),
    });
    const verify = () =>
      work.tryOpenssl('verify -x509_strict -crl_check -CRLfile list.crl -CAfile ca.crt lost.crt');
    const before = await pki<{ number: number }>('crl', { out: work.at('list.crl') });
    expect(verify().output).toContain('OK');
    expect(await failing(`revoke ${key}`)).toMatchObject({ code: 'usage' });
    const { list } = await pki<{ list: { number: number } }>(`revoke ${key}`, { reason: 'keyCompromise' });
    expect(list.number).toBeGreaterThan(before.number);
    work.openssl('crl -inform DER -in XMSData/certificates/authority.crl -out list.crl');
    expect(verify().message).toContain('certificate revoked');
    expect(work.openssl('crl -in list.crl -noout -text')).toMatch(
      new RegExp(`${serial}\\n[^S]*Key Compromise`),
    );
    expect(await pki<Shown>(`show ${key}`)).toMatchObject({
      state: 'revoked',
      revocationReason: 'keyCompromise',
    });
    const [signer] = await readSigners(database, [Buffer.from(key, 'hex')]);
    expect(signer?.revokedAt).toBeLessThanOrEqual(Date.now());
    expect(await failing(`revoke ${key}`, { reason: 'superseded' })).toMatchObject({
      code: 'certificate-unknown',
    });
  });

  it('a certificate leaves the list only after it has ended', async () => {
    const count = async (at: number) => (await pki<{ revoked: number }>('crl', { at })).revoked;
    const now = await count(0);
    expect(now).toBeGreaterThan(0);
    expect(await count(2 * 365.25 + 29)).toBe(now);
    expect(await count(2 * 365.25 + 31)).toBe(0);
  });
});

describe('renew', () => {
  it('gives the server a new key, and keeps the old one', async () => {
    const store = () => new KeyStore(work.at('XMSData')).generations('server');
    const [old] = store();
    const { key } = await pki<Shown>('renew', { at: 1 });
    const generations = store();
    expect(generations.map(({ certificate }) => hex(certificate.keyId))).toEqual([
      hex(old?.certificate.keyId ?? Buffer.of()),
      key,
    ]);
    const later = Date.now() + 2 * day;
    expect(accepted(generations, later)).toHaveLength(2);
    expect(signerOf(generations, later, 30 * day)?.certificate).toEqual(old?.certificate);
    expect((await pki<Shown[]>('list', { role: 'server' })).map(one => one.key)).toContain(key);
  });

  it('the newest certificate of a client is what is sealed to; the older ones still sign', async () => {
    const [before] = await readClients(database, [1025]);
    const { key } = await pki<Shown>('issue', {
      role: 'station',
      client: 1025,
      years: 3,
      out: work.at('kribi'),
    });
    const [after] = await readClients(database, [1025]);
    expect(hex(after?.recipient.keyId ?? Buffer.of())).toBe(key);
    expect(await readSigners(database, [before?.recipient.keyId ?? Buffer.of()])).toMatchObject([
      { matricule: 1025 },
    ]);
  });
});

describe('outside authorities', () => {
  const sha256 = (name: string) =>
    work.openssl(`x509 -in ${name}.crt -noout -fingerprint -sha256`).trim().split('=')[1] ?? '';

  beforeAll(() => {
    work.write(
      'ext',
      'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid',
    );
    work.openssl(
      'req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.crt -days 900 -subj /CN=Racine -addext keyUsage=critical,keyCertSign,cRLSign',
    );
    work.openssl('req -new -newkey rsa:2048 -nodes -keyout middle.key -out middle.csr -subj /CN=Milieu');
    work.openssl(
      'x509 -req -in middle.csr -CA root.crt -CAkey root.key -CAcreateserial -extfile ext -out middle.crt -days 800',
    );
    work.write('leaf', 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment');
    for (const name of ['office', 'server']) {
      work.openssl(`req -new -newkey rsa:2048 -nodes -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`);
      work.openssl(
        `x509 -req -in ${name}.csr -CA middle.crt -CAkey middle.key -CAcreateserial -extfile leaf -out ${name}.crt -days 700`,
      );
      work.openssl(
        `pkcs12 -export -inkey ${name}.key -in ${name}.crt -certfile middle.crt -out ${name}.p12 -passout file:pass`,
      );
    }
  });
  const p12 = (name: string) => `import ${work.at(`${name}.p12`)}`;
  const at = 0.01; // openssl's certificates begin this second

  it('are believed only when somebody has said so', async () => {
    const call = { client: 1024, passphraseFile: work.at('pass'), at };
    expect(await failing(p12('office'), call)).toMatchObject({
      code: 'issuer-unknown',
      params: { issuer: 'CN=Racine' },
    });
    expect(await failing(p12('office'), { client: 1024, at })).toMatchObject({ code: 'key-passphrase' });
    expect(await failing(`trust ${work.at('office.crt')}`)).toMatchObject({ code: 'certificate-usage' });
    expect(await pki(`trust ${work.at('root.crt')}`)).toMatchObject([
      { subject: 'CN=Racine', sha256: sha256('root'), anchor: true },
    ]);
    expect(await pki('trust')).toMatchObject([{ subject: 'CN=Racine' }]);
    expect(await failing(p12('office'), { at, passphraseFile: work.at('pass') })).toMatchObject({
      code: 'usage',
    });
    const { key } = await pki<Shown>(p12('office'), call);
    expect(await readSigners(database, [Buffer.from(key, 'hex')])).toMatchObject([{ matricule: 1024 }]);
    // The one between is known from now on.
    expect(await pki('trust')).toMatchObject([{ anchor: true }, { subject: 'CN=Milieu', anchor: false }]);
  });

  it('may certify a key again: what was sealed under the certificate before is still on its way', async () => {
    work.openssl('req -new -newkey rsa:2048 -nodes -keyout twice.key -out twice.csr -subj /CN=twice');
    const certified = async (days: number) => {
      work.openssl(
        `x509 -req -in twice.csr -CA middle.crt -CAkey middle.key -CAcreateserial -extfile leaf -out twice.crt -days ${days}`,
      );
      for (let times = 0; times < 2; times++)
        await pki(`import ${work.at('twice.crt')}`, { client: 1025, at });
      return readCertificate(work.read('twice.crt'));
    };
    const former = await certified(300);
    const later = await certified(310);
    // These two, and no other, may travel with a signature of the key.
    expect(await readSigners(database, [later.keyId])).toMatchObject([
      { certificate: Buffer.concat([later.der, former.der]) },
    ]);
  });

  it('certify the server’s key: made elsewhere, or here by a request', async () => {
    await pki(p12('server'), { server: true, passphraseFile: work.at('pass'), at });
    const count = () => new KeyStore(work.at('XMSData')).certificates('server').length;
    const before = count();
    const out = work.at('own.csr');
    await pki('request make', { out, name: 'Centre', rsa: true });
    work.openssl(
      'x509 -req -in own.csr -CA middle.crt -CAkey middle.key -CAcreateserial -extfile leaf -out own.crt -days 300',
    );
    expect(await failing(`import ${work.at('office.crt')}`, { server: true, at })).toMatchObject({
      code: 'certificate-known',
    });
    await pki(`import ${work.at('own.crt')}`, { server: true, at });
    expect(count()).toBe(before + 1);
    work.openssl('req -new -newkey rsa:2048 -nodes -keyout stray.key -out stray.csr -subj /CN=stray');
    work.openssl(
      'x509 -req -in stray.csr -CA middle.crt -CAkey middle.key -CAcreateserial -extfile leaf -out stray.crt -days 300',
    );
    expect(await failing(`import ${work.at('stray.crt')}`, { server: true, at })).toMatchObject({
      code: 'key-missing',
    });
    // And nothing of it was filed.
    work.write('stray.pem', Buffer.concat([work.read('stray.key'), work.read('stray.crt')]));
    await pki(`import ${work.at('stray.pem')}`, { server: true, at });
  });

  it('withdraw by their lists', async () => {
    work.write(
      'ca.cnf',
      '[ca]\ndefault_ca=it\n[it]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\n',
    );
    work.write('index.txt', '');
    work.write('crlnumber', '01\n');
    work.openssl(
      'ca -config ca.cnf -cert middle.crt -keyfile middle.key -revoke office.crt -crl_reason superseded',
    );
    work.openssl(
      'ca -config ca.cnf -cert middle.crt -keyfile middle.key -gencrl -crldays 10 -out middle.crl',
    );
    work.openssl('crl -in middle.crl -outform DER -out middle.der');
    expect(await failing(`import ${work.at('middle.crl')}`, { at: 11 })).toMatchObject({
      code: 'revocation-list-stale',
    });
    expect(await pki(`import ${work.at('middle.der')}`)).toMatchObject({ issuer: 'CN=Milieu', revoked: 1 });
    expect(await pki(`import ${work.at('middle.crl')}`)).toMatchObject({ revoked: 0 });
    const office = await pki<Shown>(`show ${work.at('office.crt')}`);
    expect(office).toMatchObject({ state: 'revoked', revocationReason: 'superseded' });
    expect(await failing(p12('office'), { client: 1024, passphraseFile: work.at('pass'), at })).toMatchObject(
      { code: 'certificate-withdrawn' },
    );
    // Our own list does not name what another authority has issued.
    expect((await pki<{ revoked: number }>('crl')).revoked).toBe(1);
  });

  it('an old list stops what it should vouch for, by its name', async () => {
    work.openssl('req -new -newkey rsa:2048 -nodes -keyout late.key -out late.csr -subj /CN=late');
    work.openssl(
      'x509 -req -in late.csr -CA middle.crt -CAkey middle.key -CAcreateserial -extfile leaf -out late.crt -days 300',
    );
    expect(await failing(`import ${work.at('late.crt')}`, { client: 1024, at: 20 })).toMatchObject({
      code: 'revocation-list-stale',
      params: { issuer: 'CN=Milieu' },
    });
  });

  it('withdraw by their lists what an authority below them has issued', async () => {
    work.openssl('req -new -newkey rsa:2048 -nodes -keyout fallen.key -out fallen.csr -subj /CN=Chute');
    work.openssl(
      'x509 -req -in fallen.csr -CA root.crt -CAkey root.key -CAcreateserial -extfile ext -out fallen.crt -days 800',
    );
    work.openssl('req -new -newkey rsa:2048 -nodes -keyout under.key -out under.csr -subj /CN=under');
    work.openssl(
      'x509 -req -in under.csr -CA fallen.crt -CAkey fallen.key -CAcreateserial -extfile leaf -out under.crt -days 700',
    );
    work.write('both.pem', Buffer.concat([work.read('under.crt'), work.read('fallen.crt')]));
    const { key } = await pki<Shown>(`import ${work.at('both.pem')}`, { client: 1025, at });
    work.write('index.txt', '');
    work.openssl('ca -config ca.cnf -cert root.crt -keyfile root.key -revoke fallen.crt');
    work.openssl(
      'ca -config ca.cnf -cert root.crt -keyfile root.key -gencrl -out root.crl -crl_lastupdate 20880101000000Z -crl_nextupdate 20890101000000Z',
    );
    expect(await failing(`import ${work.at('root.crl')}`)).toMatchObject({ code: 'revocation-list-invalid' });
    expect(await pki<Shown>(`show ${key}`)).toMatchObject({ state: 'valid' });
    work.openssl('ca -config ca.cnf -cert root.crt -keyfile root.key -gencrl -crldays 90 -out root.crl');
    expect(await pki(`import ${work.at('root.crl')}`)).toMatchObject({ issuer: 'CN=Racine', revoked: 1 });
    expect(await pki<Shown>(`show ${key}`)).toMatchObject({
      state: 'revoked',
      revocationReason: 'cACompromise',
    });
    expect(await pki<Shown>(`show ${work.at('twice.crt')}`)).toMatchObject({ state: 'valid' });
  });

  it('are believed no longer when somebody has said so', async () => {
    expect(await failing('trust', { remove: 'AA' })).toMatchObject({ code: 'certificate-unknown' });
    await pki('trust', { remove: sha256('root') });
    expect(await failing(`import ${work.at('late.crt')}`, { client: 1024, at })).toMatchObject({
      code: 'issuer-unknown',
    });
  });
});

describe('warnings', () => {
  interface Warning {
    readonly subject: string;
    readonly daysLeft: number;
    readonly week: number;
  }
  it('tell 60 days before, of those that have no successor and no suspended client', async () => {
    expect(await pki<Warning[]>('warnings')).toEqual([]);
    const twoYears = 2 * 365.25;
    const ending = async (at: number) =>
      (await pki<Warning[]>('warnings', { at })).map(({ subject }) => subject);
    expect(await ending(twoYears - 61)).not.toContain('CN=Ngo Bassa, serialNumber=1024');
    expect(await ending(twoYears - 59)).toContain('CN=Ngo Bassa, serialNumber=1024');
    // 1025 has a certificate that ends a year later.
    expect(await ending(twoYears - 59)).not.toContain('CN=Kribi, serialNumber=1025');
    expect(await ending(3 * 365.25 - 59)).toContain('CN=Kribi, serialNumber=1025');
    await database.query('update client set status = 0 where matricule = 1025');
    expect(await ending(3 * 365.25 - 59)).not.toContain('CN=Kribi, serialNumber=1025');
    expect(await ending(20 * 365.25 - 1)).toContain('CN=Centre national CA');
  });
});

describe('a new root of the authority', () => {
  const relay = { store: 'Releve' };
  const file = (name: string) => `Releve/certificates/${name}`;
  const verify = (roots: string, certificate: string, more = '') =>
    work.tryOpenssl(`verify -x509_strict -CAfile ${roots} ${more} ${certificate}`).status === 0;

  it('is signed by the old one, which stays trusted; both have a revocation list', async () => {
    await pki('init', { ...relay, name: 'Relève' });
    work.write('old-root.crt', work.read(file('authority.crt')));
    const { key } = await pki<Shown>('issue', {
      ...relay,
      role: 'operator',
      name: 'old',
      out: work.at('by-old'),
    });
    const renewed = await pki<Shown & { list: { older: unknown[] } }>('renew-authority', relay);
    expect(renewed).toMatchObject({ role: 'authority', subject: 'CN=Relève CA', list: { older: [{}] } });
    await pki('issue', { ...relay, role: 'operator', name: 'new', out: work.at('by-new') });
    expect((await pki<Shown[]>('list', relay)).filter(({ role }) => role === 'authority')).toHaveLength(2);

    for (const roots of [file('authority.crt'), 'old-root.crt'])
      for (const certificate of ['by-old.crt', 'by-new.crt'])
        expect(verify(roots, certificate, `-untrusted ${certificate}`), `${certificate} by ${roots}`).toBe(
          true,
        );
    // What it hands out leads back to the old root; without that there is no way.
    expect(verify('old-root.crt', 'by-new.crt')).toBe(false);

    await pki('crl', { ...relay, out: work.at('both.crl') });
    const checked = '-crl_check -CRLfile both.crl -untrusted by-new.crt';
    for (const roots of [file('authority.crt'), 'old-root.crt'])
      for (const certificate of ['by-old.crt', 'by-new.crt'])
        expect(verify(roots, certificate, checked), `${certificate} by ${roots}`).toBe(true);
    await pki(`revoke ${key}`, { ...relay, reason: 'superseded' });
    await pki('crl', { ...relay, out: work.at('after.crl') });
    const after = checked.replace('both', 'after');
    expect(verify(file('authority.crt'), 'by-old.crt', after)).toBe(false);
    expect(verify(file('authority.crt'), 'by-new.crt', after)).toBe(true);
  });

  it('warns of each root 60 days before its end, and of an older one no longer after it', async () => {
    const roots = async (at: number) =>
      (await pki<{ role: string; daysLeft: number }[]>('warnings', { ...relay, at })).filter(
        ({ role }) => role === 'authority',
      );
    const twentyYears = 20 * 365.25;
    expect(await roots(twentyYears - 62)).toEqual([]);
    expect(await roots(twentyYears - 58)).toHaveLength(2);
    expect(await roots(twentyYears + 2)).toHaveLength(1);
  });
});

describe('a certificate for a broker', () => {
  it('bears all its names and addresses, and openssl finds them', async () => {
    const host = 'mq.example.cm, 10.0.0.5,2001:db8::5';
    expect(await pki('broker-cert', { host, out: work.at('broker') })).toMatchObject({
      subject: 'CN=mq.example.cm',
      hosts: ['mq.example.cm', '10.0.0.5', '2001:db8::5'],
      files: [work.at('broker.key'), work.at('broker.crt')],
    });
    const verify = (more: string) =>
      work.tryOpenssl(`verify -x509_strict -purpose sslserver -CAfile ca.crt ${more} broker.crt`).status;
    for (const name of ['-verify_hostname mq.example.cm', '-verify_ip 10.0.0.5', '-verify_ip 2001:db8::5'])
      expect(verify(name), name).toBe(0);
    expect(verify('-verify_hostname other.example.cm')).not.toBe(0);
    expect(verify('-purpose smimesign')).not.toBe(0);
    expect(work.openssl('pkey -in broker.key -pubout')).toBe(
      work.openssl('x509 -in broker.crt -noout -pubkey'),
    );
  });

  it('is not made without a name, for none that is one, or over files that are there', async () => {
    const out = work.at('nothing');
    expect(await failing('broker-cert', { out })).toMatchObject({ code: 'usage' });
    expect(await failing('broker-cert', { out, host: 'mq example' })).toMatchObject({ code: 'host-name' });
    expect(await failing('broker-cert', { out: work.at('broker'), host: 'mq.example.cm' })).toMatchObject({
      code: 'file-exists',
    });
    expect(work.tryOpenssl('x509 -in nothing.crt').status).not.toBe(0);
  });
});

describe('a store with a passphrase', () => {
  it('signs with it, and does nothing by half without it', async () => {
    const own = { store: 'Secret', passphrase: 'Épée' };
    await pki('init', { ...own, name: 'Coffre' });
    const { key } = await pki<Shown>('issue', {
      ...own,
      role: 'operator',
      name: 'mbome',
      out: work.at('mbome'),
    });
    const before = (await acts()).length;
    expect(await failing(`revoke ${key}`, { store: 'Secret', reason: 'superseded' })).toMatchObject({
      code: 'key-passphrase',
    });
    expect(await pki<Shown>(`show ${key}`)).toMatchObject({ state: 'valid' });
    expect((await acts()).length).toBe(before);
    await pki(`revoke ${key}`, { ...own, reason: 'superseded' });
  });
});

describe('a key of the server that is revoked', () => {
  const own = { store: 'Compromised' };
  const folder = new DataFolder(work.at(own.store));
  const keysOf = async (days: number) =>
    serverKeys(folder, Date.now() + days * day, await revokedServerKeys(database));

  it('neither signs nor opens, though the one after it is known to nobody yet', async () => {
    await pki('init', { ...own, name: 'Volé' });
    const { key } = await pki<Shown>('renew', { ...own, at: 0.5 });
    const before = await keysOf(1);
    const stolen = hex(before.signer.certificate.keyId);
    expect(before.accepted).toHaveLength(2);
    await pki(`revoke ${stolen}`, { ...own, reason: 'keyCompromise' });
    const { signer, accepted: left } = await keysOf(1);
    expect(hex(signer.certificate.keyId)).toBe(key);
    expect(left.map(({ certificate }) => hex(certificate.keyId))).toEqual([key]);
  });

  it('is named as the reason where no other is left', async () => {
    const { signer } = await keysOf(1);
    await pki(`revoke ${hex(signer.certificate.keyId)}`, { ...own, reason: 'keyCompromise' });
    await expect(keysOf(1)).rejects.toMatchObject({ code: 'certificate-revoked' });
  });
});

it('a command that there is not is refused', async () => {
  for (const words of ['', 'frobnicate', 'request', 'request frobnicate', 'constructor'])
    expect(await failing(words)).toMatchObject({ code: 'usage' });
});

it('every act stands in the journal, and the journal is whole', async () => {
  expect(new Set(await acts())).toEqual(
    new Set([
      'server-key',
      'revocation-list',
      'revocation-list-import',
      'server-renew',
      'request-accept',
      'request-refuse',
      'certificate-issue',
      'certificate-import',
      'certificate-revoke',
      'authority-trust',
      'authority-distrust',
      'authority-renew',
    ]),
  );
  expect(await brokenJournalRow(database)).toBeUndefined();
});
