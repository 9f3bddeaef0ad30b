/** The words of `xmserver t2d` and `xmstation t2d`: apart from the commands, so that a console that opens does not load them. */
import type { Language } from '../core/language.ts';

/** For clients and offices alike. */
export const t2dHelp: Readonly<Record<Language, string>> = {
  fr: `
  xmserver t2d import DOSSIER|FICHIER … [--json]
                                classe les SDC apportés en fichiers (.sdc, .p7m, .cms, .pem, .der,
                                courriels .eml) ; ce qui est traité passe dans done/, ce qui est
                                refusé dans refused/, avec un .txt qui dit pourquoi
  xmserver t2d export DOSSIER [--client MATRICULE] [--json]
                                écrit en fichiers les reçus et réponses qui attendent, et ceux des
                                clients venus en fichiers ces 30 derniers jours
  Avec « xmserver setting set t2dWatch 1 », le moteur fait de même, dès qu’un fichier arrive, avec
  t2d/in et t2d/out du dossier de données.

Codes de sortie : 0 fait · 1 échec, ou fichiers illisibles ou pas rangés · 2 appel incorrect
                  5 fichiers refusés`,
  en: `
  xmserver t2d import FOLDER|FILE … [--json]
                                files the SDCs that were brought as files (.sdc, .p7m, .cms, .pem,
                                .der, e-mails .eml); what is dealt with moves to done/, what is
                                refused to refused/, with a .txt that says why
  xmserver t2d export FOLDER [--client MATRICULE] [--json]
                                writes the receipts and answers that wait as files, and those of
                                clients who brought files in the last 30 days
  With "xmserver setting set t2dWatch 1" the engine does the same, as soon as a file comes, with
  t2d/in and t2d/out of the data folder.

Exit codes: 0 done · 1 failed, or files unreadable or not moved · 2 wrong call · 5 files refused`,
};
