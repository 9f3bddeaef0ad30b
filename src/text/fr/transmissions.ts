/** Transmissions : Test Broker, MQTT Subscribe et T2D. */
export const brokerTest = {
  title: 'Test Broker',
  begins: 'Le test commence ; il dure une minute au plus. Échap l’interrompt.',
  runs: 'Le test est en cours. Échap l’interrompt.',
  ending: 'Fin du test : ce qu’il a laissé chez le broker est retiré…',
  aborted: 'Test interrompu : ce qui suit est tout ce qu’il a vu.',
  ended: 'Test terminé.',
};

export const subscription = {
  title: 'MQTT Subscribe',
  link: 'liaison',
  protocol: 'protocole',
  topics: 'abonné à',
  none: 'rien pour l’instant',
  advice: [
    'R abonne de nouveau le moteur, au broker choisi dans Fichier / Brokers.',
    '$share : les moteurs se partagent les messages.',
  ],
};

export const t2d = {
  acts: {
    t2d: { name: 'T2D', commands: ['t2d'], running: '', done: '' },
    't2d-import': { name: 'T2D : importer', commands: ['t2d-import'], running: '', done: '' },
    't2d-export': { name: 'T2D : exporter', commands: ['t2d-export'], running: '', done: '' },
    't2d-stop': {
      name: 'T2D : arrêter',
      commands: ['t2d-arrêter', 't2d-arreter'],
      running: '',
      done: 'Arrêt demandé : ce qui est en main est fini d’abord.',
    },
  },
  keys: {
    t2d: { hint: 'T2D', help: 'T2D : SDC en fichiers, sur clé USB ou par courriel' },
    't2d-import': { hint: 'importer', help: 'classer les SDC d’un dossier ou d’une clé' },
    't2d-export': { hint: 'exporter', help: 'écrire reçus et réponses dans un dossier' },
    't2d-stop': { hint: 'arrêter', help: 'arrêter : le fait reste fait, le reste attend' },
  },
  title: 'T2D : SDC en fichiers',
  importing: 'Importer',
  exporting: 'Exporter',
  watched: 'dossier surveillé',
  on: 'en marche ; arrêt dans Fichier / Paramètres',
  off: 'arrêté ; mise en marche dans Fichier / Paramètres',
  waits: 'y attendent',
  waiting: (incoming: string, outgoing: string) =>
    `${incoming} à classer (in/) · ${outgoing} à emporter (out/)`,
  advice: [
    'I classe les SDC qu’un bureau a apportés : traités, ils passent dans done/, refusés, dans refused/ avec le motif.',
    'E écrit les reçus et réponses à lui rapporter.',
  ],
  directions: { import: 'import', export: 'export' },
  client: 'client',
  everybody: 'tous',
  state: 'état',
  states: {
    running: 'en cours ; X l’arrête, tout autre écran reste ouvert',
    stopping: 'arrêt demandé ; ce qui est en main est fini d’abord',
    done: 'fini',
    stopped: 'arrêté ; le fait reste fait, le reste attend',
    failed: 'interrompu ; le fait reste fait, le reste attend',
  },
  files: 'fichiers',
  results: 'résultat',
  waitsForDatabase: 'L’import attend la base et reprendra de lui-même.',
  again: 'Rien n’est perdu : ce qui n’a pas été lu ou rangé se reprend en recommençant.',
  runs: 'T2D est en cours : X l’arrête (Transmissions / T2D).',
  nothingRuns: 'Aucun import ni export T2D n’est en cours.',
  begun: 'T2D : en cours. X l’arrête.',
  ended: {
    done: (result: string) => `T2D fini : ${result}.`,
    stopped: (result: string) => `T2D arrêté : ${result}.`,
  },
  folder: 'dossier',
  folderHint: 'clés branchées, dernier dossier, votre dossier',
  other: 'ou un autre',
  otherImportHint: 'chemin complet, dossier ou fichier ; vide : au-dessus',
  otherExportHint: 'chemin complet ; vide : celui du dessus',
  whole: 'Un chemin complet : /media/cle, ou ~ pour le vôtre.',
  clientHint: 'matricule ; vide : tous les clients',
  clientWrong: 'Un matricule, en chiffres ; ou rien.',
  quit: 'Quitter XMServer ? T2D en cours s’arrête ; ce qui reste attend.',
};
