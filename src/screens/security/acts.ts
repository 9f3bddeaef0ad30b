/** What Fichier / Sécurité has done with files, and with the server's own key. */
import { type Act as ActName, actPrivileges } from '../../core/operator.ts';
import type { Act, ActId } from '../acts.ts';
import type { Desk } from '../desk.ts';
import { whileLost } from '../subject.ts';

export const securityActs = {
  'certificate-register': ofPerson('certificate-import', desk =>
    desk.open('certificate-register', desk.subject),
  ),
  'certificate-issue': ofPerson('certificate-issue', desk => desk.open('certificate-issue', desk.subject)),
  authorities: { privilege: actPrivileges['certificates-view'], run: desk => desk.open('authorities') },
  'authority-import': form('authority-trust', desk => desk.open('authority-import')),
  'server-renew': form('server-renew', desk => desk.open('server-renew')),
  'revocation-list': form('revocation-list', desk => desk.open('revocation-list')),
} satisfies Partial<Record<ActId, Act>>;

/** Whose it is the form asks; but in a list of persons it is that of the one who is chosen. */
function ofPerson(act: ActName, run: (desk: Desk) => void): Act {
  return { ...form(act, run), refusal: desk => unlessChosen(desk) ?? whileLost(desk) };
}

function unlessChosen({ subject, texts }: Desk): string | undefined {
  if ('signatory' in subject && subject.signatory === undefined) return texts.signatories.noneChosen;
  if ('operator' in subject && subject.operator === undefined) return texts.operators.noneChosen;
  return undefined;
}

function form(act: ActName, run: (desk: Desk) => void): Act {
  return { privilege: actPrivileges[act], changes: true, refusal: whileLost, run };
}
