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
  /** Ce que le système dit d’un fichier. */
  faults: {
    ENOENT: 'il n’est plus là',
    ENOSPC: 'plus de place',
    EROFS: 'support protégé en écriture',
    EACCES: 'accès refusé',
    EPERM: 'accès refusé',
    EIO: 'le support ne répond plus',
  },
  imported: (done: number, refused: number, left: number) =>
    `${plural(done, 'fichier traité', 'fichiers traités')}, ${plural(refused, 'refusé', 'refusés')}, ${plural(left, 'laissé en place', 'laissés en place')}`,
  settled: (filed: number, refused: number) =>
    `fiches : ${filed} classées, ${refused} refusées par le serveur`,
  exported: (written: number, present: number) =>
    plural(written, 'fichier écrit', 'fichiers écrits') +
    (present === 0 ? '' : `, ${plural(present, 'y était déjà', 'y étaient déjà')}`),
  /** Lines of the note, around the reasons. */
  note: (name: string, moment: string) =>
    `Le fichier ${name} a été refusé le ${moment}. Rien n’en a été perdu.`,
};

function plural(count: number, one: string, several: string): string {
  return `${count} ${count < 2 ? one : several}`;
}

export type T2dTexts = typeof t2d;
