/** `xmserver`: the console and what runs behind it. Each command is loaded when it is called. */
import { DataFolder } from '../config.ts';
import { XmError } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import { defaultDataFolder } from '../environment.ts';
import { programTexts } from '../text/program.ts';
import { accountFlags, accountHelp, isClientAccountAct } from './account-call.ts';
import { administrationFlags, administrationHelp, families, isFamily } from './administration/call.ts';
import { notify } from './background.ts';
import { languageOf, noArguments, reportError } from './command-line.ts';
import { licenceFlags, licenceHelp } from './licence-call.ts';
import { type Program, parseCommandLine } from './parse-command-line.ts';
import { pkiFlags, pkiHelp } from './pki-call.ts';
import { t2dHelp } from './t2d-call.ts';

const flags = {
  data: { type: 'string' },
  lang: { type: 'string' },
  json: { type: 'boolean', default: false },
  embedded: { type: 'boolean', default: false },
  plain: { type: 'boolean', default: false },
  readOnly: { type: 'boolean', default: false },
  engine: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'number' },
  user: { type: 'string' },
  broker: { type: 'string' },
  brokerUser: { type: 'string' },
  brokerCa: { type: 'string' },
  brokerCert: { type: 'string' },
  brokerKey: { type: 'string' },
  sslmode: { type: 'string' },
  databaseCa: { type: 'string' },
  operator: { type: 'string' },
  refused: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  before: { type: 'number' },
  limit: { type: 'number' },
  otherUser: { type: 'string' },
  ca: { type: 'string' },
  insecure: { type: 'boolean', default: false },
  mqtt: { type: 'string' },
  maxPayload: { type: 'number' },
  timeout: { type: 'number' },
  ...pkiFlags,
  ...administrationFlags,
  ...accountFlags,
  ...licenceFlags,
} as const;

const program: Program<typeof flags> = {
  name: 'xmserver',
  commands: [
    'engine',
    'services',
    'status',
    'stop',
    'init',
    'setup',
    'pki',
    'message',
    'account',
    'licence',
    'test-broker',
    't2d',
    ...families,
  ],
  flags,
  help: {
    fr: `
  xmserver                      ouvre la console ; sans terminal, écrit l’état ligne par ligne
  xmserver --plain              la console en lignes, pour lecteurs d’écran (aussi : TERM=dumb)
  xmserver --read-only          la console pour regarder : rien n’est lancé, rien ne se change
  xmserver engine [--embedded] [--engine NOM]
                                le moteur de transmission, au premier plan ; --embedded : apporte
                                PostgreSQL et le broker ; --engine : un de plus sur cette machine
  xmserver status [--json]      ce qui tourne, et ses compteurs
  xmserver message list [--refused] [--client MATRICULE] [--before N] [--limit 50]
                                le journal des messages, les plus récents d’abord
  xmserver message show N       un message : ce qu’il est devenu, son contenu, ses octets
  xmserver message retry N …|--all
                                reprend ce qui a été refusé
  xmserver message sent [N] [--client MATRICULE] [--before N] [--limit 50]
                                ce qui a été envoyé, le plus récent d’abord ; N : l’un d’eux
  xmserver message resend N …   envoie encore une fois les mêmes octets
  xmserver test-broker [URL] [--mqtt 3|5|both] [--user NOM] [--other-user NOM] [--password-stdin]
                [--ca FICHIER] [--insecure] [--max-payload OCTETS] [--timeout SECONDES] [--json]
                [--broker-cert FICHIER --broker-key FICHIER]
                                ce que le broker sait faire, et s’il convient ; sans URL : celui de
                                l’installation, comme y vont ses moteurs. Mots de passe, un par ligne, sur l’entrée standard
  xmserver t2d import|export …  les SDC en fichiers, sans réseau : xmserver t2d --help
  xmserver stop                 arrête le moteur, le poste d’essai et les services embarqués
  xmserver services             PostgreSQL et broker embarqués, au premier plan
  xmserver setup [--plain]      installe pas à pas, dans la console : connexion à PostgreSQL, premier
                                utilisateur, broker, premier client. On peut s’arrêter à chaque pas
                                et y revenir par la même commande
  xmserver init --host HÔTE [--port 5432] --user NOM [--broker mqtt://HÔTE:1883]
                [--broker-user NOM] [--operator NOM]
                [--sslmode disable|require|verify-ca|verify-full] [--database-ca FICHIER]
                [--broker-ca FICHIER] [--broker-cert FICHIER --broker-key FICHIER]
                                installe sur un PostgreSQL existant : crée les bases, l’autorité,
                                le certificat du serveur et le premier utilisateur.
                                Mots de passe : PGPASSWORD et XMS_BROKER_PASSWORD ; celui de
                                l’utilisateur est demandé, ou lu sur l’entrée standard.
                                --…-ca : qui garantit le certificat de PostgreSQL, du broker (PEM) ;
                                sans elle, les autorités du système et la nôtre. Ceux du broker
                                vont dans la base, sa clé dans secrets/ : xmserver broker --help
  xmserver pki …                autorité, certificats, demandes, révocation : xmserver pki --help
  xmserver client|operator|signatory|setting|broker|journal …
                                clients, utilisateurs, signataires, réglages, brokers, journal des
                                actes : chacun a son --help
  xmserver account …            recharges, corrections, factures, relevés, tarifs : account --help
  xmserver licence …            la clé de licence : xmserver licence --help

Options
  --data DOSSIER   dossier de données (par défaut $XDG_DATA_HOME/XMSData, ~/.local/share/XMSData)
  --lang fr|en     langue
  --help           cette aide
  --version        version

Codes de sortie : 0 fait · 1 échec · 2 appel incorrect · 3 aucun moteur en marche (status)
                  5 messages encore refusés (retry)
                  test-broker : 0 apte, aussi avec un seul moteur · 1 inapte ou indécis`,
    en: `
  xmserver                      opens the console; without a terminal, writes the state line by line
  xmserver --plain              the console in lines, for screen readers (as with TERM=dumb)
  xmserver --read-only          the console to look: nothing is started, nothing can be changed
  xmserver engine [--embedded] [--engine NAME]
                                the transmission engine, in the foreground; --embedded: brings
                                PostgreSQL and the broker along; --engine: one more on this machine
  xmserver status [--json]      what runs, and its counters
  xmserver message list [--refused] [--client MATRICULE] [--before N] [--limit 50]
                                the journal of messages, the newest first
  xmserver message show N       one message: what became of it, its contents, its bytes
  xmserver message retry N …|--all
                                tries again what was refused
  xmserver message sent [N] [--client MATRICULE] [--before N] [--limit 50]
                                what was sent, the newest first; N: one of them
  xmserver message resend N …   sends the same bytes once more
  xmserver test-broker [URL] [--mqtt 3|5|both] [--user NAME] [--other-user NAME] [--password-stdin]
                [--ca FILE] [--insecure] [--max-payload BYTES] [--timeout SECONDS] [--json]
                [--broker-cert FILE --broker-key FILE]
                                what the broker can do, and whether it will do; without a URL: that
                                of the installation, as its engines go there. Passwords, one a line, on standard input
  xmserver t2d import|export …  SDCs as files, without a network: xmserver t2d --help
  xmserver stop                 stops the engine, the trial station and the embedded services
  xmserver services             embedded PostgreSQL and broker, in the foreground
  xmserver setup [--plain]      installs step by step, in the console: connection to PostgreSQL,
                                first operator, broker, first client. It can be left at any step and
                                taken up again by the same command
  xmserver init --host HOST [--port 5432] --user NAME [--broker mqtt://HOST:1883]
                [--broker-user NAME] [--operator NAME]
                [--sslmode disable|require|verify-ca|verify-full] [--database-ca FILE]
                [--broker-ca FILE] [--broker-cert FILE --broker-key FILE]
                                installs on an existing PostgreSQL: creates the databases, the
                                authority, the server's certificate and the first operator.
                                Passwords: PGPASSWORD and XMS_BROKER_PASSWORD; the operator's is
                                asked for, or read from standard input.
                                --…-ca: who vouches for the certificate of PostgreSQL, of the broker
                                (PEM); without it, the system's authorities and ours. The broker's
                                go into the database, its key into secrets/: xmserver broker --help
  xmserver pki …                authority, certificates, requests, revocation: xmserver pki --help
  xmserver client|operator|signatory|setting|broker|journal …
                                clients, operators, signatories, settings, brokers, journal of
                                acts: each has its --help
  xmserver account …            recharges, corrections, invoices, statements, tariffs: account --help
  xmserver licence …            the licence key: xmserver licence --help

Options
  --data FOLDER    data folder (by default $XDG_DATA_HOME/XMSData, ~/.local/share/XMSData)
  --lang fr|en     language
  --help           this help
  --version        version

Exit codes: 0 done · 1 failed · 2 wrong call · 3 no engine running (status)
            5 messages refused again (retry)
            test-broker: 0 fit, also with one engine only · 1 not fit or undecided`,
  },
};

/** Commands of several words, whose help is their own. */
const helpOf = new Map([
  ['pki', pkiHelp],
  ['account', accountHelp],
  ['licence', licenceHelp],
  ['t2d', t2dHelp],
  ...families.map(family => [family, administrationHelp[family]] as const),
]);

const withArguments = ['pki', 'message', 'account', 'licence', 'test-broker', 't2d'];

async function run(argv: readonly string[]): Promise<number> {
  const { command, args, flags, language } = parseCommandLine(
    { ...program, help: helpOf.get(argv[0] ?? '') ?? program.help },
    argv,
  );
  if (!isFamily(command) && !withArguments.some(one => one === command)) noArguments(args, language);
  const folder = new DataFolder(flags.data ?? defaultDataFolder());
  if (command === 'account' || (command === 'client' && isClientAccountAct(args[0]))) {
    return (await import('./account.ts')).runAccount(folder, args, flags, language);
  }
  if (isFamily(command)) {
    const { runAdministration } = await import('./administration.ts');
    return runAdministration(command, args, { folder, flags, language });
  }
  switch (command) {
    case undefined:
      // On a terminal it was not opened as a screen: this one cannot do that, or is not to.
      if (flags.plain || (process.stdin.isTTY && process.stdout.isTTY))
        return runInLines(folder, language, flags.readOnly);
      return (await import('./plain.ts')).runPlain(folder, language);
    case 'engine':
      return (await import('./engine.ts')).runEngine(folder, {
        embedded: flags.embedded,
        ...(flags.engine === undefined ? {} : { name: engineName(flags.engine, language) }),
      });
    case 'services':
      return (await import('./services.ts')).runServices(folder);
    case 'status':
      return (await import('./status.ts')).runStatus(folder, flags.json, language);
    case 'stop':
      return (await import('./stop.ts')).runStop(folder, language);
    case 'message':
      return (await import('./message.ts')).runMessage(folder, args, flags, language);
    case 'test-broker':
      return (await import('./test-broker.ts')).runTestBroker(folder, args, flags, language);
    case 'pki':
      return (await import('./pki.ts')).runPki(args, { folder, flags, language });
    case 'licence':
      return (await import('./licence.ts')).runLicence(folder, args, flags, language);
    case 't2d':
      return (await import('./t2d.ts')).runT2d(folder, args, flags, language);
    case 'setup':
      if (flags.readOnly) throw new XmError('read-only');
      // On a terminal it was not opened as a screen: this one cannot do that, or is not to.
      if (flags.plain || (process.stdin.isTTY && process.stdout.isTTY))
        return runInLines(folder, language, false, true);
      throw new XmError('usage', { detail: programTexts[language].setupNeedsTerminal });
    case 'init':
      return (await import('./init.ts')).runInit(folder, flags, language);
    default:
      throw new XmError('usage', { detail: command });
  }
}

async function runInLines(
  folder: DataFolder,
  language: Language,
  readOnly: boolean,
  setup = false,
): Promise<number> {
  return (await import('./plain-console.ts')).runPlainConsole(folder, language, { readOnly, setup });
}

/** Part of file names and of the client id at the broker. Throws `usage`. */
function engineName(name: string, language: Language): string {
  if (/^\w{1,32}$/.test(name)) return name;
  throw new XmError('usage', { detail: programTexts[language].engineNameNeeded });
}

/** Returns the exit code; prints what went wrong. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  try {
    return await run(argv);
  } catch (error) {
    if (error instanceof XmError) notify({ kind: 'failed', code: error.code, params: error.params });
    return reportError('xmserver', error, languageOf(argv));
  } finally {
    // Whoever started this process in the background waits for no more.
    if (process.connected) process.disconnect();
  }
}
