/** Our authority makes a certificate for a request that came as a file, once its fingerprint was compared. */
import type { CertificateToIssue, Intake } from '../../core/console-ports.ts';
import { calendarDay, localDay } from '../../text/format.ts';
import { pkiTexts } from '../../text/pki.ts';
import { fitted } from '../components/cell.ts';
import type { Desk, Subject } from '../desk.ts';
import { EntryScreen } from '../form/entry.ts';
import type { PagerLine } from '../pager/pager.ts';
import { blameFile, fileField, ownerField, ownerOf, yearsField } from './file-field.ts';
import type { IntakeSheet } from './intake.ts';

const usualYears = 2;
const mostYears = 10;

/** Columns of a name in a sentence that has to fit into the message line. */
const nameWidth = 28;

export function issuanceEntry(desk: Desk, subject: Subject): EntryScreen {
  const { texts, session } = desk;
  const { security } = session.installation;
  const words = texts.certificateFiles;
  return new EntryScreen(desk, async () => {
    // Before anything is typed: the authority's key may be on another machine.
    await security.demandAuthority();
    const known = await ownerOf(desk, subject);
    return {
      title: texts.acts['certificate-issue'].name,
      fields: [
        ownerField(desk, known, false),
        fileField(desk, 'file', words.request, words.requestHint),
        fileField(desk, 'out', words.out, words.outHint),
        yearsField(desk, usualYears, mostYears),
      ],
      notes: words.issuance.notes,
      blame: blameFile,
      save: async ({ client = '', file = '', out = '', years }) => {
        const owner = known?.owner ?? ({ role: 'station', client: Number(client) } as const);
        const intake = await security.issuance({ file, out, owner, years: Number(years) });
        return { told: '', next: () => desk.open('intake', sheetOf(desk, intake)) };
      },
    };
  });
}

function sheetOf(desk: Desk, { content, enter }: Intake<CertificateToIssue>): IntakeSheet {
  const { texts } = desk;
  const { issuance } = texts.certificateFiles;
  return {
    about: content.owner,
    title: texts.acts['certificate-issue'].name,
    lines: linesOf(content, desk),
    question: issuance.question(fitted(content.owner, nameWidth)),
    enter,
    done: issuance.done(content.out),
  };
}

function linesOf(content: CertificateToIssue, { texts, language }: Desk): PagerLine[] {
  const words = texts.certificateFiles;
  const labels = pkiTexts[language];
  const groups = content.fingerprint.split(' ');
  return [
    { label: words.owner, text: content.owner },
    { label: words.asked, text: content.asked },
    { label: labels.subject, text: content.holder },
    { label: labels.until, text: calendarDay(localDay(content.notAfter), language) },
    { label: words.keyKind, text: words.keyAndKind(content.keyKind, content.key) },
    { label: words.out, text: content.out },
    { text: '' },
    { label: labels.fingerprint, text: groups.slice(0, 4).join('   ') },
    { text: '' },
    { label: '', text: groups.slice(4).join('   ') },
    { text: '' },
    ...texts.certificateFiles.issuance.advice.map(text => ({ text })),
  ];
}
