/** Ce que disent les écrans du menu Signataires. */
export const signatories = {
  menu: 'Signataires',
  acts: {
    signatories: { name: 'Liste des signataires', commands: ['signataires'], running: '', done: '' },
    'signatory-create': {
      name: 'Créer un signataire',
      commands: ['créer-signataire', 'creer-signataire'],
      running: '',
      done: '',
    },
    'signatory-change': { name: 'Modifier', commands: ['modifier-signataire'], running: '', done: '' },
    'signatory-end': { name: 'Mettre fin', commands: ['fin-signataire'], running: '', done: '' },
  },
  keys: {
    'menu-signataires': { hint: 'Signataires', help: 'menu Signataires' },
    'signatory-create': { hint: 'créer', help: 'créer un signataire' },
    'signatory-change': { hint: 'modifier', help: 'modifier le signataire' },
    'signatory-end': { hint: 'mettre fin', help: 'fixer son dernier jour' },
  },
  places: { signatories: 'Signataires' },

  title: 'Signataires',
  nothing: 'Aucun signataire trouvé.',
  noneChosen: 'Choisissez d’abord un signataire dans la liste (:signataires).',
  named: (id: number, name: string) => `n° ${id} « ${name} »`,
  number: 'n°',
  client: 'client',
  clientHint: 'son matricule',
  name: 'nom',
  quality: 'qualité',
  certificate: 'certificat',
  certificateHint: 'la clé, 16 chiffres hexadécimaux ; vide : aucun',
  from: 'du',
  until: 'au',
  untilHint: 'JJ/MM/AAAA ; vide : sans fin',
  made: (signatory: string) => `Signataire enregistré : ${signatory}.`,
  end: (signatory: string, until: string) => `Mettre fin le ${until} au signataire ${signatory} ?`,
  ended: (signatory: string, until: string) => `Signataire ${signatory} : jusqu’au ${until} compris.`,
};

export type SignatoriesTexts = typeof signatories;
