/** Ce que « xmserver t2d » et « xmstation t2d » écrivent, et ce qui est posé à côté d’un fichier refusé. */
export const t2d = {
  commandNeeded: 't2d : import ou export',
  unknown: (name: string) => `commande inconnue : t2d ${name}`,
  pathNeeded: 't2d import : donnez un dossier ou des fichiers',
  folderNeeded: 't2d export : donnez un dossier',
  progress: (files: number, of: number) => `${files} fichiers sur ${of}`,
  refused: 'REFUSÉ',
  left: {
    foreign: 'laissé : ce n’est pas un SDC',
    special: 'laissé : lien ou fichier spécial',
    unfinished: 'laissé : pas fini d’écrire',
    elsewhere: 'laissé : pour un autre destinataire',
    unreadable: 'laissé : illisible',
    unmoved: 'traité, mais pas rangé',
  },
  imported: (done: number, refused: number, left: number) =>
    `${done} fichiers traités, ${refused} refusés, ${left} laissés en place`,
  settled: (filed: number, refused: number) =>
    `fiches : ${filed} classées, ${refused} refusées par le serveur`,
  exported: (written: number, present: number) =>
    present === 0 ? `${written} fichiers écrits` : `${written} fichiers écrits, ${present} y étaient déjà`,
  /** Lines of the note, around the reasons. */
  note: (name: string, moment: string) =>
    `Le fichier ${name} a été refusé le ${moment}. Rien n’en a été perdu.`,
};

export type T2dTexts = typeof t2d;
