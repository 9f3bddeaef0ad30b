/** Ce que disent la connexion à PostgreSQL et la mise en service. */
export const connexion = {
  title: 'Connexion à PostgreSQL',
  host: 'hôte',
  port: 'port',
  user: 'utilisateur',
  password: 'mot de passe',
  sslmode: 'TLS',
  ca: 'autorité',
  portWrong: 'Un nombre de 1 à 65535.',
  passwordKept: 'vide : le mot de passe enregistré reste',
  passwordHint: 'vide : sans mot de passe, ou celui de PGPASSWORD',
  caHint: 'fichier PEM de qui répond du serveur ; vide : celles du système',
  sslmodes: {
    '': 'comme le dit PGSSLMODE ; sans lui, sans chiffrement',
    disable: 'sans chiffrement',
    require: 'chiffré, serveur non vérifié',
    'verify-ca': 'chiffré, autorité vérifiée',
    'verify-full': 'chiffré, autorité et nom du serveur vérifiés',
  },
  notes: [
    'Les bases XMServerSystem et XMServerData y sont créées ou mises à niveau.',
    'Seule une connexion qui a réussi est enregistrée.',
  ],
  kept: 'Connexion enregistrée.',
  notAsked: 'Rien à donner : PostgreSQL est embarqué, ou la console ne fait que regarder.',
};

export type ConnexionTexts = typeof connexion;

export const setup = {
  acts: { setup: { name: 'Mise en service', commands: ['mise-en-service'], running: '', done: '' } },
  keys: {
    connexion: { hint: 'connexion', help: 'donner une autre connexion à PostgreSQL' },
    'setup-next': { hint: 'continuer', help: 'faire l’étape qui vient ; à la fin, le Moniteur' },
    'setup-skip': { hint: 'passer', help: 'passer l’étape qui vient' },
    'setup-test': { hint: 'tester le broker', help: 'tester le broker choisi' },
  },
  places: { setup: 'Mise en service' },

  title: 'Mise en service',
  complete: 'Mise en service : tout est en place',
  incomplete: 'Mise en service : la suite plus tard',
  step: (number: number, what: string) => `Mise en service ${number} / 4 · ${what}`,
  lacksOperator: 'Aucun utilisateur encore : « xmserver setup » crée le premier.',

  firstOperator: 'Le premier utilisateur',
  superviseur: [
    'C’est le Superviseur, privilège 4 : bases, certificats, licence, utilisateurs.',
    'Il tape lui-même son mot de passe, deux fois : rien ne s’affiche.',
  ],
  certificate: 'Certificat du serveur, SHA-256 :',
  operatorMade: (userName: string) => `Utilisateur créé, session ouverte : ${userName}, privilège 4.`,

  connexion: 'PostgreSQL',
  certificateLabel: 'certificat',
  certificateWhere: 'autorité et serveur : Fichier / Sécurité',
  operator: 'utilisateur',
  tables: 'il écrit',
  noTables: 'aucune table : Clients / Droits sur les tables',
  now: 'à faire',
  later: 'ensuite',
  skippedState: (menu: string) => `passé ; on y revient par ${menu}`,
  skipped: (name: string, menu: string) => `Passé : ${name}. On y revient par ${menu}.`,
  nothingLeft: 'Il ne reste aucune étape à passer.',
  brokerChosen: (url: string) => `Broker choisi : ${url}. T le teste.`,
  steps: {
    broker: {
      name: 'broker',
      menu: 'Fichier / Brokers',
      what: 'Le broker',
      how: 'Par lui passent les SDC. Entrée : adresse et compte ; P : passer cette étape.',
    },
    client: {
      name: 'premier client',
      menu: 'Clients / Créer un client',
      what: 'Le premier client',
      how: 'Un centre, une agence. Entrée : le créer ; P : passer cette étape.',
    },
  },
  trial: [
    'Ceci est l’essai. Pour de bon, avec un PostgreSQL et un broker à vous :',
    '« xmserver setup » après « xmserver stop », ou avec un autre dossier (--data).',
    'Entrée : le Moniteur, où L lance le moteur.',
  ],
  office: (dataFolder: string) => [
    'Au bureau : donnez son matricule, un compte au broker, et server.crt, de',
    `${dataFolder}/certificates`,
    'Il tape « xmstation init », puis « xmstation enrol --online » ; sa demande',
    's’accepte dans Fichier / Sécurité, l’empreinte comparée au téléphone.',
    'Entrée : le Moniteur, où L lance le moteur.',
  ],
};

export type SetupTexts = typeof setup;
