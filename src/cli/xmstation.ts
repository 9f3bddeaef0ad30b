/** `xmstation`: the office's side. */
import { DataFolder } from '../config.ts';
import { XmError } from '../core/errors.ts';
import { defaultDataFolder } from '../environment.ts';
import { notify } from './background.ts';
import {
  languageOf,
  noArguments,
  type Program,
  parseCommandLine,
  positive,
  reportError,
} from './command-line.ts';

const flags = {
  data: { type: 'string' },
  lang: { type: 'string' },
  json: { type: 'boolean', default: false },
  watch: { type: 'boolean', default: false },
  refused: { type: 'boolean', default: false },
  pace: { type: 'number' },
  client: { type: 'number' },
  name: { type: 'string' },
  rsa: { type: 'boolean', default: false },
  out: { type: 'string' },
  certificate: { type: 'string' },
  server: { type: 'string' },
  authority: { type: 'string' },
} as const;

const program: Program<typeof flags> = {
  name: 'xmstation',
  commands: ['export', 'status', 'enrol'],
  flags,
  help: {
    fr: `
  xmstation export [TABLE …]    scelle et envoie les fiches de Status 2, attend leurs reçus
      --watch                   recommence toutes les minutes, jusqu’à SIGTERM
      --refused                 renvoie aussi ce que le serveur a refusé
      --pace MS                 au moins MS millisecondes entre deux envois
      --json                    un objet JSON à la fin
  xmstation enrol --client MATRICULE [--name NOM] [--out FICHIER] [--rsa]
                                fait la clé du poste et sa demande de certificat
  xmstation enrol --certificate FICHIER [--server FICHIER] [--authority FICHIER]
                                enregistre le certificat reçu, celui du serveur, l’autorité
  xmstation status [--json]     fiches par Status, ce qui attend un reçu, ce qui est refusé

Options
  --data DOSSIER   dossier de données ; le poste est dans son sous-dossier station/
                   (par défaut $XDG_DATA_HOME/XMSData, ~/.local/share/XMSData)
  --lang fr|en     langue
  --help           cette aide
  --version        version

Codes de sortie : 0 fait · 1 échec · 2 appel incorrect · 4 des reçus manquent · 5 fiches refusées`,
    en: `
  xmstation export [TABLE …]    seals and sends the records with Status 2, waits for their receipts
      --watch                   again every minute, until SIGTERM
      --refused                 sends again what the server has refused, too
      --pace MS                 at least MS milliseconds between two messages
      --json                    one JSON object in the end
  xmstation enrol --client MATRICULE [--name NAME] [--out FILE] [--rsa]
                                makes the station's key and its certificate request
  xmstation enrol --certificate FILE [--server FILE] [--authority FILE]
                                keeps the certificate that came back, the server's, the authority
  xmstation status [--json]     records by Status, what waits for a receipt, what was refused

Options
  --data FOLDER    data folder; the station is in its sub-folder station/
                   (by default $XDG_DATA_HOME/XMSData, ~/.local/share/XMSData)
  --lang fr|en     language
  --help           this help
  --version        version

Exit codes: 0 done · 1 failed · 2 wrong call · 4 receipts are missing · 5 records were refused`,
  },
};

async function run(argv: readonly string[]): Promise<number> {
  const call = parseCommandLine(program, argv);
  const { command, args, flags, language } = call;
  if (command === undefined) return call.showHelp();
  const folder = new DataFolder(flags.data ?? defaultDataFolder());
  if (command === 'enrol') {
    noArguments(args, language);
    return (await import('./enrol.ts')).runEnrol(folder, flags, language);
  }
  if (command === 'status') {
    noArguments(args, language);
    return (await import('./station-status.ts')).runStationStatus(folder, flags.json, language);
  }
  const { watch, refused, json, pace } = flags;
  const { runExport } = await import('./station-export.ts');
  const paceMs = pace === undefined ? {} : { paceMs: positive('--pace', pace, language) };
  return runExport(folder, { tables: args, watch, refused, json, ...paceMs }, language);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (error instanceof XmError) notify({ kind: 'failed', code: error.code, params: error.params });
  process.exitCode = reportError('xmstation', error, languageOf(process.argv.slice(2)));
} finally {
  if (process.connected) process.disconnect();
}
