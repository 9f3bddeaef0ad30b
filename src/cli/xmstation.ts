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
  batch: { type: 'number' },
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
  commands: ['export', 'status', 'enrol', 't2d'],
  flags,
  help: {
    fr: `
  xmstation export [TABLE …]    scelle et envoie les fiches de Status 2, attend leurs reçus
      --watch                   recommence toutes les minutes, jusqu’à SIGTERM
      --refused                 renvoie aussi ce que le serveur a refusé
      --pace MS                 au moins MS millisecondes entre deux envois
      --batch N                 jusqu’à N fiches (250 au plus) par SDC, si le serveur l’accorde ;
                                par défaut « batch » de config.json, sinon 1
      --json                    un objet JSON à la fin
  xmstation enrol --client MATRICULE [--name NOM] [--out FICHIER] [--rsa]
                                fait la clé du poste et sa demande de certificat
  xmstation enrol --certificate FICHIER [--server FICHIER] [--authority FICHIER]
                                enregistre le certificat reçu, celui du serveur, l’autorité
  xmstation t2d export DOSSIER [--refused] [--batch N] [--json]
                                scelle les fiches de Status 2 et écrit en fichiers tout ce qui
                                attend un reçu ou une réponse, pour le serveur (T2D, clé USB)
  xmstation t2d import DOSSIER|FICHIER … [--json]
                                prend les reçus et réponses apportés en fichiers
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
      --batch N                 up to N records (250 at most) in one SDC, where the server grants it;
                                by default "batch" of config.json, else 1
      --json                    one JSON object in the end
  xmstation enrol --client MATRICULE [--name NAME] [--out FILE] [--rsa]
                                makes the station's key and its certificate request
  xmstation enrol --certificate FILE [--server FILE] [--authority FILE]
                                keeps the certificate that came back, the server's, the authority
  xmstation t2d export FOLDER [--refused] [--batch N] [--json]
                                seals the records with Status 2 and writes all that waits for a
                                receipt or an answer as files for the server (T2D, USB key)
  xmstation t2d import FOLDER|FILE … [--json]
                                takes receipts and answers that were brought as files
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
  const { watch, refused, json, pace, batch } = flags;
  const paceMs = pace === undefined ? {} : { paceMs: positive('--pace', pace, language) };
  const inBatches = batch === undefined ? {} : { batch: positive('--batch', batch, language, 250) };
  if (command === 't2d') {
    const { runStationT2d } = await import('./station-t2d.ts');
    return runStationT2d(folder, args, { json, refused, ...inBatches }, language);
  }
  const { runExport } = await import('./station-export.ts');
  return runExport(folder, { tables: args, watch, refused, json, ...paceMs, ...inBatches }, language);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (error instanceof XmError) notify({ kind: 'failed', code: error.code, params: error.params });
  process.exitCode = reportError('xmstation', error, languageOf(process.argv.slice(2)));
} finally {
  if (process.connected) process.disconnect();
}
