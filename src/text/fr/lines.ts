/** Ce que dit la console en lignes, en plus des textes des écrans. */
export const lines = {
  prompt: (label: string) => `${label} : `,
  command: 'Commande',
  answer: 'Réponse',
  choice: (letter: string, label: string) => `${letter} : ${label}`,
  welcome: 'Tapez « aide » pour les commandes, « ? » pour les touches, « . » pour revenir.',
  following: 'Les événements viennent à mesure. Entrée : fin.',
  followed: 'Fin du suivi.',
  transferring: 'T2D en cours. Entrée : arrêter.',
  more: 'Pour la suite : « suite ».',
  noMore: 'Il n’y a pas de suite.',
  unknown: (command: string) => `Commande inconnue : ${command}. « aide » montre les commandes.`,
  call: (usage: string) => `Donnez : ${usage}.`,
  help: 'Les commandes, en français ou en anglais :',
  form: (title: string) => `${title} (« . » : abandonner)`,
  fields: 'Une ligne vide garde ce qui est entre crochets, « - » le vide ; « ! » enregistre sans la suite.',
  givenUp: 'Abandonné.',
  present: (label: string, value: string) => `${label} [${value}]`,
  typed: 'déjà tapé',
  invisible: 'Des caractères invisibles ont été ôtés.',
  noChoice: 'Un de ces choix, s’il vous plaît ; « ? » les redit.',
  notSaved: {
    question: 'Que faire de ce formulaire ?',
    save: { letter: 'e', label: 'enregistrer de nouveau' },
    mend: { letter: 'c', label: 'corriger les champs' },
    abandon: { letter: 'a', label: 'abandonner' },
  },

  list: (title: string, search: string, count: string) =>
    `${title}${search === '' ? '' : `, recherche « ${search} »`}${count === '' ? '' : ` : ${count}`}`,
  counted: (found: string, total: string) => `${found} sur ${total}`,
  row: (number: number, row: string) => `${number}. ${row}`,
  rows: 'Une ligne se choisit par son numéro : « 2 » l’ouvre, « 2 K » lui applique la touche K ; « K » seul, à la dernière choisie.',
  rowGone: (number: number) => `Aucune ligne ${number} ici.`,
  chosen: (row: string) => `Choisie : ${row}`,
  sortBy: 'Trier par :',
  keys: (keys: string) => `Touches : ${keys}.`,
  key: (name: string, does: string) => `${name} ${does}`,
  search: '/mots',
  number: 'numéro',
  allKeys: 'toutes les touches',
  noKeys: 'Aucune touche ici.',
  ends: 'Entrée : arrêter.',

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
