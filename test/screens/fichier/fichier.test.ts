/** The screens of Fichier on keys: what is saved, what is refused, what is asked, what stays. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { MachineBrokers } from '../../../src/cli/machine-brokers.ts';
import { DataFolder } from '../../../src/config.ts';
import { XmError } from '../../../src/core/errors.ts';
import { makeLicenceKey } from '../../../src/core/licence-key.ts';
import { trialOperator } from '../../../src/core/operator.ts';
import { verifyPassword } from '../../../src/core/password.ts';
import { passwordHashOf } from '../../../src/db/system/operator-sheet.ts';
import { startEmbeddedBroker } from '../../../src/mqtt/embedded-broker.ts';
import { createAuthority, issueCertificate } from '../../../src/pki/authority.ts';
import { certificatePem } from '../../../src/pki/certificate.ts';
import { makeKey, writeKeyFile } from '../../../src/pki/key-file.ts';
import { consoleTexts } from '../../../src/text/console.ts';
import { open } from '../../db/databases.ts';
import type { Stage } from '../stage.tsx';
import { Centre, installation, vendorKey } from './centre.ts';

const texts = consoleTexts.fr;
const { leftOut } = texts.entry;
const { settings, security, journal, brokerTest } = texts;
const [right, down, back, save, erase] = ['\x1b[C', '\x1b[B', '\x1b', '\x13', '\x15'];
const dayMs = 86_400_000;
const paste = (text: string) => `\x1b[200~${text}\x1b[201~`;

const centre = await Centre.open(Date.now());
let stage: Stage;

afterEach(() => stage.close());
afterAll(() => centre.remove());

async function on(command: string, shown: string, ports = centre.ports()): Promise<void> {
  stage = await centre.console({ ports });
  await stage.type(`:${command}\r`);
  await stage.until(shown);
}

/** Types, and waits until the frame shows it. */
async function type(text: string, shown: string): Promise<void> {
  await stage.type(text);
  await stage.until(shown);
}

async function setting(name: string): Promise<unknown> {
  return (await centre.administration.store.settings()).get(name);
}

async function journalled(act: string): Promise<number> {
  const rows = await centre.administration.store.journalPage({ act, limit: 1_000 });
  return rows.length;
}

describe('Paramètres', () => {
  it('saves what was changed and nothing else, each a row of the journal', async () => {
    const before = await journalled('setting-change');
    await on('paramètres', 'nom du serveur');
    await stage.type(`${erase}Centre de Yaoundé\t${erase}30`);
    await type(save, settings.saved);
    expect(await setting('serverName')).toBe('Centre de Yaoundé');
    expect(await setting('cyclePeriodS')).toBe(30);
    expect(await setting('attemptDays')).toBeUndefined();
    expect(await journalled('setting-change')).toBe(before + 2);
  });

  it('saves nothing of several where one is refused, and shows which', async () => {
    await on('paramètres', 'nom du serveur');
    await stage.type(`${erase}Autre nom`);
    await stage.type(`${'\t'.repeat(8)}${erase}Naissance, Nulle`);
    await type(save, 'Nulle');
    await stage.until('Table « Nulle »');
    expect(await setting('serverName')).toBe('Centre de Yaoundé');
    expect(stage.frame).toContain('Autre nom');
  });

  it.each([
    ['empty', erase, texts.entry.required],
    ['blanks', `${erase}   `, texts.entry.required],
    ['too long', `${erase}${'é'.repeat(81)}`, texts.entry.tooLong(80)],
  ])('tells the field what is wrong: %s', async (_name, typed, told) => {
    await on('paramètres', 'nom du serveur');
    await type(typed + save, told);
  });

  it.each(['abc', '4', '3601', '1e3', '-5', '60,5'])('takes no %s for a period', async typed => {
    await on('paramètres', 'nom du serveur');
    await type(`\t${erase}${typed}${save}`, settings.numberNeeded('5', '3 600'));
    expect(await setting('cyclePeriodS')).toBe(30);
  });

  it.each([
    ['control characters are left out', paste('Cen\x07tre\x1b[31m'), 'Centre[31m', leftOut.invisible],
    ['of pasted lines the first counts', paste('Centre\nrm -rf'), 'Centre', leftOut.lines],
    ['combining accents are composed', 'Yaounde\u0301', 'Yaoundé', undefined],
    ['right-to-left text stays', 'مركز الحالة المدنية', 'مركز الحالة المدنية', undefined],
  ])('%s', async (_name, typed, kept, told) => {
    await on('paramètres', 'nom du serveur');
    await stage.type(erase + typed);
    if (told) await type(save, told.slice(0, 40));
    await type(save, settings.saved);
    expect(await setting('serverName')).toBe(kept);
  });

  it('asks before Esc drops what was typed; the safe answer stays', async () => {
    await on('paramètres', 'nom du serveur');
    await type('x', 'x');
    await type(back, texts.entry.abandon);
    await type('\r', 'nom du serveur');
    await type(back, texts.entry.abandon);
    await type('o', texts.monitor.howToLaunch.slice(0, 20));
  });

  it('leaves a form that was not touched without a question', async () => {
    await on('paramètres', 'nom du serveur');
    await type(back, texts.monitor.howToLaunch.slice(0, 20));
  });

  it('keeps the language for this machine', async () => {
    const ports = centre.ports();
    await on('paramètres', 'nom du serveur', ports);
    await stage.type(`${'\t'.repeat(10)}${right}`);
    await type(save, settings.saved);
    expect(ports.language).toBe('en');
  });

  it('keeps what was typed where the database is lost, says so, and saves it later', async () => {
    const ports = centre.ports();
    const { store } = centre.administration;
    let isLost = true;
    ports.stores = {
      ...ports.stores,
      administration: {
        ...centre.administration,
        store: {
          ...store,
          transaction: work =>
            isLost ? Promise.reject(new XmError('database-unreachable')) : store.transaction(work),
        },
      },
    };
    await on('paramètres', 'nom du serveur', ports);
    await stage.type(`${erase}Après la panne`);
    await type(save, 'injoignable');
    expect(stage.frame).toContain('Après la panne');
    isLost = false;
    await type(save, settings.saved);
    expect(await setting('serverName')).toBe('Après la panne');
  });

  it('says which privilege it needs', async () => {
    stage = await centre.console({ ports: centre.ports(2) });
    await type(':paramètres\r', 'rivilège 3 nécessaire');
  });

  it('takes reading for new clients from nobody below privilege 4', async () => {
    await centre.system.query('update operator set privilege = 3');
    await on('paramètres', 'nom du serveur', centre.ports(3));
    await stage.type(`${'\t'.repeat(9)}Naissance`);
    await type(save, 'rivilège 4 nécessaire');
    expect(await setting('defaultReads')).toEqual([]);
    await centre.system.query('update operator set privilege = 4');
  });
});

describe('Brokers', () => {
  it('are added, put to use and removed; the password is never on the screen', async () => {
    await on('brokers', settings.brokers.nothing);
    await type('s', 'Cette liste n’a qu’un ordre.');
    await type('n', settings.brokers.add);
    await stage.type(`${erase}mqtt://broker.example:1883\tcompte\tsesame`);
    expect(stage.frame).not.toContain('sesame');
    // Twice, as on a slow link: it is added once.
    await type(save + save, 'broker.example:1883. C');
    await stage.until('     1\n');
    await type('c', settings.brokers.chosen('mqtt://broker.example:1883'));
    const [broker] = await centre.administration.store.brokers();
    expect(broker).toMatchObject({ userName: 'compte', hasPassword: true, selected: true });
    await type('n', settings.brokers.add);
    await stage.type(`${erase}mqtt://other.example:1883`);
    await type(save, '     2\n');
    await type(`${down}d`, settings.brokers.remove.remove.label);
    await type('o', '     1\n');
    expect(stage.frame).toContain(settings.brokers.removed('mqtt://other.example:1883'));
  });

  it('loses its account with its name, and keeps the password where none is typed', async () => {
    await on('brokers', 'broker.example');
    await stage.type(`${down}\r`);
    await stage.until('› mqtt://broker.example:1883');
    await type(`${erase}mqtt://broker.example:1884${save}`, 'example:1884  ');
    expect(stage.frame).toContain(settings.brokers.changedInUse('mqtt://broker.example:1884'));
    expect((await centre.administration.store.brokers())[0]).toMatchObject({ hasPassword: true });
    await stage.type(`${down}\r`);
    await stage.until('› mqtt://broker.example:1884');
    await type(`\t${erase}${save}`, 'à mqtt://broker.example:1884');
    const [broker] = await centre.administration.store.brokers();
    expect(broker).toMatchObject({ hasPassword: false });
    expect(broker).not.toHaveProperty('userName');
  });

  it('are spoken to as the form says, and a field that is wrong says why', async () => {
    const { brokers } = settings;
    const workspace = mkdtempSync(join(tmpdir(), 'xms-brokers-'));
    const at = (name: string) => join(workspace, name);
    const now = Date.now();
    const authority = createAuthority({ commonName: 'Autorité du broker', now: now - 9 * dayMs, years: 20 });
    const make = (name: string, notAfter: number) => {
      const { publicKey, privateKey } = makeKey('ec');
      const subject = { commonName: name };
      const order = { subject, publicKey, role: 'station', notBefore: now - 8 * dayMs, notAfter } as const;
      writeFileSync(at(`${name}.crt`), certificatePem(issueCertificate(authority, order)));
      writeKeyFile(at(`${name}.key`), privateKey);
    };
    make('moteur', now + dayMs);
    make('ancien', now - dayMs);
    writeFileSync(at('ca.crt'), certificatePem(authority.certificate));
    const old = await startEmbeddedBroker({ host: '127.0.0.1', preferredPort: 0, accounts: [] });
    try {
      const ports = centre.ports();
      ports.brokers = new MachineBrokers(new DataFolder(at('XMSData')));
      await on('brokers', 'broker.example', ports);
      await type('n', brokers.add);
      await stage.type(`${erase}${old.url}${'\t'.repeat(3)}5`);
      await type(save, 'ne parle pas MQTT 5');
      await type('3', '3.1.1');
      await stage.type(`\t${erase}1201`);
      await type(save, settings.numberNeeded('10', '1 200'));
      await stage.type(`${erase}300\t${at('rien.crt')}`);
      await type(save, 'ENOENT');
      await type(`${erase}${at('moteur.key')}${save}`, 'ertificat illisible');
      await stage.type(`${erase}${at('ca.crt')}\t${at('ancien.crt')}`);
      await type(save, 'CN=ancien expiré');
      await type(`${erase}${at('moteur.crt')}${save}`, 'demande le fichier de sa clé');
      await type(`${at('ancien.key')}${save}`, 'celle du certificat de CN=moteur');
      await type(`${erase}${at('moteur.key')}${save}`, brokers.added(old.url));
      const kept = (await centre.administration.store.brokers()).find(({ url }) => url === old.url);
      expect(kept).toMatchObject({ mqttVersion: '3.1.1', keepAliveS: 300, clientKey: 'moteur.key' });
      expect(readFileSync(at('XMSData/secrets/moteur.key'))).toEqual(readFileSync(at('moteur.key')));
      // As it is shown it stays; emptied it goes.
      // In the list, not in the message alone.
      await stage.until(new RegExp(`${old.url}[\\s\\S]*${old.url}`));
      await stage.type(`${down}${down}\r`);
      await stage.until(`› ${old.url}`);
      await stage.until('CN=Autorité du broker');
      await stage.type(`${'\t'.repeat(5)}${erase}`);
      await type(save, brokers.changed(old.url));
      const changed = (await centre.administration.store.brokers()).find(({ url }) => url === old.url);
      expect(changed).toMatchObject({ clientCertificate: kept?.clientCertificate, clientKey: 'moteur.key' });
      expect(changed).not.toHaveProperty('authority');
      await centre.system.query('delete from broker where url = $1', [old.url]);
    } finally {
      await old.close();
      rmSync(workspace, { recursive: true });
    }
  });

  it.each(['http://x', 'mqtt://', 'mqtt://u:p@x', 'x'])('takes no %s for an address', async url => {
    await on('brokers', 'broker.example');
    await type('n', settings.brokers.add);
    await type(`${erase}${url}${save}`, 'Adresse de broker');
    expect(stage.frame).toContain(settings.brokers.add);
  });
});

describe('Tarifs', () => {
  it('are set from a day on', async () => {
    await on('tarifs', 'CERTIFY');
    await type('n', settings.tariffs.one);
    await stage.type('\t250\t\t31/12/2098');
    await type(save, settings.tariffs.states.future);
    expect(stage.frame).toContain('31/12/2098 00:00');
  });

  it.each([
    ['a letter', '\tabc', settings.tariffs.amount],
    ['a fraction of a currency without', '\t12,50', settings.tariffs.amount],
    ['no day', '\t\t\t31/02/2098', settings.tariffs.day],
  ])('are refused with %s', async (_name, typed, told) => {
    await on('tarifs', 'CERTIFY');
    await type('n', settings.tariffs.one);
    await type(typed + save, told);
  });

  it('do not begin in the past', async () => {
    await on('tarifs', 'CERTIFY');
    await type('n', settings.tariffs.one);
    await type(`\t1\t\t01/01/2020${save}`, 'passé');
    expect(stage.frame).toContain(settings.tariffs.one);
  });
});

describe('Mot de passe', () => {
  it.each([
    ['wrong', 'faux\tune phrase longue\tune phrase longue', 'mot de passe faux'],
    ['too short', 'zzzz\tcourt\tcourt', 'trop court'],
    ['typed differently', 'zzzz\tune phrase longue\tune phrase longe', 'diffèrent'],
    ['too easy', 'zzzz\tmbome mbome\tmbome mbome', 'facile'],
  ])('is not changed where it is %s', async (_name, typed, told) => {
    await on('mot-de-passe', settings.password.current);
    await stage.type(typed + save);
    await stage.until(frame => frame.toLowerCase().includes(told));
    expect(await passwordOf()).toBe('zzzz');
  });

  it('is changed, and shown nowhere', async () => {
    await on('mot-de-passe', settings.password.current);
    await stage.type('zzzz\tune phrase longue\tune phrase longue');
    expect(stage.frame).not.toMatch(/zzzz\s*$|phrase/m);
    await type(save, settings.password.changed);
    expect(await passwordOf()).toBe('une phrase longue');
  });

  async function passwordOf(): Promise<string | undefined> {
    const hash = (await passwordHashOf(centre.system, 1)) ?? '';
    for (const one of [trialOperator.password, 'une phrase longue'])
      if (await verifyPassword(one, hash)) return one;
    return undefined;
  }
});

describe('Licence', () => {
  const key = makeLicenceKey(
    { installation, clients: 5_000, holder: 'Centre national', issued: '2026-01-01' },
    vendorKey,
  );

  it('shows what is used of what is allowed', async () => {
    await on('licence', '3 sur 10');
    expect(stage.frame).toContain('1 sur 20');
    expect(stage.frame).toContain(installation);
  });

  it('tells the line that was mistyped', async () => {
    await on('licence', installation);
    await type('n', settings.licence.enter);
    const lines = key.split('\n').map((line, at) => (at === 1 ? line.replace(/.$/, '#') : line));
    await stage.type(paste(lines.join('\n')));
    await type(save, '2 :');
    const rows = stage.frame.split('\n');
    const line2 = rows.findIndex(row => row.includes(settings.licence.line(2)));
    expect(rows[line2 + 1]?.toLowerCase()).toContain('illisible');
  });

  it('is entered by a paste of all its lines', async () => {
    await on('licence', installation);
    await type('n', settings.licence.enter);
    // As a mail program sends it, with blank lines.
    await stage.type(paste(`\r\n${key.replaceAll('\n', '\r\n\r\n')}\r\n`));
    await type(save, '3 sur 5 000');
    expect(stage.frame).toContain('Centre national');
  });

  it('is entered by nobody below privilege 4', async () => {
    await on('licence', installation, centre.ports(3));
    await type('n', 'rivilège 4 nécessaire');
  });
});

describe('Sécurité', () => {
  it('revokes with a reason, after a question whose safe answer keeps it', async () => {
    const { keyId } = await centre.issue(1_001, 'Kribi', 41);
    await on('sécurité', 'Kribi');
    await type('x', security.reasons.unspecified);
    await type(`${right}${save}`, security.revoke.revoke.label);
    await type('\r', security.revoke.kept);
    expect(await revocationOf(keyId)).toBeNull();
    await type(save, security.revoke.revoke.label);
    await type('o', security.revoke.done('Kribi').slice(0, 30));
    expect(await revocationOf(keyId)).toBe('keyCompromise');
    await type('a', '  révoqué');
    await type('x', security.alreadyRevoked);
  });

  it('accepts a request after the fingerprint was compared', async () => {
    const fingerprint = await centre.fileRequest(1_000);
    await on('demandes', fingerprint.slice(0, 23));
    await type(`${down}\r`, fingerprint.slice(-5));
    await type('a', security.request.accept.label);
    await type('o', security.request.accepted('1000 Mbalmayo II'));
    await stage.until(security.request.nothing);
    const { rows } = await centre
      .ports()
      .stores.security.certificates(
        { search: '1000', sort: '', descending: false, limit: 10, from: 'start' },
        false,
      );
    expect(rows).toMatchObject([{ client: 1_000, holder: 'Mbalmayo II', state: 'valid' }]);
    expect(await journalled('request-accept')).toBe(1);
  });

  it('refuses a request with a reason, which must be given', async () => {
    const fingerprint = await centre.fileRequest(1_002);
    await on('demandes', fingerprint.slice(0, 23));
    await type(`${down}\r`, fingerprint.slice(-5));
    await type('x', security.refusal.hint);
    await type(save, texts.entry.required);
    await type(`Chiffres différents${save}`, security.request.nothing);
    expect(stage.frame).toContain(security.refusal.done('1002 Ngaoundéré I'));
  });

  it('lets nobody below privilege 4 revoke or accept, and says so', async () => {
    await centre.issue(1_002, 'Ngaoundéré I', 400);
    await on('sécurité', 'Ngaoundéré', centre.ports(3));
    await type('x', 'rivilège 4 nécessaire');
  });

  it('acts no more for who has lost the privilege since he logged in', async () => {
    await centre.system.query('update operator set privilege = 1');
    await on('sécurité', 'Ngaoundéré');
    await type('x', security.reasons.unspecified);
    await type(save, security.revoke.revoke.label);
    await type('o', 'rivilège 4 nécessaire');
    expect(stage.frame).toContain(security.revoke.reason);
    await centre.system.query('update operator set privilege = 4');
  });

  it('turns its pages in both directions', async () => {
    for (let n = 0; n < 30; n++) await centre.issue(1_001, `Poste ${n}`, 500 + n);
    await on('sécurité', 'Poste 0');
    await type('\x1b[6~', 'Poste 12');
    const second = stage.frame;
    await type('\x1b[F', 'Poste 29');
    await type('\x1b[5~', 'Poste 18');
    await type('\x1b[H', 'Poste 0 ');
    await type('\x1b[6~', 'Poste 12');
    expect(stage.frame).toBe(second);
  });

  async function revocationOf(keyId: Uint8Array): Promise<unknown> {
    const [row] = await centre.system.query<{ revocation_reason: string | null }>(
      'select revocation_reason from certificate where key_id = $1',
      [keyId],
    );
    return row?.revocation_reason;
  }
});

describe('Journal', () => {
  it('is verified, searched, and turned over in both directions', async () => {
    await on('journal', journal.acts['request-refuse']);
    await type('v', journal.whole);
    await type('/setting-', 'setting-');
    await type('\r', journal.acts['setting-change']);
    await stage.until(frame => !frame.includes(journal.acts['request-refuse']));
    await type(back, journal.acts['request-refuse']);
    const first = stage.frame;
    await type('\x1b[F', ' 1  ');
    await type('\x1b[H', journal.acts['request-refuse']);
    expect(stage.frame).toBe(first);
  });

  it('tells where it was changed behind its back', async () => {
    const other = open(centre.system.settings.database, 1);
    await other.query('alter table journal disable trigger journal_final');
    await other.query(`update journal set detail = '{}' where act = 'licence-set'`);
    await on('journal', journal.acts['request-refuse']);
    await type('v', 'Journal altéré : la ligne');
  });
});

describe('Test Broker', () => {
  it('is ended by Esc, keeps what it saw, and is left by the next', async () => {
    const ports = centre.ports();
    const asked: AbortSignal[] = [];
    ports.testing = (_onResult, signal) => {
      asked.push(signal);
      return new Promise((resolve, reject) => {
        signal.addEventListener('abort', () =>
          resolve({
            url: 'mqtt://broker.example',
            startedAt: '',
            ms: 10,
            results: [],
            verdict: { fitness: 'unknown', remarks: [] },
          }),
        );
        if (signal.aborted) reject(new Error('too late'));
      });
    };
    await on('test-broker', brokerTest.begins, ports);
    await type('r', brokerTest.runs);
    expect(asked).toHaveLength(1);
    await type(back, brokerTest.aborted);
    await type(back, texts.monitor.howToLaunch.slice(0, 20));
  });

  it('is ended when its screen is left any other way', async () => {
    const ports = centre.ports();
    const asked: AbortSignal[] = [];
    ports.testing = (_onResult, signal) => {
      asked.push(signal);
      return new Promise(() => {});
    };
    await on('test-broker', brokerTest.begins, ports);
    await type(':moniteur\r', texts.monitor.howToLaunch.slice(0, 20));
    expect(asked[0]?.aborted).toBe(true);
  });
});
