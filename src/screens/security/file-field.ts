/** Fields for files by their path, and for whom a certificate is; and which field an error of a file is about. */
import { isAbsolute } from 'node:path';
import { showClient } from '../../core/administration/client.ts';
import { showOperator } from '../../core/administration/operator.ts';
import { showSignatory } from '../../core/administration/signatory.ts';
import type { CertificateOwner } from '../../core/console-ports.ts';
import type { Desk, Subject } from '../desk.ts';
import { blaming } from '../form/entry.ts';
import type { FieldOptions } from '../form/form.ts';

/** Characters: what a path has at most on Linux is more than anybody types. */
const pathLimit = 1_000;

export const blameFile = blaming({
  'client-unknown': 'client',
  'file-missing': 'file',
  'file-denied': 'file',
  'file-unreadable': 'file',
  'file-algorithm': 'file',
  'key-passphrase': 'passphrase',
  'key-unsuitable': 'file',
  'key-missing': 'file',
  'certificate-invalid': 'file',
  'certificate-usage': 'file',
  'certificate-period': 'file',
  'certificate-withdrawn': 'file',
  'certificate-known': 'file',
  'certificate-registered': 'file',
  'issuer-unknown': 'file',
  'request-invalid': 'file',
  'revocation-list-invalid': 'file',
  'revocation-list-stale': 'file',
  'revocation-list-issuer': 'file',
  'file-exists': 'out',
  'file-unwritable': 'out',
});

export function fileField({ texts }: Desk, id: 'file' | 'out', label: string, hint: string): FieldOptions {
  return {
    id,
    label,
    hint,
    required: true,
    limit: pathLimit,
    check: value =>
      isAbsolute(value) || /^~(?=$|[\\/])/.test(value) ? undefined : texts.certificateFiles.whole,
  };
}

export function yearsField({ texts }: Desk, years: number, most: number): FieldOptions {
  const { certificateFiles } = texts;
  return {
    id: 'years',
    label: certificateFiles.years,
    value: `${years}`,
    limit: 2,
    required: true,
    check: value =>
      /^[1-9]\d?$/.test(value) && Number(value) <= most ? undefined : certificateFiles.yearsWrong(most),
  };
}

export interface ShownOwner {
  readonly owner: Exclude<CertificateOwner, { readonly role: 'server' }>;
  readonly shown: string;
}

/** Whom the screen that a form was opened from is about; undefined: nobody. */
export async function ownerOf({ texts, session }: Desk, subject: Subject): Promise<ShownOwner | undefined> {
  const { installation, operator } = session;
  const { administration } = installation;
  if (subject.signatory !== undefined) {
    const { id, name } = await showSignatory(administration, operator, subject.signatory);
    return { owner: { role: 'signatory', id }, shown: texts.signatories.named(id, name) };
  }
  if (subject.operator !== undefined) {
    const { userName, name } = await showOperator(administration, operator, subject.operator);
    return { owner: { role: 'operator', userName }, shown: texts.operators.named(userName, name) };
  }
  if (subject.client === undefined) return undefined;
  const { matricule, name } = await showClient(administration, operator, subject.client);
  return { owner: { role: 'station', client: matricule }, shown: texts.clients.named(matricule, name) };
}

/** Not to be changed where it is known. */
export function ownerField(
  { texts }: Desk,
  known: ShownOwner | undefined,
  isServerToo: boolean,
): FieldOptions {
  const { certificateFiles, entry } = texts;
  if (known) return { id: 'client', label: certificateFiles.owner, value: known.shown, readOnly: true };
  return {
    id: 'client',
    label: certificateFiles.client,
    limit: 10,
    required: !isServerToo,
    hint: isServerToo ? certificateFiles.clientOrServerHint : certificateFiles.clientHint,
    check: value => (/^\d+$/.test(value) && Number(value) < 2 ** 31 ? undefined : entry.numberWrong),
  };
}
