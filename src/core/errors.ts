/**
 * The one catalogue of errors: code, sentence in both languages, what to do.
 * `{name}` in a sentence stands for a parameter of the error. docs/errors.md is checked against it.
 */
import type { Language } from './language.ts';
import { printable } from './printable.ts';

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
  'certificate-missing': {
    fr: 'ce poste n’a pas encore de certificat',
    en: 'this station has no certificate yet',
    hint: { fr: 'Demandez-le : xmstation enrol --online.', en: 'Ask for it: xmstation enrol --online.' },
  },
  'certificate-other-key': {
    fr: 'ce certificat n’est pas celui de la clé qui attend',
    en: 'this certificate is not for the key that waits',
    hint: {
      fr: 'Faites d’abord la demande : xmstation enrol --client MATRICULE.',
      en: 'Make the request first: xmstation enrol --client MATRICULE.',
    },
  },
  'certificate-revoked': { fr: 'certificat révoqué', en: 'certificate revoked' },
  'client-unknown': { fr: 'client inconnu : {client}', en: 'unknown client: {client}' },
  'client-suspended': { fr: 'client suspendu', en: 'client suspended' },
  'service-denied': {
    fr: 'service {service} non ouvert à ce client',
    en: 'service {service} not open to this client',
  },
  'profile-locked': {
    fr: 'profil que seul le Superviseur du serveur peut modifier',
    en: 'only the Superviseur of the server can change this profile',
  },
  'password-initial': {
    fr: 'mot de passe « zerokey » : changez-le d’abord',
    en: 'password "zerokey": change it first',
    hint: { fr: 'xmstation password', en: 'xmstation password' },
  },
  'password-wrong': { fr: 'mot de passe faux', en: 'wrong password' },
  'password-locked': {
    fr: 'trop de mots de passe faux : attendez {minutes} minutes',
    en: 'too many wrong passwords: wait {minutes} minutes',
  },
  'table-unknown': { fr: 'table « {table} » inconnue', en: 'unknown table "{table}"' },
  'table-denied': { fr: 'table « {table} » non autorisée', en: 'table "{table}" not granted' },
  'batch-denied': {
    fr: '{count} fiches dans un SDC : une seule à la fois pour ce client',
    en: '{count} records in one SDC: this client may send one at a time',
  },
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
  'record-unknown': {
    fr: 'fiche n° {numero} inconnue : il n’y a rien à annuler',
    en: 'unknown record no. {numero}: there is nothing to cancel',
  },
  'record-cancelled': {
    fr: 'fiche classée sous le n° {numero} et annulée depuis',
    en: 'record filed as no. {numero} and cancelled since',
  },
  'message-id-reused': {
    fr: 'identifiant de message déjà pris par un autre contenu',
    en: 'message id already used for other contents',
  },

  // A question that cannot be answered.
  'question-date': {
    fr: 'question dont la date s’écarte de plus de {days} jours',
    en: 'question whose date is off by more than {days} days',
  },
  'query-syntax': { fr: 'requête mal formée : {detail}', en: 'malformed query: {detail}' },
  'query-denied': { fr: 'requête : {what} non admis', en: 'query: {what} not allowed' },
  'query-too-complex': {
    fr: 'requête trop longue ou trop complexe',
    en: 'query too long or too complex',
  },
  'query-too-slow': {
    fr: 'requête interrompue après {seconds} s',
    en: 'query interrupted after {seconds} s',
    hint: {
      fr: 'Précisez la sélection, ou triez par Numero.',
      en: 'Narrow the selection, or sort by Numero.',
    },
  },
  'answer-too-large': {
    fr: 'fiche n° {numero} trop grande pour un SDC',
    en: 'record no. {numero} too large for an SDC',
  },
  'paper-incomplete': {
    fr: 'certification : donnez le numéro de la pièce, ou un nom et une date',
    en: 'certification: give the number of the paper, or a name and a date',
  },
  'account-empty': {
    fr: 'crédit insuffisant : {needed} à payer, {balance} sur le compte',
    en: 'not enough credit: {needed} to pay, {balance} on the account',
    hint: { fr: 'Faites recharger votre compte.', en: 'Have your account recharged.' },
  },
  'quota-reached': {
    fr: 'quota du jour atteint : {limit} fiches lues',
    en: "the day's quota is reached: {limit} records read",
  },
  'answer-late': {
    fr: 'pas de réponse en {seconds} s',
    en: 'no answer within {seconds} s',
    hint: {
      fr: 'La question reste : elle partira avec la prochaine liaison, et sa réponse sera gardée.',
      en: 'The question stays: it goes out with the next link, and its answer will be kept.',
    },
  },
  'questions-waiting': {
    fr: '{count} questions de ce client attendent déjà leur réponse',
    en: '{count} questions of this client wait for their answers already',
    hint: { fr: 'Posez-la de nouveau plus tard.', en: 'Ask it again later.' },
  },
  'enrolment-refused': {
    fr: 'demande de certificat refusée : {detail}',
    en: 'certificate request refused: {detail}',
  },

  'internal-fault': { fr: 'panne interne : {detail}', en: 'internal fault: {detail}' },
  'program-replaced': {
    fr: 'le programme a été remplacé entre-temps',
    en: 'the program was replaced meanwhile',
    hint: {
      fr: 'Quittez la console et rouvrez-la.',
      en: 'Leave the console and open it again.',
    },
  },

  // The installation.
  'database-unreachable': {
    fr: 'PostgreSQL injoignable sur {host} : {detail}',
    en: 'PostgreSQL cannot be reached at {host}: {detail}',
    hint: {
      fr: 'Vérifiez hôte, port, nom et mot de passe, et que le serveur tourne.',
      en: 'Check host, port, name and password, and that the server runs.',
    },
  },
  'database-password': {
    fr: 'PostgreSQL sur {host} n’accepte pas ce mot de passe pour l’utilisateur {user}',
    en: 'PostgreSQL at {host} does not accept this password for user {user}',
    hint: {
      fr: 'Retapez-le ; vérifiez aussi le nom : le serveur ne dit pas lequel des deux est faux.',
      en: 'Type it again; check the name, too: the server does not tell which of the two is wrong.',
    },
  },
  'database-user': {
    fr: 'PostgreSQL sur {host} ne laisse pas entrer l’utilisateur {user} : {detail}',
    en: 'PostgreSQL at {host} does not let user {user} in: {detail}',
    hint: {
      fr: 'Vérifiez le nom et le chiffrement ; qui entre est écrit dans pg_hba.conf du serveur.',
      en: 'Check the name and the encryption; who may enter stands in the server’s pg_hba.conf.',
    },
  },
  'database-tls': {
    fr: 'pas de connexion chiffrée avec {host} : {detail}',
    en: 'no encrypted connection with {host}: {detail}',
    hint: {
      fr: 'Choisissez un chiffrement que le serveur offre, ou faites-le activer sur le serveur.',
      en: 'Choose an encryption that the server offers, or have it turned on at the server.',
    },
  },
  'database-certificate': {
    fr: 'certificat de {host} refusé : {detail}',
    en: 'certificate of {host} not accepted: {detail}',
    hint: {
      fr: 'Donnez le fichier de l’autorité qui l’a signé, et l’hôte par le nom qui y figure.',
      en: 'Give the file of the authority that signed it, and the host by the name that it bears.',
    },
  },
  'database-hindered': {
    fr: 'PostgreSQL empêché sur {host} : {detail}',
    en: 'PostgreSQL is hindered at {host}: {detail}',
    hint: {
      fr: 'Vérifiez la place sur ses disques, et qu’il a le droit d’écrire.',
      en: 'Check the room on its disks, and that it may write.',
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
  'database-pooler': {
    fr: 'le PgBouncer sur {host} ne connaît pas de base {database}',
    en: 'the PgBouncer at {host} knows no database {database}',
    hint: {
      fr: 'Créez les bases sur PostgreSQL même (deploy/postgresql/role.sql), ou donnez --host et --port de PostgreSQL.',
      en: 'Create the databases on PostgreSQL itself (deploy/postgresql/role.sql), or give its own --host and --port.',
    },
  },
  'database-create': {
    fr: 'l’utilisateur {user} ne peut pas créer la base {database} sur {host} : {detail}',
    en: 'user {user} may not create database {database} on {host}: {detail}',
    hint: {
      fr: 'Faites créer les deux bases par l’administrateur (deploy/postgresql/role.sql).',
      en: 'Have the administrator create both databases (deploy/postgresql/role.sql).',
    },
  },
  'database-unset': {
    fr: 'aucun PostgreSQL n’est encore indiqué',
    en: 'no PostgreSQL has been given yet',
    hint: {
      fr: 'xmserver setup, ou xmserver init --host …',
      en: 'xmserver setup, or xmserver init --host …',
    },
  },
  'trial-running': {
    fr: 'les services d’essai de ce dossier de données tournent encore',
    en: 'the trial services of this data folder are still running',
    hint: {
      fr: 'Arrêtez-les d’abord (xmserver stop), ou prenez un autre dossier (--data).',
      en: 'Stop them first (xmserver stop), or take another folder (--data).',
    },
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
  'key-passphrase': {
    fr: 'phrase secrète absente ou fausse pour {file}',
    en: 'passphrase missing or wrong for {file}',
  },
  'key-missing': {
    fr: 'aucune clé n’attend le certificat de {subject}',
    en: 'no key waits for the certificate of {subject}',
    hint: {
      fr: 'Importez-le avec sa clé privée, ou faites la demande par xmserver pki request make.',
      en: 'Import it with its private key, or make the request with xmserver pki request make.',
    },
  },
  'key-unsuitable': {
    fr: 'clé {found} non admise : EC P-256, ou RSA de 2048 à 8192 bits, exposant de 3 à 2³² − 1',
    en: 'key {found} not allowed: EC P-256, or RSA of 2048 to 8192 bits, exponent 3 to 2³² − 1',
  },
  'request-invalid': {
    fr: 'demande de certificat illisible ou refusée : {detail}',
    en: 'certificate request unreadable or refused: {detail}',
  },
  'revocation-list-invalid': {
    fr: 'liste de révocation illisible ou refusée : {detail}',
    en: 'revocation list unreadable or refused: {detail}',
  },
  'revocation-list-stale': {
    fr: 'liste de révocation de {issuer} périmée depuis le {until}',
    en: 'revocation list of {issuer} out of date since {until}',
    hint: {
      fr: 'Prenez la liste récente chez cette autorité : xmserver pki import.',
      en: 'Get the recent list from that authority: xmserver pki import.',
    },
  },
  'issuer-unknown': {
    fr: 'certificat de {subject} : autorité {issuer} inconnue',
    en: 'certificate of {subject}: unknown authority {issuer}',
    hint: {
      fr: 'Joignez les certificats intermédiaires, ou déclarez l’autorité : Fichier / Sécurité, O.',
      en: 'Add the intermediate certificates, or declare the authority: File / Security, O.',
    },
  },
  'certificate-period': {
    fr: 'certificat de {subject} valable du {from} au {until}',
    en: 'certificate of {subject} valid from {from} to {until}',
  },
  'certificate-usage': {
    fr: 'certificat de {subject} : usage non permis : {usage}',
    en: 'certificate of {subject}: usage not allowed: {usage}',
  },
  'certificate-withdrawn': {
    fr: 'certificat de {subject} révoqué le {at}',
    en: 'certificate of {subject} revoked on {at}',
  },
  'revocation-list-issuer': {
    fr: 'liste de révocation d’une autorité inconnue',
    en: 'revocation list of an unknown authority',
    hint: {
      fr: 'Déclarez d’abord l’autorité : Fichier / Sécurité, O.',
      en: 'Declare the authority first: File / Security, O.',
    },
  },
  'certificate-unknown': {
    fr: 'aucun certificat de clé {id}, ou déjà révoqué',
    en: 'no certificate of key {id}, or revoked already',
    hint: { fr: 'Voyez xmserver pki list.', en: 'See xmserver pki list.' },
  },
  'certificate-known': {
    fr: 'la clé de {subject} est déjà enregistrée autrement, ou révoquée',
    en: 'the key of {subject} is registered otherwise already, or revoked',
    hint: { fr: 'Faites une nouvelle clé.', en: 'Make a new key.' },
  },
  'request-unknown': {
    fr: 'aucune demande n° {id} en attente',
    en: 'no request no. {id} waits',
    hint: { fr: 'Voyez xmserver pki request list.', en: 'See xmserver pki request list.' },
  },
  'fingerprint-different': {
    fr: 'empreinte différente de celle de la demande n° {id}',
    en: 'the fingerprint is not that of request no. {id}',
    hint: {
      fr: 'Comparez-la encore ; si elle reste différente, refusez la demande.',
      en: 'Compare it again; if it still differs, refuse the request.',
    },
  },
  'authority-missing': {
    fr: 'aucune autorité dans {folder}',
    en: 'no authority in {folder}',
    hint: {
      fr: 'Agissez sur la machine qui en a une ; s’il n’y en a nulle part : xmserver pki init.',
      en: 'Do it on the machine that has one; where there is none at all: xmserver pki init.',
    },
  },
  'authority-key-missing': {
    fr: 'la clé de l’autorité n’est pas sur cette machine ({folder})',
    en: "the authority's key is not on this machine ({folder})",
    hint: {
      fr: 'Agissez à la console de la machine qui la garde (secrets/).',
      en: 'Do it at the console of the machine that has it (secrets/).',
    },
  },
  'host-name': {
    fr: '« {host} » n’est ni un nom d’hôte ni une adresse IP',
    en: '"{host}" is neither a host name nor an IP address',
  },
  'authority-ended': {
    fr: 'l’autorité est à sa fin le {until} : elle ne peut plus signer celle qui lui succède',
    en: 'the authority ends on {until}: it can no longer sign its successor',
  },
  'certificate-registered': {
    fr: 'le certificat de {subject} est déjà enregistré',
    en: 'the certificate of {subject} is registered already',
  },
  'file-missing': { fr: 'aucun fichier de ce nom : {file}', en: 'no file of this name: {file}' },
  'file-denied': {
    fr: 'fichier interdit à ce compte du système : {file}',
    en: 'file not open to this account of the system: {file}',
  },
  'file-unwritable': {
    fr: 'le fichier {file} ne peut pas être écrit : {detail}',
    en: 'the file {file} cannot be written: {detail}',
  },
  'file-unreadable': { fr: 'fichier {file} illisible : {detail}', en: 'file {file} unreadable: {detail}' },
  'file-algorithm': {
    fr: 'fichier {file} chiffré par {algorithm}, que ce programme n’offre pas',
    en: 'file {file} encrypted with {algorithm}, which this program does not offer',
    hint: {
      fr: 'Convertissez-le : openssl pkcs12 -legacy -in {file} -nodes | openssl pkcs12 -export -out nouveau.p12',
      en: 'Convert it: openssl pkcs12 -legacy -in {file} -nodes | openssl pkcs12 -export -out new.p12',
    },
  },
  'file-exists': {
    fr: 'le fichier {file} existe déjà',
    en: 'the file {file} exists already',
    hint: { fr: 'Donnez un autre nom, ou déplacez-le.', en: 'Give another name, or move it away.' },
  },
  'login-failed': { fr: 'nom utilisateur ou mot de passe inconnu', en: 'unknown user name or password' },
  'operator-suspended': { fr: 'utilisateur suspendu', en: 'operator suspended' },
  'operator-exists': {
    fr: 'il y a déjà des utilisateurs : seul le premier se crée ici',
    en: 'there are operators already: only the first one is created here',
  },
  'password-short': {
    fr: 'mot de passe trop court : {least} caractères au moins',
    en: 'password too short: at least {least} characters',
  },
  'privilege-needed': {
    fr: 'privilège {needed} nécessaire (le vôtre : {own})',
    en: 'privilege {needed} needed (yours: {own})',
  },
  'operator-locked': {
    fr: 'trop d’échecs : nom utilisateur fermé encore {minutes} min',
    en: 'too many failures: user name closed for another {minutes} min',
  },
  'operator-unknown': {
    fr: 'aucun utilisateur « {operator} »',
    en: 'no operator "{operator}"',
    hint: { fr: 'Voyez xmserver operator list.', en: 'See xmserver operator list.' },
  },
  'operator-self': { fr: 'nul ne change son propre privilège', en: 'nobody changes his own privilege' },
  'superviseur-last': {
    fr: '« {operator} » est le dernier Superviseur',
    en: '"{operator}" is the last Superviseur',
    hint: { fr: 'Donnez d’abord le privilège 4 à un autre.', en: 'Give privilege 4 to somebody else first.' },
  },
  'user-name-taken': {
    fr: 'nom utilisateur « {operator} » déjà pris',
    en: 'user name "{operator}" is taken',
  },
  'user-name-invalid': {
    fr: 'nom utilisateur : 2 à 32 lettres, chiffres, « . », « - », « _ », une lettre d’abord',
    en: 'user name: 2 to 32 letters, digits, ".", "-", "_", a letter first',
  },
  'privilege-invalid': { fr: 'privilège {value} : 0 à 4', en: 'privilege {value}: 0 to 4' },
  'certificate-name-invalid': {
    fr: 'nom de certificat : {limit} caractères au plus',
    en: 'certificate name: at most {limit} characters',
  },
  'password-long': {
    fr: 'mot de passe trop long : {limit} caractères au plus',
    en: 'password too long: at most {limit} characters',
  },
  'password-obvious': {
    fr: 'mot de passe trop facile à deviner',
    en: 'password too easy to guess',
    hint: {
      fr: 'Ni le nom utilisateur, ni le mot de passe d’origine, ni un seul caractère répété ; une phrase convient.',
      en: 'Not the user name, the original password or one character repeated; a sentence will do.',
    },
  },
  'passwords-differ': { fr: 'les deux mots de passe diffèrent', en: 'the two passwords differ' },
  'reads-invalid': {
    fr: 'lectures par jour « {value} » : un nombre de 0 à {most}, ou « none »',
    en: 'reads a day "{value}": a number from 0 to {most}, or "none"',
  },
  'limit-clients': {
    fr: 'la licence permet {limit} clients',
    en: 'the licence allows {limit} clients',
    hint: {
      fr: 'Fichier / Licence : introduisez une clé pour davantage de clients.',
      en: 'Fichier / Licence: enter a key for more clients.',
    },
  },
  'limit-operators': {
    fr: 'la licence permet {limit} utilisateurs actifs',
    en: 'the licence allows {limit} active operators',
    hint: {
      fr: 'Suspendez un utilisateur parti, ou introduisez une clé de licence.',
      en: 'Suspend an operator who has left, or enter a licence key.',
    },
  },
  'client-exists': { fr: 'matricule {client} déjà attribué', en: 'matricule {client} is taken' },
  'recorded-before': {
    fr: 'déjà enregistré sous le n° {number}, avec d’autres valeurs',
    en: 'recorded already as no. {number}, with other values',
    hint: {
      fr: 'La réponse d’un premier envoi s’était perdue : voyez ce n° ; pour un autre, recommencez la saisie.',
      en: 'The answer to a first attempt was lost: see that number; for another one begin anew.',
    },
  },
  'client-status-invalid': { fr: 'status {value} : 0 à 3', en: 'status {value}: 0 to 3' },
  'matricule-invalid': {
    fr: 'matricule {value} : un nombre entier positif',
    en: 'matricule {value}: a positive whole number',
  },
  'name-invalid': {
    fr: 'nom : 1 à {limit} caractères imprimables',
    en: 'name: 1 to {limit} printable characters',
  },
  'town-invalid': {
    fr: 'ville : {limit} caractères imprimables au plus',
    en: 'town: at most {limit} printable characters',
  },
  'telephone-invalid': {
    fr: 'téléphone : chiffres, « + », « . », « - », « / », parenthèses et blancs, {limit} au plus',
    en: 'telephone: digits, "+", ".", "-", "/", brackets and blanks, at most {limit}',
  },
  'subject-invalid': {
    fr: 'objet : 1 à {limit} caractères imprimables',
    en: 'subject: 1 to {limit} printable characters',
  },
  'message-text-invalid': {
    fr: 'texte : 1 à {limit} caractères imprimables',
    en: 'text: 1 to {limit} printable characters',
  },
  'signatory-unknown': {
    fr: 'aucun signataire n° {id}',
    en: 'no signatory no. {id}',
    hint: { fr: 'Voyez xmserver signatory list.', en: 'See xmserver signatory list.' },
  },
  'signatory-exists': {
    fr: '« {name} » signe déjà pour le client {client} (n° {id})',
    en: '"{name}" signs for client {client} already (no. {id})',
    hint: {
      fr: 'Donnez d’autres dates, ou mettez fin à l’autre.',
      en: 'Give other dates, or end the other one.',
    },
  },
  'quality-invalid': {
    fr: 'qualité : {limit} caractères imprimables au plus',
    en: 'quality: at most {limit} printable characters',
  },
  'day-invalid': { fr: 'date « {value} » : AAAA-MM-JJ', en: 'date "{value}": YYYY-MM-DD' },
  'days-reversed': {
    fr: 'fin {until} avant le début {from}',
    en: 'end {until} before the beginning {from}',
  },
  'setting-unknown': {
    fr: 'aucun réglage « {name} »',
    en: 'no setting "{name}"',
    hint: { fr: 'Réglages : {names}.', en: 'Settings: {names}.' },
  },
  'setting-invalid': { fr: 'réglage {name} : {expected}', en: 'setting {name}: {expected}' },
  'setting-fixed': {
    fr: 'réglage {name} : des comptes ont des mouvements, il ne change plus',
    en: 'setting {name}: accounts have movements, it does not change any more',
  },
  'broker-unknown': {
    fr: 'aucun broker n° {id}',
    en: 'no broker no. {id}',
    hint: { fr: 'Voyez xmserver broker list.', en: 'See xmserver broker list.' },
  },
  'broker-exists': { fr: 'broker {url} déjà enregistré', en: 'broker {url} is registered already' },
  'broker-selected': {
    fr: 'broker {url} choisi : il sert',
    en: 'broker {url} is selected: it is in use',
    hint: {
      fr: 'Choisissez-en d’abord un autre : xmserver broker select.',
      en: 'Select another one first: xmserver broker select.',
    },
  },
  'broker-url': {
    fr: 'adresse de broker « {url} » : mqtt://HÔTE:PORT ou mqtts://HÔTE:PORT',
    en: 'broker address "{url}": mqtt://HOST:PORT or mqtts://HOST:PORT',
    hint: { fr: 'Nom et mot de passe se donnent à part.', en: 'Name and password are given apart.' },
  },
  'broker-keep-alive': {
    fr: 'keep-alive {value} : un nombre entier de secondes, de {least} à {most}',
    en: 'keep-alive {value}: a whole number of seconds, from {least} to {most}',
  },
  'broker-version': {
    fr: 'le broker {url} ne parle pas MQTT {version}',
    en: 'broker {url} does not speak MQTT {version}',
    hint: {
      fr: 'Choisissez l’autre version, ou « automatique ».',
      en: 'Choose the other version, or "automatic".',
    },
  },
  'broker-authority': {
    fr: 'certificat du broker {url} : {authority} n’en répond pas : {detail}',
    en: 'certificate of broker {url}: {authority} does not vouch for it: {detail}',
    hint: {
      fr: 'Donnez le certificat de l’autorité qui a émis celui du broker (PEM).',
      en: "Give the certificate of the authority that issued the broker's (PEM).",
    },
  },
  'broker-untrusted': {
    fr: 'certificat du broker {url} : ni les autorités du système ni la nôtre n’en répondent : {detail}',
    en: "certificate of broker {url}: neither the system's authorities nor ours vouch for it: {detail}",
    hint: {
      fr: 'Donnez le certificat de l’autorité qui a émis celui du broker (PEM).',
      en: "Give the certificate of the authority that issued the broker's (PEM).",
    },
  },
  'broker-client-certificate': {
    fr: 'le broker {url} refuse notre certificat, ou en exige un : {detail}',
    en: 'broker {url} refuses our certificate, or asks for one: {detail}',
    hint: {
      fr: 'Donnez un certificat client que le broker connaît, et sa clé.',
      en: 'Give a client certificate that the broker knows, and its key.',
    },
  },
  'broker-certificate-ended': {
    fr: 'certificat de {subject} expiré le {until}',
    en: 'certificate of {subject} ended on {until}',
  },
  'broker-key-name': {
    fr: 'fichier de clé « {name} » : un nom simple, dans secrets/ du dossier de données',
    en: 'key file "{name}": a plain name, in secrets/ of the data folder',
  },
  'broker-key-needed': {
    fr: 'un certificat client demande le fichier de sa clé privée',
    en: 'a client certificate needs the file of its private key',
  },
  'broker-certificate-needed': {
    fr: 'un fichier de clé demande le certificat client de cette clé',
    en: 'a key file needs the client certificate of that key',
  },
  'broker-key-other': {
    fr: 'la clé {file} n’est pas celle du certificat de {subject}',
    en: 'the key {file} is not that of the certificate of {subject}',
  },
  'page-unknown': { fr: 'repère de page « {page} » inconnu ici', en: 'page mark "{page}" unknown here' },
  'journal-broken': {
    fr: 'journal altéré : la ligne {id} ne suit pas de la précédente',
    en: 'journal tampered with: row {id} does not follow from the one before',
    hint: {
      fr: 'Comparez avec une sauvegarde ; ce qui suit cette ligne n’est plus prouvé.',
      en: 'Compare with a backup; what follows this row is no longer proved.',
    },
  },

  // Accounts and the licence.
  'amount-invalid': {
    fr: 'montant illisible ou hors limites : {amount}',
    en: 'amount unreadable or out of range: {amount}',
    hint: {
      fr: 'Chiffres seuls, ou par groupes de trois séparés par un blanc ; décimales selon la monnaie.',
      en: 'Digits only, or in threes set apart by blanks; decimals as the currency has them.',
    },
  },
  'reference-invalid': {
    fr: 'référence « {reference} » : 1 à {most} caractères imprimables',
    en: 'reference "{reference}": 1 to {most} printable characters',
  },
  'reference-taken': {
    fr: 'référence « {reference} » déjà prise : {amount} pour le client {client}',
    en: 'reference "{reference}" taken already: {amount} for client {client}',
    hint: {
      fr: 'Vérifiez le numéro du reçu ; une erreur se corrige par xmserver account correct.',
      en: 'Check the number of the receipt; a mistake is put right with xmserver account correct.',
    },
  },
  'reason-missing': { fr: 'une correction dit pourquoi', en: 'a correction says why' },
  'reason-invalid': {
    fr: 'motif : 1 à {limit} caractères imprimables',
    en: 'reason: 1 to {limit} printable characters',
  },
  'account-unbalanced': {
    fr: '{count} écarts dans les comptes, le premier chez le client {client}',
    en: '{count} discrepancies in the accounts, the first at client {client}',
  },
  'period-invalid': {
    fr: 'période illisible : {period}',
    en: 'period unreadable: {period}',
    hint: {
      fr: '2026-03, 2026, ou 2026-03-01..2026-03-15.',
      en: '2026-03, 2026, or 2026-03-01..2026-03-15.',
    },
  },
  'period-open': {
    fr: 'la période court jusqu’au {until} compris : elle se facture une fois finie',
    en: 'the period runs until the end of {until}: it is invoiced when it has ended',
  },
  'invoice-overlap': {
    fr: 'la facture n° {number} couvre déjà du {from} au {until}',
    en: 'invoice no. {number} covers {from} to {until} already',
  },
  'invoice-empty': {
    fr: 'rien à facturer du {from} au {until}',
    en: 'nothing to invoice from {from} to {until}',
  },
  'invoice-unknown': { fr: 'aucune facture n° {number}', en: 'no invoice no. {number}' },
  'tariff-service': {
    fr: 'service {service} sans tarif possible : {services}',
    en: 'service {service} can have no tariff: {services}',
  },
  'tariff-past': {
    fr: 'un tarif ne commence pas dans le passé',
    en: 'a tariff does not begin in the past',
  },
  'licence-malformed': {
    fr: 'clé de licence illisible : {detail}',
    en: 'licence key unreadable: {detail}',
    hint: {
      fr: 'Recopiez-la en entier ; la ligne fautive est nommée.',
      en: 'Copy all of it; the faulty line is named.',
    },
  },
  'licence-signature': {
    fr: 'clé de licence que ce fournisseur n’a pas faite',
    en: 'licence key that this vendor has not made',
  },
  'licence-installation': {
    fr: 'clé de licence de l’installation {found}, celle-ci est {own}',
    en: 'licence key of installation {found}, this one is {own}',
    hint: {
      fr: 'Demandez au fournisseur une clé pour cette installation.',
      en: 'Ask the vendor for a key for this installation.',
    },
  },
  'licence-clients': {
    fr: 'clé de licence pour {found} clients : {least} à {most} sont possibles',
    en: 'licence key for {found} clients: {least} to {most} are possible',
  },
  'licence-ended': {
    fr: 'licence finie le {until}',
    en: 'licence ended on {until}',
    hint: {
      fr: 'Demandez au fournisseur une clé nouvelle ; les clients existants restent servis.',
      en: 'Ask the vendor for a new key; existing clients go on being served.',
    },
  },
  'licence-vendor': {
    fr: 'aucune clé publique du fournisseur dans {file}',
    en: 'no public key of the vendor in {file}',
  },

  'services-not-running': {
    fr: 'ni PostgreSQL ni broker : les services embarqués ne tournent pas',
    en: 'neither PostgreSQL nor broker: the embedded services are not running',
    hint: {
      fr: 'xmserver engine --embedded, ou xmserver init --host …',
      en: 'xmserver engine --embedded, or xmserver init --host …',
    },
  },
  'broker-missing': {
    fr: 'aucun broker choisi',
    en: 'no broker selected',
    hint: {
      fr: 'Fichier / Brokers, ou xmserver init --broker mqtt://…',
      en: 'File / Brokers, or xmserver init --broker mqtt://…',
    },
  },
  'message-unknown': { fr: 'aucun message n° {id}', en: 'no message no. {id}' },
  'message-filed': {
    fr: 'le message n° {id} a été classé : il n’y a rien à reprendre',
    en: 'message no. {id} was filed: there is nothing to try again',
  },
  'sent-unknown': { fr: 'aucun envoi n° {id}', en: 'nothing sent under no. {id}' },
  'search-wide': {
    fr: 'plus de {limit} clients ont ces mots : précisez',
    en: 'more than {limit} clients have these words: say more',
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
  'station-running': {
    fr: 'un poste exporte déjà (processus {pid})',
    en: 'a station is exporting already (process {pid})',
  },
  'station-start': {
    fr: 'le poste ne démarre pas : {detail}',
    en: 'the station does not start: {detail}',
    hint: { fr: 'Voyez le journal {log}.', en: 'See the log {log}.' },
  },
  'read-only': {
    fr: 'lecture seule : rien ne se change ici',
    en: 'read-only: nothing is changed here',
    hint: {
      fr: 'Ouvrez la console sans --read-only.',
      en: 'Open the console without --read-only.',
    },
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
  'device-missing': {
    fr: 'dossier T2D introuvable : {folder}',
    en: 'T2D folder not found: {folder}',
    hint: {
      fr: 'Rien n’est perdu : branchez la clé ou vérifiez le chemin, et recommencez.',
      en: 'Nothing is lost: plug the key in or check the path, and do it again.',
    },
  },
  'device-full': {
    fr: 'plus de place dans le dossier T2D {folder}',
    en: 'no room left in the T2D folder {folder}',
    hint: {
      fr: 'Rien n’est perdu : libérez de la place ou prenez une autre clé, et recommencez.',
      en: 'Nothing is lost: make room or take another key, and do it again.',
    },
  },
  'device-protected': {
    fr: 'dossier T2D protégé en écriture : {folder}',
    en: 'T2D folder is write-protected: {folder}',
    hint: {
      fr: 'Rien n’est perdu : levez la protection ou prenez une autre clé, et recommencez.',
      en: 'Nothing is lost: lift the protection or take another key, and do it again.',
    },
  },
  'device-denied': {
    fr: 'dossier T2D interdit à ce compte du système : {folder}',
    en: 'T2D folder not open to this account of the system: {folder}',
    hint: {
      fr: 'Rien n’est perdu : donnez-lui le droit de lire et d’écrire, et recommencez.',
      en: 'Nothing is lost: let it read and write there, and do it again.',
    },
  },
  'device-folder': {
    fr: 'dossier T2D inutilisable : {folder} : {detail}',
    en: 'T2D folder cannot be used: {folder}: {detail}',
    hint: {
      fr: 'Rien n’est perdu : ce qui n’est pas fait attend ; recommencez.',
      en: 'Nothing is lost: what is not done waits; do it again.',
    },
  },
  'device-empty': { fr: 'aucun SDC dans ce fichier', en: 'no SDC in this file' },
  'device-too-large': {
    fr: 'fichier trop grand : {size} octets, {limit} au plus',
    en: 'file too large: {size} bytes, {limit} at most',
  },
  'device-unexpected': {
    fr: 'ni reçu ni réponse à ce que ce poste a envoyé ({detail})',
    en: 'neither receipt nor answer to what this station has sent ({detail})',
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

/** Parameters are often a sender's own words: the name of a column, say. */
function fill(template: string, params: ErrorParams): string {
  return template.replace(/\{(\w+)\}/g, (all, name: string) =>
    name in params ? printable(String(params[name])) : all,
  );
}

/** What a fault says of itself. */
export function faultText(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
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
