/**
 * The one catalogue of errors: code, sentence in both languages, what to do.
 * `{name}` in a sentence stands for a parameter of the error. docs/errors.md is checked against it.
 */
import type { Language } from './language.ts';

interface Entry {
  readonly fr: string;
  readonly en: string;
  readonly hint?: { readonly fr: string; readonly en: string };
}

const catalogue = {
  // An SDC that cannot be trusted. The peer is told only "refused"; the journal keeps the code.
  'sdc-too-large': { fr: 'SDC trop grand : {size} octets', en: 'SDC too large: {size} bytes' },
  'sdc-malformed': { fr: 'SDC mal formé : {detail}', en: 'malformed SDC: {detail}' },
  'sdc-algorithm': { fr: 'algorithme non admis : {detail}', en: 'algorithm not allowed: {detail}' },
  'sdc-not-for-us': { fr: 'SDC destiné à un autre destinataire', en: 'SDC meant for another recipient' },
  'sdc-undecipherable': { fr: 'SDC indéchiffrable', en: 'SDC cannot be decrypted' },
  'sdc-signer-unknown': { fr: 'signataire inconnu : {signer}', en: 'unknown signer: {signer}' },
  'sdc-signature': { fr: 'signature fausse', en: 'bad signature' },
  'sdc-payload': { fr: 'contenu illisible : {detail}', en: 'unreadable payload: {detail}' },

  // A trusted sender whose message breaks a rule: the receipt says which.
  'certificate-expired': {
    fr: 'certificat hors de sa période de validité',
    en: 'certificate outside its validity period',
  },
  'certificate-revoked': { fr: 'certificat révoqué', en: 'certificate revoked' },
  'client-unknown': { fr: 'client inconnu : {client}', en: 'unknown client: {client}' },
  'client-suspended': { fr: 'client suspendu', en: 'client suspended' },
  'service-denied': {
    fr: 'service {service} non ouvert à ce client',
    en: 'service {service} not open to this client',
  },
  'table-unknown': { fr: 'table « {table} » inconnue', en: 'unknown table "{table}"' },
  'table-denied': { fr: 'table « {table} » non autorisée', en: 'table "{table}" not granted' },
  'column-missing': { fr: 'colonne « {column} » absente', en: 'column "{column}" missing' },
  'column-unknown': { fr: 'colonne « {column} » inconnue', en: 'unknown column "{column}"' },
  'value-type': {
    fr: 'colonne « {column} » : valeur de type {found}, {expected} attendu',
    en: 'column "{column}": value of type {found}, {expected} expected',
  },
  'value-too-long': {
    fr: 'colonne « {column} » : {length} caractères, {limit} au plus',
    en: 'column "{column}": {length} characters, {limit} at most',
  },
  'value-null': {
    fr: 'colonne « {column} » : valeur obligatoire',
    en: 'column "{column}": a value is required',
  },
  'value-range': {
    fr: 'colonne « {column} » : valeur hors limites',
    en: 'column "{column}": value out of range',
  },
  'record-constraint': {
    fr: 'règle de la table non respectée : {constraint}',
    en: 'table rule violated: {constraint}',
  },
  'record-status': {
    fr: 'Status {status} : une fiche à exporter a le Status 2',
    en: 'Status {status}: a record to export has Status 2',
  },
  'record-already-filed': {
    fr: 'fiche déjà classée sous le n° {numero}, contenu différent',
    en: 'record already filed as no. {numero} with other contents',
  },
  'message-id-reused': {
    fr: 'identifiant de message déjà pris par un autre contenu',
    en: 'message id already used for other contents',
  },

  'internal-fault': { fr: 'panne interne : {detail}', en: 'internal fault: {detail}' },

  // The installation.
  'database-unreachable': {
    fr: 'PostgreSQL injoignable sur {host} : {detail}',
    en: 'PostgreSQL cannot be reached at {host}: {detail}',
    hint: {
      fr: 'Vérifiez hôte, port, nom et mot de passe, et que le serveur tourne.',
      en: 'Check host, port, name and password, and that the server runs.',
    },
  },
  'database-newer': {
    fr: 'la base {database} (version {found}) est plus récente que ce programme (version {known})',
    en: 'database {database} (version {found}) is newer than this program (version {known})',
    hint: { fr: 'Installez la version récente de XMServer.', en: 'Install the recent XMServer.' },
  },
  'database-migration': {
    fr: 'mise à niveau {name} de la base {database} impossible : {detail}',
    en: 'upgrade {name} of database {database} failed: {detail}',
  },
  'postgres-start': {
    fr: 'le PostgreSQL embarqué ne démarre pas : {detail}',
    en: 'the embedded PostgreSQL does not start: {detail}',
    hint: { fr: 'Voyez le journal {log}.', en: 'See the log {log}.' },
  },
  'postgres-missing': {
    fr: 'pas de PostgreSQL embarqué pour {platform}',
    en: 'no embedded PostgreSQL for {platform}',
    hint: { fr: 'Installez PostgreSQL et donnez --host.', en: 'Install PostgreSQL and give --host.' },
  },
  'broker-unreachable': {
    fr: 'broker injoignable : {url} : {detail}',
    en: 'broker cannot be reached: {url}: {detail}',
    hint: {
      fr: 'Vérifiez adresse, port, nom et mot de passe du broker.',
      en: "Check the broker's address, port, name and password.",
    },
  },
  'broker-refused': {
    fr: 'le broker refuse la connexion : {detail}',
    en: 'the broker refuses the connection: {detail}',
  },
  'link-closed': { fr: 'liaison au broker fermée', en: 'link to the broker closed' },
  'certificate-invalid': {
    fr: 'certificat illisible ou refusé : {detail}',
    en: 'certificate unreadable or refused: {detail}',
  },
  'key-invalid': { fr: 'clé privée illisible : {file}', en: 'private key unreadable: {file}' },
  'login-failed': { fr: 'nom utilisateur ou mot de passe inconnu', en: 'unknown user name or password' },
  'operator-suspended': { fr: 'utilisateur suspendu', en: 'operator suspended' },
  'privilege-needed': {
    fr: 'privilège {needed} nécessaire (le vôtre : {own})',
    en: 'privilege {needed} needed (yours: {own})',
  },
  'engine-already-running': {
    fr: 'un moteur tourne déjà (processus {pid})',
    en: 'an engine runs already (process {pid})',
  },
  'engine-not-running': {
    fr: 'aucun moteur en marche',
    en: 'no engine is running',
    hint: {
      fr: 'Transmissions / Lancer, ou xmserver engine.',
      en: 'Transmissions / Lancer, or xmserver engine.',
    },
  },
  'engine-start': {
    fr: 'le moteur ne démarre pas : {detail}',
    en: 'the engine does not start: {detail}',
    hint: { fr: 'Voyez le journal {log}.', en: 'See the log {log}.' },
  },
  'data-folder': {
    fr: 'dossier de données inutilisable : {folder} : {detail}',
    en: 'data folder cannot be used: {folder}: {detail}',
  },
  'station-not-ready': {
    fr: 'poste non installé dans {folder}',
    en: 'no station installed in {folder}',
    hint: { fr: 'Commencez par xmstation init.', en: 'Start with xmstation init.' },
  },
  usage: { fr: '{detail}', en: '{detail}', hint: { fr: 'Voyez --help.', en: 'See --help.' } },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof catalogue;
export type ErrorParams = Readonly<Record<string, string | number>>;

export const errorCodes = Object.keys(catalogue) as ErrorCode[];

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code);
}

/** The sentence of an error in one language, parameters filled in. */
export function sentence(code: ErrorCode, params: ErrorParams, language: Language): string {
  return fill(catalogue[code][language], params);
}

/** What the reader can do about it, or undefined where the sentence says it all. */
export function hint(code: ErrorCode, params: ErrorParams, language: Language): string | undefined {
  const entry: Entry = catalogue[code];
  return entry.hint && fill(entry.hint[language], params);
}

function fill(template: string, params: ErrorParams): string {
  return template.replace(/\{(\w+)\}/g, (all, name: string) => (name in params ? String(params[name]) : all));
}

/** An error of the catalogue. `message` is the English sentence, for logs and stack traces. */
export class XmError extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;

  constructor(code: ErrorCode, params: ErrorParams = {}, options?: ErrorOptions) {
    super(sentence(code, params, 'en'), options);
    this.name = 'XmError';
    this.code = code;
    this.params = params;
  }
}
