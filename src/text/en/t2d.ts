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
  faults: {
    ENOENT: 'it is there no more',
    ENOSPC: 'no room left',
    EROFS: 'the medium is write-protected',
    EACCES: 'access denied',
    EPERM: 'access denied',
    EIO: 'the medium answers no more',
  },
  imported: (done: number, refused: number, left: number) =>
    `${files(done)} dealt with, ${refused} refused, ${left} left in place`,
  settled: (filed: number, refused: number) => `records: ${filed} filed, ${refused} refused by the server`,
  exported: (written: number, present: number) =>
    `${files(written)} written${present === 0 ? '' : `, ${present} there already`}`,
  note: (name: string, moment: string) =>
    `The file ${name} was refused on ${moment}. Nothing of it was lost.`,
};

function files(count: number): string {
  return `${count} file${count === 1 ? '' : 's'}`;
}
