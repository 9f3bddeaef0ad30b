/**
 * A working day of a centre, typed at a terminal of 80 × 24 as its operator types it: the built console and engine, a
 * real PostgreSQL, Mosquitto, and offices that send sealed acts.
 */
import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Language } from '../../src/core/language.ts';
import { hashPassword } from '../../src/core/password.ts';
import { CalendarDate, type Value } from '../../src/core/record.ts';
import { createOperator } from '../../src/db/system/operator.ts';
import type { Office } from '../site/enrol.ts';
import { Senders, sealLoad, sealRecords } from '../site/load.ts';
import { makeSite, type Site } from '../site/site.ts';
import { TerminalSession } from './terminal-session.ts';

const program = join(import.meta.dirname, '..', '..', 'bin', 'xmserver.js');
const [enter, esc, save, home, ctrlC] = ['\r', '\x1b', '\x13', '\x1b[H', '\x03'] as const;
const password = 'trois chats gris';

let site: Site;
let senders: Senders;
const sessions: TerminalSession[] = [];

beforeAll(async () => {
  site = await makeSite(2, 'ec');
  senders = await Senders.connect(site.broker.url, 2);
  const passwordHash = await hashPassword(password);
  await createOperator(site.system, { userName: 'awa', name: 'Awa Ngo', privilege: 3, passwordHash });
});

afterAll(async () => {
  for (const session of sessions) if (session.running) session.kill('SIGKILL');
  // The console has launched the engine: it is no child of the site.
  await xmserver('stop');
  await senders.close();
  await site.close();
});

/** What the operator types and reads, in his language. */
interface Words {
  readonly connexion: RegExp;
  readonly login: RegExp;
  readonly opened: RegExp;
  readonly noEngine: RegExp;
  readonly running: RegExp;
  readonly creation: RegExp;
  readonly created: RegExp;
  readonly recharging: RegExp;
  readonly recharged: RegExp;
  /** The name of its command. */
  readonly monitor: string;
  readonly today: string;
  /** Of the newest few: an act that was filed, or the receipts that followed. */
  readonly eventLine: RegExp;
  readonly refusedLine: RegExp;
  /** Found by these letters. */
  readonly refused: string;
  readonly filed: string;
  readonly reason: RegExp;
  readonly rights: RegExp;
  readonly noRight: RegExp;
  /** The first letter of the choice. */
  readonly write: string;
  readonly granted: RegExp;
  readonly retried: RegExp;
  readonly tested: RegExp;
  readonly fit: RegExp;
  /** The name of its command. */
  readonly logout: string;
  readonly closed: RegExp;
  readonly quit: RegExp;
  readonly yes: string;
}

const words: Readonly<Record<Language, Words>> = {
  fr: {
    connexion: /Connexion à PostgreSQL[\s\S]*n’accepte pas ce mot/,
    login: /Nom utilisateur/,
    opened: /Session ouverte : Awa Ngo, privilège 3\./,
    noEngine: /Aucun moteur en marche/,
    running: /moteur . en marche/,
    creation: /Créer un client/,
    created: /Client créé : matricule 1000, Lycée d’Édéa\./,
    recharging: /› Recharge[\s\S]*montant XAF/,
    recharged: /12 500 XAF crédités, solde 12 500 XAF : client 1000 « Lycée d’Édéa »\./,
    monitor: 'moniteur',
    today: 'aujourd’hui',
    eventLine: /Centre \d +(classé +Naissance +n° \d|envoyé +reçu)/,
    refusedLine: /10001 Centre 1 +REFUSÉ +table « Diplome » non autorisée/,
    refused: 'refus',
    filed: 'classé',
    reason: /sort +REFUSÉ\n +motif +table « Diplome » non autorisée/,
    rights: /Droits sur les tables[\s\S]*client +10001 « Centre 1 »/,
    noRight: /Diplome ▸ni écrire ni lire/,
    write: 'é',
    granted: /Client 10001 « Centre 1 » : droits enregistrés\./,
    retried: /Traité : classé, n° 1\./,
    tested: /Test terminé\./,
    fit: /Verdict : APTE pour XMServer/,
    logout: 'fermer',
    closed: /Session fermée\./,
    quit: /Quitter XMServer \? Le moteur continue sans la console\./,
    yes: 'o',
  },
  en: {
    connexion: /Connection to PostgreSQL[\s\S]*does not accept this/,
    login: /User name/,
    opened: /Logged in: Awa Ngo, privilege 3\./,
    noEngine: /No engine is running/,
    running: /engine . running/,
    creation: /Create a client/,
    created: /Client created: matricule 1001, Buea High School\./,
    recharging: /› Recharge[\s\S]*amount XAF/,
    recharged: /12,500 XAF credited, balance 12,500 XAF: client 1001 "Buea High School"\./,
    monitor: 'monitor',
    today: 'today',
    eventLine: /Centre \d +(filed +Naissance +no\. \d|sent +receipt)/,
    refusedLine: /10000 Centre 0 +REFUSED +table "Diplome" not granted/,
    refused: 'refus',
    filed: 'filed',
    reason: /outcome +REFUSED\n +reason +table "Diplome" not granted/,
    rights: /Rights on tables[\s\S]*client +10000 "Centre 0"/,
    noRight: /Diplome ▸neither write nor read/,
    write: 'w',
    granted: /Client 10000 "Centre 0": rights saved\./,
    retried: /Done: filed, no\. 2\./,
    tested: /Test over\./,
    fit: /Verdict: FIT for XMServer/,
    logout: 'logout',
    closed: /Logged out\./,
    quit: /Quit XMServer\? The engine goes on without the console\./,
    yes: 'y',
  },
};

/** What a school sends, which only offices of civil registration may from the beginning. */
const diploma = new Map<string, Value>([
  ['Numero', 1],
  ['Status', 2],
  ['NumeroDiplome', 'BAC-2026-0117'],
  ['Etablissement', 'Lycée d’Édéa'],
  ['Intitule', 'Baccalauréat'],
  ['Specialite', 'série D'],
  ['Session', 'juin 2026'],
  ['Mention', 'assez bien'],
  ['Nom', 'EYOUM'],
  ['Prenoms', 'Perpétue'],
  ['Sexe', 'F'],
  ['DateNaissance', new CalendarDate(14_000)],
  ['LieuNaissance', 'Édéa'],
  ['DateDelivrance', new CalendarDate(20_600)],
  ['Signataire', null],
]);

interface Counts {
  readonly received: number;
  readonly filed: number;
  readonly refused: number;
}

interface Day {
  readonly language: Language;
  /** What is typed into the form of a new client. */
  readonly client: readonly [name: string, town: string, telephone: string];
  readonly matricule: number;
  readonly receipt: string;
  /** Today's counters in the morning. */
  readonly before: Counts;
  readonly acts: number;
  /** Which office sends what it has no right to. */
  readonly school: 0 | 1;
  readonly isFirst: boolean;
}

/** What is done in the console, step by step; `see` is what the operator waits for. */
async function work(day: Day): Promise<void> {
  const { language, before, acts, isFirst } = day;
  const say = words[language];
  const school = site.offices[day.school] as Office;
  const { password: ofPostgres, ...server } = site.postgres.server;
  // Asked for whenever it does not let in (guide §5.3.1): here because the password is not kept.
  if (isFirst) rmSync(secret('database-password'));
  const session = open(language);
  const see = (pattern: RegExp) => session.see(pattern);
  const type = (...keys: string[]) => session.type(keys.join(''));
  const counted = (received: number, filed: number, refused: number) =>
    see(
      new RegExp(
        `${say.today} +${before.received + received} +${before.filed + filed} +${before.refused + refused} `,
      ),
    );

  if (isFirst) {
    expect(await see(say.connexion)).toContain(server.host);
    type(ofPostgres, save);
  }
  await see(say.login);
  if (isFirst) expect(readFileSync(secret('database-password'), 'utf8').trim()).toBe(ofPostgres);
  expect(session.raw).not.toContain(ofPostgres);
  type('awa\t', password, enter);
  await see(say.opened);
  await see(isFirst ? say.noEngine : say.running);

  type(':clients', enter);
  await see(/10000 +Centre 0/);
  type('n');
  await see(say.creation);
  type(day.client.join('\t'), save);
  await see(say.created);
  type('$');
  await see(say.recharging);
  type('12500\t', day.receipt, save);
  await see(say.recharged);

  type(`:${say.monitor}`, enter);
  // A key that comes with the Enter is not lost.
  if (isFirst) type('l');
  await see(say.running);
  const load = await sealLoad(site, acts, true, before.received + 1);
  await senders.send(load.slice(0, acts / 2), 1);
  await counted(acts / 2, acts / 2, 0);
  await see(say.eventLine);
  await senders.send(load.slice(acts / 2), 1);
  await counted(acts, acts, 0);
  await senders.send(await sealRecords(site, school, [diploma], { table: 'Diplome' }), 1);
  await counted(acts + 1, acts, 1);
  await see(say.refusedLine);

  const refused = before.received + acts + 1;
  const refusedRow = new RegExp(
    `▸ +${refused} .*${school.matricule} .*${say.refused}[^\n]* +table \\W+Dipl`,
    'i',
  );
  type(':messages', enter);
  await see(refusedRow);
  type('/', say.refused, enter);
  await see(new RegExp(`/ ${say.refused}`));
  type(home, enter);
  await see(say.reason);

  type(`:clients ${school.matricule}`, enter);
  await see(new RegExp(`› ${school.matricule} `));
  type('d');
  await see(say.rights);
  type('\t\t\t');
  await see(say.noRight);
  type(say.write, save);
  await see(say.granted);

  type(':messages', enter);
  await see(refusedRow);
  type('x');
  await see(say.retried);
  await counted(acts + 2, acts + 1, 1);
  type('/', esc);
  await see(new RegExp(`${refused + 1} .*${school.matricule} .*${say.filed} +\\d+ +Diplome`));

  if (isFirst) {
    type(':test-broker', enter);
    await see(say.tested);
    await see(say.fit);
  }

  type(`:${say.logout}`, enter);
  await see(say.closed);
  await see(say.login);
  type(ctrlC);
  await see(say.quit);
  type(say.yes);
  expect(await session.exited).toBe(0);
  expect(session.onAlternateScreen).toBe(false);
  expect(session.cursorHidden).toBe(false);
}

/** What the day has left in the databases. */
async function expectFiled({
  client: [name, town, telephone],
  matricule,
  before,
  acts,
  school,
  isFirst,
}: Day) {
  const office = 10_000 + school;
  expect(
    await site.system.query('select nom, ville, telephone, status from client where matricule = $1', [
      matricule,
    ]),
  ).toEqual([{ nom: name, ville: town, telephone, status: 2 }]);
  expect(await site.system.query('select kind, amount from movement where client = $1', [matricule])).toEqual(
    [{ kind: 'recharge', amount: 12_500n }],
  );
  expect(
    await site.system.query(
      `select may_write, may_read from access_right where client = $1 and table_name = 'Diplome'`,
      [office],
    ),
  ).toEqual([{ may_write: true, may_read: false }]);
  const births = before.filed + acts - (isFirst ? 0 : 1);
  expect(await countOf('"Naissance" where "Status" = 2')).toBe(births);
  expect(await countOf(`"Diplome" where "Status" = 2 and "NumeroDiplome" = 'BAC-2026-0117'`)).toBe(
    isFirst ? 1 : 2,
  );
  const filed = before.filed + acts + 1;
  expect(await countOf('xms.provenance')).toBe(filed);
  const done = await site.system.query<{ act: string }>(
    `select act from journal where operator = 'awa' order by id desc limit $1`,
    [isFirst ? 6 : 5],
  );
  expect(done.map(({ act }) => act).reverse()).toEqual([
    'login',
    'client-create',
    'account-recharge',
    ...(isFirst ? ['engine-launch'] : []),
    'client-rights',
    'message-retry',
  ]);
}

async function countOf(rows: string): Promise<number> {
  const [found] = await site.documents.query<{ count: bigint }>(`select count(*) from ${rows}`);
  return Number(found?.count);
}

const secret = (name: string) => join(site.home, 'XMSData', 'secrets', name);

function open(language: Language): TerminalSession {
  const session = new TerminalSession({
    file: process.execPath,
    args: [program, '--data', join(site.home, 'XMSData'), '--lang', language],
    env: environment(),
    cwd: site.home,
  });
  sessions.push(session);
  return session;
}

const environment = (): NodeJS.ProcessEnv => ({
  PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
  HOME: site.home,
  TERM: 'xterm-256color',
});

async function xmserver(...args: string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [program, ...args, '--data', join(site.home, 'XMSData')], {
    env: environment(),
    cwd: site.home,
  });
}

const days: readonly Day[] = [
  {
    language: 'fr',
    client: ['Lycée d’Édéa', 'Édéa', '+237 699 11 22 33'],
    matricule: 1_000,
    receipt: 'R-2026-117',
    before: { received: 0, filed: 0, refused: 0 },
    acts: 100,
    school: 1,
    isFirst: true,
  },
  {
    language: 'en',
    client: ['Buea High School', 'Buea', '+237 677 44 55 66'],
    matricule: 1_001,
    receipt: 'R-2026-118',
    before: { received: 102, filed: 101, refused: 1 },
    acts: 20,
    school: 0,
    isFirst: false,
  },
];

describe('a working day at the console', () => {
  it.each(days)(
    'goes from the connection through a refused act to the logout: $language',
    async day => {
      await work(day);
      await expectFiled(day);
    },
    90_000,
  );
});
