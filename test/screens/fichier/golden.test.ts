/** The screens of Fichier, and of Transmissions those beside it, as they are drawn. UPDATE_GOLDEN=1 writes them anew. */
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, it, vi } from 'vitest';
import { readAuthorities } from '../../../src/cli/pki/outside.ts';
import type { BrokerTest, Result } from '../../../src/core/broker-test.ts';
import { judge } from '../../../src/core/broker-test.ts';
import { type Language, languages } from '../../../src/core/language.ts';
import { trustAuthority } from '../../../src/db/system/trusted-authority.ts';
import { consoleTexts } from '../../../src/text/console.ts';
import { expectFrames } from '../golden-file.ts';
import type { Stage } from '../stage.tsx';
import { now as earlier, running, type StandIn } from '../stand-in.ts';
import { Centre } from './centre.ts';

const folder = join(import.meta.dirname, '../golden');

/** 1 December 2026, 08:30 UTC: the vectors' certificates have begun. */
const now = Date.UTC(2026, 11, 1, 8, 30);
const url = 'mqtts://mq.exemple.cm:8883';

const centre = await Centre.open(now);
await fill();
for (const name of ['root.crt', 'root.crl', 'office.csr', 'office.p12'])
  copyFileSync(join(import.meta.dirname, 'outside', name), centre.at(name));

let stage: Stage;

beforeEach(() => {
  process.env.TZ = 'UTC';
  vi.stubEnv('HOME', centre.at(''));
  vi.useFakeTimers({ now, toFake: ['Date'] });
});

afterEach(() => {
  stage.close();
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

afterAll(() => centre.remove());

/** All by fixed numbers and moments. */
async function fill(): Promise<void> {
  const { system } = centre;
  await system.query(
    `insert into broker (url, user_name, password, selected)
     values ($1, 'xmserver', 'secret', true), ('mqtt://127.0.0.1:1883', null, null, false)`,
    [url],
  );
  const vector = (name: string) =>
    readFileSync(new URL(`../../vectors/keys/${name}.crt`, import.meta.url), 'utf8');
  await system.query(
    `update broker set mqtt_version = '5', keep_alive_s = 300, authority = $1, client_certificate = $2,
            client_key = 'broker-client.key' where url = 'mqtt://127.0.0.1:1883'`,
    [vector('server-ec'), vector('client-ec')],
  );
  await system.query(
    `insert into tariff (service, per_act, per_kilobyte, valid_from)
     values ('CERTIFY', 250, 0, '2026-01-01Z'), ('CERTIFY', 300, 0, '2027-01-01Z'), ('IMPORT', 25, 10, '2026-11-01Z')`,
  );
  await centre.issue(1_001, 'Kribi', 41);
  await centre.fileVector('server-ec', undefined);
  await centre.fileVector('client-ec', 1_000);
  const withdrawn = await centre.fileVector('client-rsa', 1_002);
  await system.query(
    `update certificate set revoked_at = '2026-11-30T10:00Z', revocation_reason = 'superseded' where key_id = $1`,
    [withdrawn.keyId],
  );
  await centre.fileRequest(1_001, '65407 06409 25239 89806 11278 00451 93200 77146');
  await centre.fileRequest(1_002, '01945 88230 11736 20948 55310 47281 66209 31475');
  await system.query(`update certificate_request set received_at = '2026-11-30T16:20Z'`);
  const acts = [
    ['système', 'trial-data', { client: 1_000 }],
    ['mbome', 'login', {}],
    ['mbome', 'setting-change', { setting: 'serverName', before: 'XMServer', after: 'Centre national' }],
    ['os:root', 'operator-create', { operator: 'ada', before: null, after: { name: 'Ada', privilege: 3 } }],
  ] as const;
  for (const [at, [operator, act, detail]] of acts.entries()) {
    await system.query(`insert into journal (at, operator, act, detail) values ($1, $2, $3, $4)`, [
      new Date(now - 3_600_000 * (5 - at)),
      operator === 'système' ? null : operator,
      act,
      JSON.stringify(detail),
    ]);
  }
}

const results: readonly Result[] = [
  {
    capability: 'connection',
    version: '5',
    ms: 50,
    outcome: 'found',
    finding: { tcpMs: 41, tlsMs: 96.4, connackMs: 44 },
  },
  {
    capability: 'access',
    version: '5',
    ms: 50,
    outcome: 'found',
    finding: { subscribe: true, publish: true },
  },
  {
    capability: 'qos1',
    version: '5',
    ms: 50,
    outcome: 'found',
    finding: { sent: 100, received: 100, duplicates: 0, p50Ms: 42, p95Ms: 44.1, p99Ms: 51 },
  },
  { capability: 'shared', version: '5', ms: 50, outcome: 'untested', why: 'interrupted' },
  {
    capability: 'session',
    version: '5',
    ms: 50,
    outcome: 'failed',
    fault: { code: 'broker-unreachable', params: { url, detail: 'ECONNRESET' } },
  },
];

const verdict = judge(results, { tls: true, loopback: false, insecure: false });
const tested: BrokerTest = { url, startedAt: new Date(now).toISOString(), ms: 12_340, results, verdict };

function testing(ports: StandIn, isOver: boolean): StandIn {
  ports.testing = async onResult => {
    for (const result of results.slice(0, isOver ? undefined : 3)) onResult(result);
    return isOver ? tested : new Promise(() => {});
  };
  return ports;
}

interface Scene {
  /** Keys, one after the other; each waits until the frame shows what stands beside it. */
  readonly keys: (
    texts: (typeof consoleTexts)[Language],
  ) => readonly (readonly [keys: string, shown: string])[];
  readonly ports?: (ports: StandIn) => StandIn | Promise<StandIn>;
}

/** Not by an act: that would stand in the journal that is shown. */
async function trusting(ports: StandIn): Promise<StandIn> {
  const [root] = readAuthorities('root.crt', readFileSync(centre.at('root.crt')));
  if (!root) throw new Error('no authority');
  const fingerprint = Buffer.from(root.fingerprint.replaceAll(':', ''), 'hex');
  await trustAuthority(centre.system, { fingerprint, der: root.der, anchor: true });
  return ports;
}

/** An Enter right after another would be taken for one. */
const downUpEnter = '\x1b[B\x1b[A\r';

const paste = (text: string) => `\x1b[200~${text}\x1b[201~`;

const command = (name: string | undefined) => `:${name}\r`;

const scenes: Readonly<Record<string, Scene>> = {
  fichier: { keys: ({ acts }) => [['f', acts.journal.name]] },
  settings: { keys: ({ acts }) => [[command(acts.settings.commands[0]), 'Naissance, Mariage']] },
  'settings-faults': {
    keys: ({ acts, entry }) => [
      [command(acts.settings.commands[0]), 'Naissance, Mariage'],
      ['\t\x15abc\t\x15\t\x15-1\t\t\x15EURO\t\x15\x13', entry.tooLong(3)],
    ],
  },
  'settings-unsaved': {
    keys: ({ acts, entry }) => [
      [command(acts.settings.commands[0]), 'Naissance, Mariage'],
      [' de Yaoundé', 'Yaoundé'],
      ['\x1b', entry.abandon],
    ],
  },
  brokers: { keys: () => [[command('brokers'), '127.0.0.1:1883']] },
  'broker-remove': {
    keys: ({ settings }) => [
      [command('brokers'), '127.0.0.1:1883'],
      ['\x1b[B', '127.0.0.1'],
      ['d', settings.brokers.remove.remove.label],
    ],
  },
  broker: {
    keys: ({ settings }) => [
      [command('brokers'), '127.0.0.1:1883'],
      [downUpEnter, `› ${url}`],
      ['\t\thidden', settings.brokers.passwordKept],
    ],
  },
  'broker-terms': {
    ports: ports => {
      ports.brokers = { ...ports.brokers, ownSettings: ['ca', 'keepAliveS'] };
      return ports;
    },
    keys: ({ settings }) => [
      [command('brokers'), '127.0.0.1:1883'],
      ['\x1b[B', '127.0.0.1'],
      ['\r', '› mqtt://127.0.0.1:1883'],
      ['\t'.repeat(5), settings.brokers.authorityHint],
    ],
  },
  'broker-faults': {
    keys: ({ settings }) => [
      [command('brokers'), '127.0.0.1:1883'],
      [downUpEnter, `› ${url}`],
      ['\t\t\t\x1b[C\t\x155\x13', settings.numberNeeded('10', '').slice(0, 15)],
      ['\x15600\t/media/cle/ca.pem\x13', '/media/cle/ca.pem'],
      ['', 'ENOENT'],
    ],
  },
  tariffs: { keys: ({ acts }) => [[command(acts.tariffs.commands[0]), 'CERTIFY']] },
  tariff: {
    keys: ({ acts, entry, settings }) => [
      [command(acts.tariffs.commands[0]), 'CERTIFY'],
      [downUpEnter, entry.choose],
      ['\t\t\t', settings.tariffs.fromHint],
    ],
  },
  certificates: { keys: ({ acts }) => [[command(acts.certificates.commands[0]), 'client-ec']] },
  'certificates-all': {
    keys: ({ acts }) => [
      [command(acts.certificates.commands[0]), 'client-ec'],
      ['a', 'client-rsa'],
    ],
  },
  certificate: {
    keys: ({ acts }) => [
      [command(acts.certificates.commands[0]), 'client-ec'],
      ['\x1b[B\r', 'SHA-256'],
    ],
  },
  revocation: {
    keys: ({ acts, security }) => [
      [command(acts.certificates.commands[0]), 'client-ec'],
      ['\x1b[Bx', security.reasons.unspecified],
      ['\x1b[C\x13', security.revoke.revoke.label],
    ],
  },
  requests: { keys: ({ acts }) => [[command(acts.requests.commands[0]), '65407']] },
  request: {
    keys: ({ acts, security }) => [
      [command(acts.requests.commands[0]), '65407'],
      [downUpEnter, '77146'],
      ['a', security.request.accept.label],
    ],
  },
  refusal: {
    keys: ({ acts, security }) => [
      [command(acts.certificates.commands[0]), 'client-ec'],
      ['d', '65407'],
      [downUpEnter, '77146'],
      ['x', security.refusal.hint],
    ],
  },
  'own-password': {
    keys: ({ acts, settings }) => [
      [command(acts['own-password'].commands[0]), settings.password.current],
      ['old\tnew\tother\x13', settings.password.again],
    ],
  },
  licence: { keys: () => [[command('licence'), 'BYZC']] },
  'licence-key': {
    keys: ({ settings }) => [
      [command('licence'), 'BYZC'],
      ['n', settings.licence.lineHint],
    ],
  },
  journal: { keys: () => [[command('journal'), 'os:root']] },
  'journal-entry': {
    keys: () => [
      [command('journal'), 'os:root'],
      ['\x1b[B\r', '(setting-change)'],
    ],
  },
  'broker-test': {
    ports: ports => testing(ports, false),
    keys: () => [[command('test-broker'), '100/100']],
  },
  'broker-test-over': {
    ports: ports => testing(ports, true),
    keys: ({ brokerTest }) => [[command('test-broker'), brokerTest.ended]],
  },
  'certificate-register': {
    keys: ({ acts, certificateFiles }) => [
      [command(acts['certificate-register'].commands[0]), certificateFiles.clientOrServerHint],
      [paste('1002'), '1002'],
      [`\t${paste('~/office.p12')}`, 'office.p12'],
      ['\tfalse\x13', 'office.p12.'],
    ],
  },
  'certificate-unknown-issuer': {
    keys: ({ acts, certificateFiles }) => [
      [command(acts['certificate-register'].commands[0]), certificateFiles.clientOrServerHint],
      [`1002\t${paste('~/office.p12')}\t${paste('Épée')}\x13`, 'ANTIC'],
    ],
  },
  'certificate-to-register': {
    ports: trusting,
    keys: ({ acts, certificateFiles, entry }) => [
      [command(acts['certificate-register'].commands[0]), certificateFiles.clientOrServerHint],
      [`1002\t${paste('~/office.p12')}\t${paste('Épée')}\x13`, 'SHA-256'],
      ['e', entry.yes.label],
    ],
  },
  'certificate-issue': {
    keys: ({ acts, certificateFiles }) => [
      [command(acts['certificate-issue'].commands[0]), certificateFiles.clientHint],
      [`1000\t${paste('~/office.csr')}\t${paste('centre.crt')}\x13`, certificateFiles.whole],
    ],
  },
  'certificate-to-issue': {
    keys: ({ acts, certificateFiles, entry }) => [
      [command(acts['certificate-issue'].commands[0]), certificateFiles.clientHint],
      [`1000\t${paste('~/office.csr')}\t${paste('~/centre.crt')}\x13`, 'Mairie'],
      ['e', entry.yes.label],
    ],
  },
  'authority-import': {
    keys: ({ acts, certificateFiles }) => [
      [command(acts['authority-import'].commands[0]), certificateFiles.authorities.notes[0] ?? ''],
      [`${paste('~/office.crt')}\x13`, '~/office.crt'],
    ],
  },
  'authority-to-trust': {
    keys: ({ acts, certificateFiles, entry }) => [
      [command(acts['authority-import'].commands[0]), certificateFiles.authorities.notes[0] ?? ''],
      [`${paste('~/root.crt')}\x13`, 'SHA-256'],
      ['e', entry.yes.label],
    ],
  },
  authorities: {
    ports: trusting,
    keys: ({ acts, certificateFiles }) => [
      [command(acts.authorities.commands[0]), certificateFiles.authorities.anchor],
    ],
  },
  authority: {
    ports: trusting,
    keys: ({ acts, certificateFiles }) => [
      [command(acts.authorities.commands[0]), certificateFiles.authorities.anchor],
      ['\x1b[B\r', '› Racine nationale'],
    ],
  },
  'list-to-take': {
    ports: trusting,
    keys: ({ acts, certificateFiles, entry }) => [
      [command(acts['authority-import'].commands[0]), certificateFiles.authorities.notes[0] ?? ''],
      [`${paste('~/root.crl')}\x13`, certificateFiles.list.named],
      ['e', entry.yes.label],
    ],
  },
  'server-renew': {
    keys: ({ acts, certificateFiles, entry }) => [
      [command(acts['server-renew'].commands[0]), certificateFiles.renewal.notes[0] ?? ''],
      ['\x13', entry.yes.label],
    ],
  },
  'revocation-list': {
    keys: ({ acts, certificateFiles }) => [
      [command(acts['revocation-list'].commands[0]), certificateFiles.publication.daysHint],
      ['\x15999\x13', certificateFiles.publication.daysWrong],
    ],
  },
  subscription: {
    ports: ports => {
      const broker = { ...running.broker, subscriptions: ['$share/xms/xms/u/+'] };
      ports.engine.status = { ...running, startedAt: now - (earlier - running.startedAt), broker };
      return ports;
    },
    keys: () => [[command('subscribe'), '$share/xms']],
  },
};

describe.each(languages)('%s', language => {
  it.each(Object.entries(scenes))('%s', async (name, { keys, ports = made => made }) => {
    await centre.system.query('delete from trusted_authority');
    stage = await centre.console({ language, ports: await ports(centre.ports()) });
    for (const [text, shown] of keys(consoleTexts[language])) {
      await stage.type(text);
      await stage.until(shown);
    }
    await expectFrames(stage, folder, name, language);
  });
});
