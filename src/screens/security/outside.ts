/** An authority from outside, or its revocation list, is taken in from a file. */
import type { AuthorityRow, Intake, OutsideContent, OutsideListContent } from '../../core/console-ports.ts';
import { calendarDay, grouped, localDay } from '../../text/format.ts';
import { pkiTexts } from '../../text/pki.ts';
import { fitted } from '../components/cell.ts';
import type { Desk } from '../desk.ts';
import { EntryScreen } from '../form/entry.ts';
import type { PagerLine } from '../pager/pager.ts';
import { inHalves } from './certificate.ts';
import { blameFile, fileField } from './file-field.ts';
import type { IntakeSheet } from './intake.ts';

/** Columns of a name in a sentence that has to fit into the message line. */
const nameWidth = 40;

export function outsideEntry(desk: Desk): EntryScreen {
  const { texts, session } = desk;
  const { authorities, file: label } = texts.certificateFiles;
  return new EntryScreen(desk, () => ({
    title: texts.acts['authority-import'].name,
    fields: [fileField(desk, 'file', label, authorities.fileHint)],
    notes: authorities.notes,
    blame: blameFile,
    save: async ({ file = '' }) => {
      const intake = await session.installation.security.outside(file);
      return { told: '', next: () => desk.open('intake', sheetOf(desk, intake)) };
    },
  }));
}

function sheetOf(desk: Desk, { content, enter }: Intake<OutsideContent>): IntakeSheet {
  return content.kind === 'list'
    ? { ...listSheet(desk, content.list), enter }
    : { ...authoritySheet(desk, content.authorities), enter };
}

function authoritySheet(desk: Desk, rows: readonly AuthorityRow[]): Omit<IntakeSheet, 'enter'> {
  const { authorities } = desk.texts.certificateFiles;
  const holder = rows.map(row => row.holder).join(', ');
  return {
    about: holder,
    title: desk.texts.acts['authority-import'].name,
    lines: [
      ...rows.flatMap(row => [...authorityLines(row, desk), { text: '' }]),
      ...authorities.compare.map(text => ({ text })),
    ],
    question: authorities.question,
    done: authorities.done(fitted(holder, nameWidth)),
  };
}

export function authorityLines(row: AuthorityRow, { texts, language }: Desk): PagerLine[] {
  const { authorities } = texts.certificateFiles;
  const labels = pkiTexts[language];
  const day = (at: number) => calendarDay(localDay(at), language);
  return [
    { label: labels.subject, text: row.holder },
    { label: labels.issuer, text: row.issuer },
    { label: authorities.kind, text: row.anchor ? authorities.anchor : authorities.between },
    { label: labels.from, text: `${day(row.notBefore)} ${labels.until} ${day(row.notAfter)}` },
    ...inHalves(labels.sha256, row.key, ':'),
  ];
}

function listSheet(desk: Desk, content: OutsideListContent): Omit<IntakeSheet, 'enter'> {
  const { texts, language } = desk;
  const { list } = texts.certificateFiles;
  const labels = pkiTexts[language];
  const day = (at: number) => calendarDay(localDay(at), language);
  const { issuer, here } = content;
  return {
    about: issuer,
    title: list.title,
    lines: [
      { label: labels.issuer, text: issuer },
      { label: list.made, text: day(content.thisUpdate) },
      { label: list.next, text: day(content.nextUpdate) },
      { label: list.named, text: grouped(content.named, language) },
      { label: list.here, text: here.length === 0 ? list.noneHere : grouped(here.length, language) },
      ...here.map(holder => ({ label: '', text: holder, isBad: true })),
    ],
    question: list.question(here.length),
    done: list.done(fitted(issuer, nameWidth)),
  };
}
