/** What `xmserver t2d` and `xmstation t2d` write, and what is laid beside a refused file. */
import type { T2dTexts } from '../fr/t2d.ts';

export const t2d: T2dTexts = {
  commandNeeded: 't2d: import or export',
  unknown: (name: string) => `unknown command: t2d ${name}`,
  pathNeeded: 't2d import: give a folder or files',
  folderNeeded: 't2d export: give a folder',
  progress: (files: number, of: number) => `${files} files of ${of}`,
  refused: 'REFUSED',
  left: {
    foreign: 'left alone: no SDC',
    special: 'left alone: link or special file',
    unfinished: 'left alone: not written to its end',
    elsewhere: 'left alone: for another recipient',
    unreadable: 'left alone: cannot be read',
    unmoved: 'dealt with, but not moved',
  },
  imported: (done: number, refused: number, left: number) =>
    `${done} files dealt with, ${refused} refused, ${left} left in place`,
  settled: (filed: number, refused: number) => `records: ${filed} filed, ${refused} refused by the server`,
  exported: (written: number, present: number) =>
    present === 0 ? `${written} files written` : `${written} files written, ${present} were there already`,
  note: (name: string, moment: string) =>
    `The file ${name} was refused on ${moment}. Nothing of it was lost.`,
};
