/** Ce que dit la console en lignes, en plus des textes des écrans. */
export const lines = {
  prompt: (label: string) => `${label} : `,
  command: 'Commande',
  answer: 'Réponse',
  choice: (letter: string, label: string) => `${letter} : ${label}`,
  welcome: 'Tapez « aide » pour les commandes.',
  following: 'Les événements viennent à mesure. Entrée : fin.',
  followed: 'Fin du suivi.',
  transferring: 'T2D en cours. Entrée : arrêter.',
  more: 'Pour la suite : « suite ».',
  noMore: 'Il n’y a pas de suite.',
  noLines: 'Cela ne se fait qu’à l’écran : « xmserver » sans --plain.',
  unknown: (command: string) => `Commande inconnue : ${command}. « aide » montre les commandes.`,
  call: (usage: string) => `Donnez : ${usage}.`,
  help: 'Les commandes, en français ou en anglais :',

  /** `names` : le premier est celui que montre l’aide. */
  commands: {
    status: { names: ['état', 'etat'], argument: '', help: 'ce qui tourne, et les compteurs' },
    follow: { names: ['suivre'], argument: '', help: 'les événements à mesure, jusqu’à Entrée' },
    messages: {
      names: ['messages'],
      argument: '[MATRICULE|TABLE|SORT]',
      help: 'le journal des messages, les plus récents d’abord',
    },
    message: { names: ['message'], argument: 'N', help: 'un message : son sort et son contenu' },
    retry: { names: ['réessayer', 'reessayer'], argument: 'N', help: 'traiter de nouveau un message refusé' },
    clients: { names: ['clients'], argument: '[MOTS]', help: 'les clients, par matricule' },
    client: { names: ['client'], argument: 'MATRICULE', help: 'la fiche d’un client' },
    import: {
      names: ['t2d-import'],
      argument: 'DOSSIER|FICHIER',
      help: 'T2D : classer les SDC d’un dossier ou d’une clé',
    },
    export: {
      names: ['t2d-export'],
      argument: 'DOSSIER [--client MATRICULE]',
      help: 'T2D : écrire reçus et réponses dans un dossier',
    },
    more: { names: ['suite'], argument: '', help: 'la suite de la liste' },
  },
};

export type LinesTexts = typeof lines;
