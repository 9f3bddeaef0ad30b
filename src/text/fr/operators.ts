/** Ce que disent les écrans du menu Utilisateurs. */
export const operators = {
  menu: 'Utilisateurs',
  acts: {
    operators: { name: 'Liste des utilisateurs', commands: ['utilisateurs'], running: '', done: '' },
    'operator-create': {
      name: 'Créer un utilisateur',
      commands: ['créer-utilisateur', 'creer-utilisateur'],
      running: '',
      done: '',
    },
    'operator-change': { name: 'Modifier', commands: ['modifier-utilisateur'], running: '', done: '' },
    'operator-password': {
      name: 'Nouveau mot de passe',
      commands: ['mot-de-passe-utilisateur'],
      running: '',
      done: '',
    },
    'operator-suspend': { name: 'Suspendre', commands: ['suspendre'], running: '', done: '' },
  },
  keys: {
    'menu-utilisateurs': { hint: 'Utilisateurs', help: 'menu Utilisateurs' },
    'operator-create': { hint: 'créer', help: 'créer un utilisateur' },
    'operator-change': { hint: 'modifier', help: 'nom, certificat, privilège' },
    'operator-password': { hint: 'mot de passe', help: 'nouveau mot de passe' },
    'operator-suspend': { hint: 'suspendre', help: 'suspendre l’utilisateur' },
  },
  places: { operators: 'Utilisateurs' },

  title: 'Utilisateurs',
  nothing: 'Aucun utilisateur trouvé.',
  noneChosen: 'Choisissez d’abord un utilisateur dans la liste (:utilisateurs).',
  named: (userName: string, name: string) => `${userName} « ${name} »`,
  number: 'numéro',
  created: 'date',
  name: 'nom',
  userName: 'nom utilisateur',
  certificateName: 'nom certificat',
  privilege: 'privilège',
  privileges: ['suspendu', 'consulte', 'clients et signataires', 'chef de centre', 'Superviseur'],
  privilegeLine: (level: number, words: string) => `${level}  ${words}`,
  password: 'mot de passe',
  again: 'encore une fois',
  personally: 'La personne tape elle-même son mot de passe, deux fois : rien ne s’affiche.',
  made: (operator: string) => `Utilisateur créé : ${operator}.`,
  changed: (operator: string) => `Utilisateur enregistré : ${operator}.`,
  passwordSet: (operator: string) => `Mot de passe enregistré : ${operator}.`,
  suspend: (operator: string) => `Suspendre l’utilisateur ${operator} ?`,
  suspending: 'Suspension…',
  suspended: (operator: string) => `Utilisateur suspendu : ${operator}.`,
};

export type OperatorsTexts = typeof operators;
