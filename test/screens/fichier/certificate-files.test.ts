/** Certificates, authorities and lists from files, by the keys of Sécurité: what is entered, what is refused at its field. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, renameSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSignatory, showSignatory } from '../../../src/core/administration/signatory.ts';
import type { Operator } from '../../../src/core/operator.ts';
import { findCertificate } from '../../../src/db/system/certificate.ts';
import { brokenJournalRow } from '../../../src/db/system/operator.ts';
import { trustedAuthorities } from '../../../src/db/system/trusted-authority.ts';
import { readCertificate } from '../../../src/pki/certificate.ts';
import { makeKey } from '../../../src/pki/key-file.ts';
import { makeRequest, readRequest, requestPem } from '../../../src/pki/request.ts';
import { consoleTexts } from '../../../src/text/console.ts';
import { lose } from '../../db/databases.ts';
import { Workspace } from '../../pki/workspace.ts';
import type { Stage } from '../stage.tsx';
import { Centre } from './centre.ts';

const superviseur: Operator = { id: 0, userName: 'os:root', name: 'root', privilege: 4 };
const texts = consoleTexts.fr;
const words = texts.certificateFiles;
const [save, erase] = ['\x13', '\x15'];
const paste = (text: string) => `\x1b[200~${text}\x1b[201~`;

const centre = await Centre.open(Date.now());
const work = new Workspace();
let stage: Stage;

beforeAll(() => {
  const p256 = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes';
  work.write('pass', 'Épée\n');
  work.openssl(
    `req -x509 ${p256} -keyout root.key -out root.crt -days 900 -subj /CN=Racine -addext keyUsage=critical,keyCertSign,cRLSign`,
  );
  work.write('leaf', 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,keyAgreement');
  work.write('sign', 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature');
  const issue = (name: string, extensions: string, more: string) => {
    work.openssl(`req -new ${p256} -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`);
    work.openssl(
      `x509 -req -in ${name}.csr -CA root.crt -CAkey root.key -CAcreateserial -extfile ${extensions} -out ${name}.crt ${more}`,
    );
  };
  issue('office', 'leaf', '-days 700');
  issue('person', 'sign', '-days 700');
  issue('head', 'sign', '-days 700');
  issue('ended', 'leaf', '-days -1');
  issue('stray', 'leaf', '-days 700');
  work.openssl('x509 -in office.crt -outform DER -out office.der');
  work.openssl(
    'pkcs12 -export -inkey office.key -in office.crt -certfile root.crt -out office.p12 -passout file:pass',
  );
  work.openssl('req -x509 -newkey rsa:1024 -nodes -keyout weak.key -out weak.crt -days 900 -subj /CN=weak');
  work.write('garbage', 'bonjour');
  work.write(
    'ca.cnf',
    '[ca]\ndefault_ca=it\n[it]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\n',
  );
  work.write('index.txt', '');
  work.write('crlnumber', '01\n');
  work.openssl(
    'ca -config ca.cnf -cert root.crt -keyfile root.key -revoke office.crt -crl_reason superseded',
  );
  work.openssl('ca -config ca.cnf -cert root.crt -keyfile root.key -gencrl -crldays 10 -out root.crl');
});

beforeEach(() => vi.stubEnv('HOME', work.folder));

afterEach(() => {
  stage.close();
  vi.unstubAllEnvs();
});

afterAll(() => {
  centre.remove();
  work.remove();
});

async function on(command: string, shown: string, ports = centre.ports()): Promise<void> {
  stage = await centre.console({ ports });
  await stage.type(`:${command}\r`);
  await stage.until(shown);
}

/** Types, and waits until the frame shows it. */
async function type(text: string, shown: string | RegExp): Promise<void> {
  await stage.type(text);
  await stage.until(shown);
}

const keyOf = (name: string) => readCertificate(work.read(`${name}.crt`)).keyId;
const stored = (name: string) => findCertificate(centre.system, keyOf(name));

async function journalled(act: string): Promise<readonly { operator?: string }[]> {
  const rows = await centre.administration.store.journalPage({ act, limit: 1_000 });
  return rows as readonly { operator?: string }[];
}

async function registering(client: string, file: string, passphrase = ''): Promise<void> {
  await on('enregistrer-certificat', words.clientOrServerHint);
  await stage.type(`${paste(client)}\t${paste(file)}\t${paste(passphrase)}`);
}

async function trustRoot(): Promise<void> {
  await on('admettre-autorité', words.authorities.fileHint);
  await type(`${paste('~/root.crt')}${save}`, 'Racine ›');
  await type('e', words.authorities.question);
  await type('o', words.authorities.done('Racine'));
}

describe('an outside authority', () => {
  it('is trusted after its fingerprint was compared, by keys alone; until then nothing is entered', async () => {
    await on('sécurité', texts.security.inForce);
    await type('o', words.authorities.nothing);
    await type('n', words.authorities.fileHint);
    await type(`${paste('~/root.crt')}${save}`, 'Racine ›');
    const sha256 = readCertificate(work.read('root.crt')).fingerprint;
    expect(stage.frame).toContain(sha256.slice(0, 47));
    expect(stage.frame).toContain(sha256.slice(48));
    await type('e', words.authorities.question);
    await type('\r', words.notEntered);
    expect(await trustedAuthorities(centre.system)).toEqual([]);
    await type('e', words.authorities.question);
    await type('o', words.authorities.done('Racine'));
    await stage.until(words.authorities.anchor);
    expect(await trustedAuthorities(centre.system)).toHaveLength(1);
    expect(await journalled('authority-trust')).toMatchObject([{ operator: 'mbome' }]);
    await type('x', words.authorities.remove('Racine'));
    await type('o', words.authorities.nothing);
    expect(await trustedAuthorities(centre.system)).toEqual([]);
    expect(await journalled('authority-distrust')).toHaveLength(1);
  });

  it.each([
    ['no file', '~/absent.crt', 'Aucun fichier de ce nom'],
    ['a folder', '~', 'Aucun fichier de ce nom'],
    ['no whole path', 'root.crt', words.whole],
    ['what is none', '~/garbage', 'illisible ou refusé'],
    ['a certificate that is no authority', '~/office.crt', 'usage non permis'],
    ['the list of one that is unknown', '~/root.crl', 'autorité inconnue'],
  ])('%s is told at the field, and what was typed stays', async (_name, file, told) => {
    await on('admettre-autorité', words.authorities.fileHint);
    await type(`${paste(file)}${save}`, told);
    expect(stage.frame).toContain(file);
    expect(await trustedAuthorities(centre.system)).toEqual([]);
  });
});

describe('a certificate', () => {
  it('of an unknown authority is told at the field, until the authority is trusted', async () => {
    await registering('1001', '~/office.crt');
    await type(save, 'inconnue');
    stage.close();
    await trustRoot();
    stage.close();
    await registering('1001', '~/office.crt');
    await type(save, 'office ›');
  });

  it('of a PKCS#12 file is shown, and registered after a question; the passphrase never shows', async () => {
    await registering('1001', '~/office.p12', 'mauvais-mot-77');
    await type(save, 'Phrase secrète absente ou fausse');
    expect(stage.frame).not.toContain('mauvais-mot-77');
    await stage.type(erase);
    await type(`${paste('Épée')}${save}`, words.registration.keyLeft);
    expect(stage.frame).toContain('1001 Kribi');
    expect(stage.frame).not.toContain('Épée');
    expect(await stored('office')).toBeUndefined();
    await type('e', words.registration.question('office'));
    await type('o', words.registration.done('office'));
    expect(await stored('office')).toMatchObject({ client: 1_001, role: 'station' });
    expect(await journalled('certificate-import')).toMatchObject([{ operator: 'mbome' }]);
  });

  it.each([
    ['registered already', '1001', '~/office.der', 'déjà enregistré'],
    ['another client’s', '1002', '~/office.crt', 'déjà enregistrée autrement'],
    ['ended', '1001', '~/ended.crt', 'valable du'],
    ['of a weak key', '1001', '~/weak.crt', 'rsa 1024'],
    ['that may only sign', '1001', '~/person.crt', 'usage non permis'],
    ['of no client', '999', '~/stray.crt', 'client inconnu : 999'],
    ['of the server, without its key', '', '~/stray.crt', 'aucune clé n’attend'],
    ['no certificate at all', '1001', '~/garbage', 'illisible'],
  ])('%s is told at its field', async (_name, client, file, told) => {
    const before = await journalled('certificate-import');
    await registering(client, file);
    await type(save, new RegExp(told, 'i'));
    expect(stage.frame).toContain(file);
    expect(await journalled('certificate-import')).toHaveLength(before.length);
  });

  it('never waits for a pipe', async () => {
    execFileSync('mkfifo', [work.at('pipe')]);
    await registering('1001', '~/pipe');
    await type(save, 'Aucun fichier de ce nom');
  });

  it('of a signatory becomes his, from his line in the list', async () => {
    const { id } = await createSignatory(centre.administration, superviseur, {
      client: 1_002,
      name: 'Atangana Paul',
      quality: 'maire',
      from: '2025-01-01',
    });
    await on('signataires', 'Atangana');
    await type('e', 'Atangana Paul »');
    await type(`${paste('~/person.crt')}${save}`, 'person ›');
    await type('e', words.registration.question('person'));
    await type('o', words.registration.done('person'));
    expect(await stored('person')).toMatchObject({ client: 1_002, role: 'signatory' });
    const { certificate } = await showSignatory(centre.administration, superviseur, id);
    expect(certificate).toBe(Buffer.from(keyOf('person')).toString('hex'));
  });

  it('is asked of nobody where a list of persons has none', async () => {
    await on('signataires', 'Atangana');
    await type('/zzz', texts.signatories.nothing);
    await stage.type('\r');
    await type('e', texts.signatories.noneChosen);
  });

  it('of an operator gives him its name', async () => {
    await on('utilisateurs', texts.operators.privilegeLine(4, texts.operators.privileges[4] ?? ''));
    await type('e', 'mbome «');
    await type(`${paste('~/head.crt')}${save}`, 'head ›');
    await type('e', words.registration.question('head'));
    await type('o', words.registration.done('head'));
    expect(await stored('head')).toMatchObject({ role: 'operator' });
    expect(await centre.administration.store.operator('mbome')).toMatchObject({ certificateName: 'head' });
  });

  it('is registered from the certificates of a client, which show it then', async () => {
    await on('clients', 'Kribi');
    await type('/1000\r', 'Mbalmayo');
    await type('x', words.keys['certificate-register'].hint);
    await type('e', '1000 «');
    await type(`${paste('~/stray.crt')}${save}`, 'stray ›');
    await type('e', words.registration.question('stray'));
    await type('o', words.registration.done('stray'));
    expect(await stored('stray')).toMatchObject({ client: 1_000, role: 'station' });
  });

  it('is not entered by half where the database is lost, and is when it is back', async () => {
    await centre.system.query(`delete from certificate where key_id = $1`, [keyOf('stray')]);
    await registering('1000', '~/stray.crt');
    await type(save, 'stray ›');
    const regain = await lose(centre.system);
    await type('e', words.registration.question('stray'));
    await type('o', 'base');
    expect(stage.frame).toContain('stray ›');
    await regain();
    await type('e', words.registration.question('stray'));
    await type('o', words.registration.done('stray'));
    expect(await stored('stray')).toMatchObject({ client: 1_000 });
  });

  it('is revoked here by the list of its authority', async () => {
    await on('admettre-autorité', words.authorities.fileHint);
    await type(`${paste('~/root.crl')}${save}`, words.list.named);
    expect(stage.frame).toContain('office');
    await type('e', words.list.question(1));
    await type('o', words.list.done('CN=Racine'));
    expect(await stored('office')).toMatchObject({ revocationReason: 'superseded' });
    expect(await journalled('revocation-list-import')).toMatchObject([{ operator: 'mbome' }]);
    stage.close();
    await registering('1001', '~/office.crt');
    await type(save, 'révoqué');
  });
});

describe('a request', () => {
  it('gets its certificate, in a file and registered, once its fingerprint was compared', async () => {
    const keys = makeKey('ec');
    work.write('new.csr', requestPem(makeRequest(keys, { commonName: 'Président' })));
    const { fingerprint, keyId } = readRequest(work.read('new.csr'));
    await on('faire-certificat', words.clientHint);
    await type(`1002\t${paste('~/new.csr')}\t${paste('~/office.crt')}${save}`, 'existe déjà');
    await type(`${erase}${paste('~/absent/new.crt')}${save}`, 'ne peut pas être écrit');
    await type(`${erase}${paste('~/new.crt')}\t${erase}99${save}`, words.yearsWrong(10));
    await type(`${erase}3${save}`, 'Président');
    for (const group of fingerprint.split(' ')) expect(stage.frame).toContain(group);
    expect(existsSync(work.at('new.crt'))).toBe(false);
    await type('e', words.issuance.question('1002 Ngaoundéré I'));
    await type('o', words.issuance.done('~/new.crt'));
    expect(await findCertificate(centre.system, keyId)).toMatchObject({ client: 1_002, role: 'station' });
    work.write('ca.crt', centre.read('certificates/authority.crt'));
    expect(work.openssl('verify -x509_strict -CAfile ca.crt new.crt')).toContain('OK');
    expect(work.openssl('x509 -in new.crt -noout -subject')).toContain('Ngaound');
    expect(await journalled('certificate-issue')).toMatchObject([{ operator: 'mbome' }]);
  });

  it('leaves neither row nor file where the file cannot be written at last', async () => {
    work.write('late.csr', requestPem(makeRequest(makeKey('ec'), { commonName: 'x' })));
    const { keyId } = readRequest(work.read('late.csr'));
    await on('faire-certificat', words.clientHint);
    await type(`1002\t${paste('~/late.csr')}\t${paste('~/late.crt')}${save}`, words.asked);
    work.write('late.crt', 'somebody else’s');
    await type('e', words.issuance.question('1002 Ngaoundéré I'));
    await type('o', 'existe déjà');
    expect(await findCertificate(centre.system, keyId)).toBeUndefined();
    expect(work.read('late.crt').toString()).toBe('somebody else’s');
  });

  it('of a key that is registered otherwise is told at its field, before anybody is called', async () => {
    await on('faire-certificat', words.clientHint);
    await type(`1001\t${paste('~/new.csr')}\t${paste('~/again.crt')}${save}`, 'déjà enregistrée autrement');
    expect(existsSync(work.at('again.crt'))).toBe(false);
  });

  it('that is none is told at its field', async () => {
    await on('faire-certificat', words.clientHint);
    await type(`1002\t${paste('~/garbage')}\t${paste('~/none.crt')}${save}`, 'illisible ou refusée');
  });
});

describe('our own authority', () => {
  it('gives the server a further key, beside the old one', async () => {
    const before = centre.keys.certificates('server').length;
    await on('nouvelle-clé', texts.entry.choose);
    await type(save, words.renewal.question);
    await type('\r', texts.entry.choose);
    expect(centre.keys.certificates('server')).toHaveLength(before);
    await type(save, words.renewal.question);
    await type('o', 'Nouvelle clé du serveur : ');
    expect(centre.keys.certificates('server')).toHaveLength(before + 1);
    expect(await journalled('server-renew')).toMatchObject([{ operator: 'mbome' }]);
  });

  it('writes its revocation list, to the folder and to a file', async () => {
    await on('sécurité', texts.security.inForce);
    await type('l', words.publication.daysHint);
    await type(`\t${paste('~/own.crl')}${save}`, 'Liste n°');
    expect(work.openssl('crl -in own.crl -noout -text')).toContain('XMServer CA');
    expect(readdirSync(centre.at('certificates'))).toContain('authority.crl');
    expect(await journalled('revocation-list')).toMatchObject([{ operator: 'mbome' }]);
  });

  it.each([['faire-certificat'], ['nouvelle-clé'], ['liste-de-révocation']])(
    'says where its key is not here, before anything is typed: %s',
    async command => {
      const key = centre.at('secrets/authority.key');
      renameSync(key, `${key}.away`);
      try {
        await on(command, 'La clé de l’autorité n’est pas sur cette machine');
      } finally {
        renameSync(`${key}.away`, key);
      }
    },
  );

  it('asks nothing where there is no authority at all', async () => {
    const file = centre.at('certificates/authority.crt');
    renameSync(file, `${file}.away`);
    try {
      await on('faire-certificat', 'Aucune autorité dans');
    } finally {
      renameSync(`${file}.away`, file);
    }
  });
});

describe('who may not', () => {
  const commands = [
    'enregistrer-certificat',
    'faire-certificat',
    'admettre-autorité',
    'nouvelle-clé',
    'liste-de-révocation',
  ];

  it.each(commands)('is told which privilege it needs: %s', async command => {
    await on(command, 'rivilège 4 nécessaire', centre.ports(3));
  });

  it.each(commands)('is refused in read-only mode: %s', async command => {
    const ports = centre.ports();
    ports.readOnly = true;
    await on(command, 'ecture seule', ports);
  });

  it('is asked again before it is entered', async () => {
    work.write('slow.csr', requestPem(makeRequest(makeKey('ec'), { commonName: 'x' })));
    await on('faire-certificat', words.clientHint);
    await type(`1002\t${paste('~/slow.csr')}\t${paste('~/slow.crt')}${save}`, words.asked);
    await centre.system.query('update operator set privilege = 3');
    await type('e', words.issuance.question('1002 Ngaoundéré I'));
    await type('o', 'rivilège 4 nécessaire');
    await centre.system.query('update operator set privilege = 4');
    expect(existsSync(work.at('slow.crt'))).toBe(false);
  });

  it.skipIf(process.getuid?.() === 0)('reads no file that is not open to him', async () => {
    work.write('closed.crt', 'x');
    chmodSync(work.at('closed.crt'), 0);
    await registering('1001', '~/closed.crt');
    await type(save, 'interdit à ce compte');
  });
});

it('every act leaves the journal whole', async () => {
  await on('sécurité', texts.security.inForce);
  expect(await brokenJournalRow(centre.system)).toBeUndefined();
});
