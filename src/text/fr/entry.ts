/** Ce que disent tous les formulaires et tous les papiers de la console. */
export const entry = {
  required: 'À remplir.',
  tooLong: (limit: number) => `${limit} caractères au plus.`,
  leftOut: {
    lines: 'Une seule ligne : les autres ne sont pas prises. Relisez, puis enregistrez.',
    invisible: 'Des caractères invisibles ont été ôtés. Relisez, puis enregistrez.',
  },
  illegible: 'Caractères illisibles (�) : ce terminal n’envoie pas de l’UTF-8.',
  choose: '← → pour choisir',
  chooseFrom: (what: string) => `← → : ${what}`,
  day: 'JJ/MM/AAAA',
  dayWrong: 'Une date du calendrier, JJ/MM/AAAA.',
  numberWrong: 'Un nombre entier, en chiffres.',
  saving: 'Enregistrement en cours…',
  abandon: 'Abandonner ce qui a été tapé ?',
  kept: (reason: string) => `Rien n’est enregistré, la saisie reste : ${reason}`,
  no: { letter: 'n', label: 'non' },
  yes: { letter: 'o', label: 'oui' },
  written: (file: string) => `Écrit dans ${file}`,
  writing: 'Écriture du fichier…',
  sending: 'Mise en attente du message…',
  queued: (id: number, name: string) => `Message n° ${id} pour ${name} : le moteur l’enverra.`,
  queuedBefore: (id: number) => `Déjà confié au moteur : message n° ${id}.`,
  omitted: '… mouvements plus anciens : voir le relevé imprimé',
  keys: {
    'paper-print': { hint: 'imprimer', help: 'écrire dans un fichier' },
    'paper-send': { hint: 'envoyer', help: 'envoyer au client' },
    'month-before': { hint: 'mois d’avant', help: 'le mois d’avant' },
    'month-after': { hint: 'mois d’après', help: 'le mois d’après' },
  },
  places: { paper: 'Papier', account: 'Compte' },
};

export type EntryTexts = typeof entry;
