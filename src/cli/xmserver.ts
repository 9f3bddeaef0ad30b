/** `xmserver`: the console and what runs behind it. Each command is loaded when it is called. */
import { DataFolder, defaultDataFolder, terminalEnvironment } from '../config.ts';
import type { ConsolePorts } from '../core/console-ports.ts';
import { XmError } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import { programTexts } from '../text/program.ts';
import { administrationFlags, administrationHelp, families, isFamily } from './administration/call.ts';
import { notify } from './background.ts';
import { languageOf, noArguments, type Program, parseCommandLine, reportError } from './command-line.ts';
import { pkiFlags, pkiHelp } from './pki-call.ts';

const flags = {
  data: { type: 'string' },
  lang: { type: 'string' },
  json: { type: 'boolean', default: false },
  embedded: { type: 'boolean', default: false },
  engine: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'number' },
  user: { type: 'string' },
  broker: { type: 'string' },
  brokerUser: { type: 'string' },
  operator: { type: 'string' },
  refused: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  before: { type: 'number' },
  limit: { type: 'number' },
  ...pkiFlags,
  ...administrationFlags,
} as const;

const program: Program<typeof flags> = {
  name: 'xmserver',
  commands: ['engine', 'services', 'status', 'stop', 'init', 'pki', 'message', ...families],
  flags,
  help: {
    fr: `
  xmserver                      ouvre la console ; sans terminal, écrit l’état ligne par ligne
  xmserver engine [--embedded] [--engine NOM]
                                le moteur de transmission, au premier plan ; --embedded : apporte
                                PostgreSQL et le broker ; --engine : un de plus sur cette machine
  xmserver status [--json]      ce qui tourne, et ses compteurs
  xmserver message list [--refused] [--client MATRICULE] [--before N] [--limit 50]
                                le journal des messages, les plus récents d’abord
  xmserver message show N       un message : ce qu’il est devenu, son contenu, ses octets
  xmserver message retry N …|--all
                                reprend ce qui a été refusé
  xmserver stop                 arrête le moteur, le poste d’essai et les services embarqués
  xmserver services             PostgreSQL et broker embarqués, au premier plan
  xmserver init --host HÔTE [--port 5432] --user NOM [--broker mqtt://HÔTE:1883]
                [--broker-user NOM] [--operator NOM]
                                installe sur un PostgreSQL existant : crée les bases, l’autorité,
                                le certificat du serveur et le premier utilisateur.
                                Mots de passe : PGPASSWORD et XMS_BROKER_PASSWORD ; celui de
                                l’utilisateur est demandé, ou lu sur l’entrée standard
  xmserver pki …                autorité, certificats, demandes, révocation : xmserver pki --help
  xmserver client|operator|signatory|setting|broker|journal …
                                clients, utilisateurs, signataires, réglages, brokers, journal des
                                actes : chacun a son --help

Options
  --data DOSSIER   dossier de données (par défaut $XDG_DATA_HOME/XMSData, ~/.local/share/XMSData)
  --lang fr|en     langue
  --help           cette aide
  --version        version

Codes de sortie : 0 fait · 1 échec · 2 appel incorrect · 3 aucun moteur en marche (status)
                  5 messages encore refusés (retry)`,
    en: `
  xmserver                      opens the console; without a terminal, writes the state line by line
  xmserver engine [--embedded] [--engine NAME]
                                the transmission engine, in the foreground; --embedded: brings
                                PostgreSQL and the broker along; --engine: one more on this machine
  xmserver status [--json]      what runs, and its counters
  xmserver message list [--refused] [--client MATRICULE] [--before N] [--limit 50]
                                the journal of messages, the newest first
  xmserver message show N       one message: what became of it, its contents, its bytes
  xmserver message retry N …|--all
                                tries again what was refused
  xmserver stop                 stops the engine, the trial station and the embedded services
  xmserver services             embedded PostgreSQL and broker, in the foreground
  xmserver init --host HOST [--port 5432] --user NAME [--broker mqtt://HOST:1883]
                [--broker-user NAME] [--operator NAME]
                                installs on an existing PostgreSQL: creates the databases, the
                                authority, the server's certificate and the first operator.
                                Passwords: PGPASSWORD and XMS_BROKER_PASSWORD; the operator's is
                                asked for, or read from standard input
  xmserver pki …                authority, certificates, requests, revocation: xmserver pki --help
  xmserver client|operator|signatory|setting|broker|journal …
                                clients, operators, signatories, settings, brokers, journal of
                                acts: each has its --help

Options
  --data FOLDER    data folder (by default $XDG_DATA_HOME/XMSData, ~/.local/share/XMSData)
  --lang fr|en     language
  --help           this help
  --version        version

Exit codes: 0 done · 1 failed · 2 wrong call · 3 no engine running (status)
            5 messages refused again (retry)`,
  },
};

async function run(argv: readonly string[]): Promise<number> {
  const { command, args, flags, language } = parseCommandLine({ ...program, help: helpOf(argv[0]) }, argv);
  if (command !== 'pki' && command !== 'message' && !isFamily(command)) noArguments(args, language);
  const folder = new DataFolder(flags.data ?? defaultDataFolder());
  if (isFamily(command)) {
    const { runAdministration } = await import('./administration.ts');
    return runAdministration(command, args, { folder, flags, language });
  }
  switch (command) {
    case undefined:
      return runConsoleOrPlain(folder, language);
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
    case 'pki':
      return (await import('./pki.ts')).runPki(args, { folder, flags, language });
    case 'init':
      return (await import('./init.ts')).runInit(folder, flags, language);
    default:
      throw new XmError('usage', { detail: command });
  }
}

function helpOf(command: string | undefined): Program<typeof flags>['help'] {
  if (command === 'pki') return pkiHelp;
  return isFamily(command) ? administrationHelp[command] : program.help;
}

/** PostgreSQL's client and the rest are loaded once the first screen stands. */
function lateConsolePorts(folder: DataFolder): ConsolePorts {
  let made: Promise<ConsolePorts> | undefined;
  const ports = () => {
    made ??= import('./console-ports.ts').then(({ createConsolePorts }) => createConsolePorts(folder));
    return made;
  };
  return {
    start: async report => (await ports()).start(report),
    quit: async (stopServices, report) => (await ports()).quit(stopServices, report),
  };
}

/** Part of file names and of the client id at the broker. Throws `usage`. */
function engineName(name: string, language: Language): string {
  if (/^\w{1,32}$/.test(name)) return name;
  throw new XmError('usage', { detail: programTexts[language].engineNameNeeded });
}

async function runConsoleOrPlain(folder: DataFolder, language: Language): Promise<number> {
  const terminal = terminalEnvironment();
  if (!process.stdin.isTTY || !process.stdout.isTTY || terminal.term === 'dumb') {
    return (await import('./plain.ts')).runPlain(folder, language);
  }
  const { runConsole } = await import('./console.ts');
  return runConsole(lateConsolePorts(folder), { language, ...terminal });
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (error instanceof XmError) notify({ kind: 'failed', code: error.code, params: error.params });
  process.exitCode = reportError('xmserver', error, languageOf(process.argv.slice(2)));
} finally {
  // Whoever started this process in the background waits for no more.
  if (process.connected) process.disconnect();
}
