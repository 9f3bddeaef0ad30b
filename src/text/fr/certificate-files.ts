/** Fichier / Sécurité, ce qui vient de fichiers et y va : certificats, demandes, autorités, listes de révocation. */
export const certificateFiles = {
  acts: {
    'certificate-register': {
      name: 'Enregistrer un certificat',
      commands: ['enregistrer-certificat'],
      running: '',
      done: '',
    },
    'certificate-issue': {
      name: 'Faire un certificat',
      commands: ['faire-certificat'],
      running: '',
      done: '',
    },
    authorities: {
      name: 'Autorités extérieures',
      commands: ['autorités', 'autorites'],
      running: '',
      done: '',
    },
    'authority-import': {
      name: 'Admettre une autorité',
      commands: ['admettre-autorité', 'admettre-autorite'],
      running: '',
      done: '',
    },
    'server-renew': {
      name: 'Nouvelle clé du serveur',
      commands: ['nouvelle-clé', 'nouvelle-cle'],
      running: '',
      done: '',
    },
    'revocation-list': {
      name: 'Liste de révocation',
      commands: ['liste-de-révocation', 'liste-de-revocation'],
      running: '',
      done: '',
    },
  },
  keys: {
    'certificate-register': { hint: 'enregistrer', help: 'enregistrer un certificat d’un fichier' },
    'certificate-issue': { hint: 'faire', help: 'faire un certificat pour une demande (fichier)' },
    authorities: { hint: 'autorités', help: 'montrer les autorités extérieures admises' },
    'authority-import': { hint: 'admettre', help: 'admettre une autorité, ou prendre sa liste (fichier)' },
    'authority-remove': { hint: 'retirer', help: 'ne plus admettre cette autorité, après une question' },
    'server-renew': { hint: 'clé', help: 'donner une nouvelle clé au serveur ; l’ancienne reste admise' },
    'revocation-list': { hint: 'liste', help: 'faire une nouvelle liste de révocation' },
    'intake-enter': { hint: 'valider', help: 'valider ce qui est montré, après une question' },
  },
  places: {
    'client-certificates': 'Certificats d’un client',
    authorities: 'Autorités extérieures',
    intake: 'Avant d’enregistrer',
  },

  owner: 'pour',
  theServer: 'le serveur',
  client: 'client',
  clientHint: 'son matricule',
  clientOrServerHint: 'son matricule ; vide : le serveur',
  file: 'fichier',
  fileHint: 'PEM, DER ou PKCS#12, en entier : /media/cle/centre.p12, ou ~',
  whole: 'Un chemin entier : /media/cle/x.crt, ou ~/x.crt.',
  passphrase: 'phrase secrète',
  request: 'demande (fichier)',
  requestHint: 'PKCS#10, PEM ou DER, chemin entier ou ~',
  out: 'certificat (fichier)',
  outHint: 'à créer, chemin entier ou ~ : /media/cle/centre.crt',
  years: 'années',
  yearsWrong: (most: number) => `Un nombre d’années, de 1 à ${most}.`,
  keyKind: 'clé',
  keyAndKind: (kind: string, key: string) => `${kind}, ${key}`,
  asked: 'nom demandé',
  notEntered: 'Rien n’est enregistré.',

  registration: {
    notes: ['Le certificat est d’abord montré ; rien n’est enregistré avant une question.'],
    keyLeft: 'La clé privée du fichier n’est pas gardée : elle n’a rien à faire ici.',
    keyKept: 'La clé privée du fichier est gardée dans secrets/ ; l’ancienne reste admise.',
    question: (holder: string) => `Enregistrer le certificat de ${holder} ?`,
    done: (holder: string) => `Certificat enregistré : ${holder}.`,
  },
  issuance: {
    notes: ['L’empreinte de la demande est d’abord montrée, à comparer avec son auteur.'],
    advice: ['Comparez au téléphone ; si un seul chiffre diffère, répondez non.'],
    question: (owner: string) => `${owner} : lit-on là-bas exactement ces 40 chiffres ?`,
    done: (file: string) => `Certificat fait et enregistré : ${file}`,
  },

  authorities: {
    title: 'Autorités extérieures admises',
    nothing: 'Aucune : seule l’autorité de cette installation est admise.',
    kind: 'genre',
    anchor: 'racine',
    between: 'intermédiaire',
    notes: ['Une autorité, ou la liste de révocation d’une autorité déjà admise.'],
    fileHint: 'PEM ou DER, en entier : /media/cle/autorite.crt, ou ~',
    compare: [
      'Comparez le SHA-256 avec celui que l’autorité publie, par une autre voie.',
      'Tout ce qu’elle signe sera admis : aucune inconnue ici.',
    ],
    question: 'Le SHA-256 est-il exactement celui que l’autorité publie ?',
    done: (holder: string) => `Autorité admise : ${holder}.`,
    remove: (holder: string) => `Ne plus admettre l’autorité ${holder} ?`,
    removed: (holder: string) => `Autorité retirée : ${holder}. Les certificats enregistrés restent.`,
  },
  list: {
    title: 'Liste de révocation',
    made: 'faite le',
    next: 'prochaine avant le',
    named: 'certificats nommés',
    here: 'enregistrés ici',
    noneHere: 'aucun',
    question: (count: number) =>
      count === 0
        ? 'Prendre cette liste ? Elle ne révoque rien de ce qui est enregistré ici.'
        : `Prendre cette liste ? Elle révoque ici, sans retour : ${count}.`,
    done: (issuer: string) => `Liste de révocation prise : ${issuer}.`,
  },
  renewal: {
    kind: 'clé',
    notes: [
      'La nouvelle clé s’ajoute ; l’ancienne reste admise jusqu’à sa fin.',
      'Les moteurs la prennent au cycle suivant ; elle signe 30 jours après.',
    ],
    question: 'Donner une nouvelle clé au serveur ?',
    done: (key: string) => `Nouvelle clé du serveur : ${key}. Elle signe dans 30 jours.`,
  },
  publication: {
    days: 'jours',
    daysHint: 'durée de la liste, de 1 à 365',
    daysWrong: 'Un nombre de jours, de 1 à 365.',
    fileHint: 'à créer, en entier ou ~ ; vide : au dossier de données seul',
    done: (number: number, revoked: number, file: string) =>
      `Liste n° ${number}, ${revoked === 1 ? '1 révoqué' : `${revoked} révoqués`} : ${file}`,
  },
};

export type CertificateFilesTexts = typeof certificateFiles;
