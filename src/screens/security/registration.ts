/** A certificate is registered from a file: of a client, an operator, a signatory, or the server's own. */
import type { CertificateOwner, CertificateToRegister, Intake } from '../../core/console-ports.ts';
import { calendarDay, localDay } from '../../text/format.ts';
import { pkiTexts } from '../../text/pki.ts';
import { fitted } from '../components/cell.ts';
import type { Desk, Subject } from '../desk.ts';
import { EntryScreen } from '../form/entry.ts';
import type { PagerLine } from '../pager/pager.ts';
import { inHalves } from './certificate.ts';
import { blameFile, fileField, ownerField, ownerOf } from './file-field.ts';
import type { IntakeSheet } from './intake.ts';

/** Characters of a passphrase. */
const passphraseLimit = 200;

/** Columns of a name in a sentence that has to fit into the message line. */
const nameWidth = 40;

export function registrationEntry(desk: Desk, subject: Subject): EntryScreen {
  const { texts, session } = desk;
  const words = texts.certificateFiles;
  return new EntryScreen(desk, async () => {
    const known = await ownerOf(desk, subject);
    return {
      title: texts.acts['certificate-register'].name,
      fields: [
        ownerField(desk, known, true),
        fileField(desk, 'file', words.file, words.fileHint),
        { id: 'passphrase', label: words.passphrase, secret: true, limit: passphraseLimit },
      ],
      notes: words.registration.notes,
      blame: blameFile,
      save: async ({ client = '', file = '', passphrase = '' }) => {
        const owner = known?.owner ?? typedOwner(client);
        const intake = await session.installation.security.registration(file, passphrase, owner);
        return { told: '', next: () => desk.open('intake', sheetOf(desk, intake)) };
      },
    };
  });
}

function typedOwner(client: string): CertificateOwner {
  return client === '' ? { role: 'server' } : { role: 'station', client: Number(client) };
}

function sheetOf(desk: Desk, { content, enter }: Intake<CertificateToRegister>): IntakeSheet {
  const { texts } = desk;
  const { registration } = texts.certificateFiles;
  const holder = fitted(content.holder, nameWidth);
  return {
    about: content.holder,
    title: texts.acts['certificate-register'].name,
    lines: linesOf(content, desk),
    question: registration.question(holder),
    enter,
    done: registration.done(holder),
  };
}

function linesOf(content: CertificateToRegister, { texts, language }: Desk): PagerLine[] {
  const words = texts.certificateFiles;
  const labels = pkiTexts[language];
  const day = (at: number) => calendarDay(localDay(at), language);
  const { role, hasPrivateKey, notBefore, notAfter } = content;
  const { keyKept, keyLeft } = words.registration;
  return [
    { label: words.owner, text: content.owner ?? words.theServer },
    { label: labels.role, text: labels.roles[role] },
    { label: labels.subject, text: content.holder },
    { label: labels.issuer, text: content.issuer },
    { label: labels.from, text: `${day(notBefore)} ${labels.until} ${day(notAfter)}` },
    { label: words.keyKind, text: words.keyAndKind(content.keyKind, content.key) },
    ...inHalves(labels.fingerprint, content.fingerprint, ' '),
    { label: labels.serial, text: content.serial },
    ...inHalves(labels.sha256, content.sha256, ':'),
    ...(hasPrivateKey ? [{ text: role === 'server' ? keyKept : keyLeft }] : []),
  ];
}
