/** An import or export of T2D in words: how far it is, and in the end what became of each file. */
import { sentence } from '../../core/errors.ts';
import type { Language } from '../../core/language.ts';
import { printable } from '../../core/t2d.ts';
import { grouped } from '../../text/format.ts';
import { leftText, t2dTexts } from '../../text/t2d.ts';
import type { Desk } from '../desk.ts';
import { faultOf, reasonOf, wordsOf } from '../fault.ts';
import { type PagerLine, wrapped } from '../pager/pager.ts';
import type { Report } from './transfer.ts';

type Words = Pick<Desk, 'texts' | 'language'>;

/** Beside a label. */
const besideLabel = 54;
const besideName = 72;

export function reportLines(report: Report, desk: Words): PagerLine[] {
  const { t2d } = desk.texts;
  const { order, state, tally, trouble, fault, notes } = report;
  const isOver = state !== 'running' && state !== 'stopping';
  return [
    ...labelled(t2d.directions[order.direction], order.folder),
    ...(order.direction === 'export'
      ? [{ label: t2d.client, text: order.client === undefined ? t2d.everybody : `${order.client}` }]
      : []),
    // Of an export that is over the result says as much, and the reasons need the room.
    ...(order.direction === 'import' || (!isOver && report.progress.of > 0)
      ? [{ label: t2d.files, text: countsText(report, desk.language) }]
      : []),
    { label: t2d.state, text: t2d.states[state], isBad: state === 'failed' },
    ...labelled(t2d.results, resultText(report, desk.language)),
    ...(fault === undefined ? [] : labelled('', wordsOf(reasonOf(fault), desk.texts, desk.language), true)),
    ...(trouble === undefined
      ? []
      : [
          ...labelled('', faultOf(reasonOf(trouble), desk.texts, desk.language), true),
          ...labelled('', t2d.waitsForDatabase),
        ]),
    ...(isOver && tally.hasFailed ? labelled('', t2d.again, true) : []),
    ...notes.flatMap(note => labelled('', printable(note), true)),
    ...(isOver ? fileLines(report, desk) : []),
  ];
}

/** `12 files dealt with, 1 refused, …`, as the commands say it. */
export function resultText({ order, tally, written }: Report, language: Language): string {
  const texts = t2dTexts[language];
  if (order.direction === 'export') return texts.exported(written.written, written.present);
  const { done, refused, left } = tally.counts;
  return texts.imported(done, refused, left);
}

function countsText({ progress }: Report, language: Language): string {
  return `${grouped(progress.files, language)} / ${grouped(progress.of, language)}`;
}

/** Of an export before its files are counted: what there is. */
export function progressText(report: Report, language: Language): string {
  const { order, progress } = report;
  return order.direction === 'export' && progress.of === 0
    ? resultText(report, language)
    : t2dTexts[language].progress(progress.files, progress.of);
}

/** Each file that was refused or left alone, and why: while it goes on they would cost a slow link too much. */
function fileLines({ tally }: Report, { language }: Words): PagerLine[] {
  const texts = t2dTexts[language];
  const refused = tally.refused.map(({ name, reasons }) => ({
    name,
    why: reasons.map(({ code, params }) => `${texts.refused}  ${sentence(code, params, language)}`),
    isBad: true,
  }));
  const left = tally.left.map(one => ({ name: one.name, why: [leftText(one, language)], isBad: false }));
  return [...refused, ...left].flatMap(({ name, why, isBad }, at) => [
    ...(at === 0 ? [{ text: '' }] : []),
    { text: printable(name), isBad },
    ...why.flatMap(reason => wrapped(reason, besideName).map(text => ({ text: `   ${text}`, isBad }))),
  ]);
}

function labelled(label: string, text: string, isBad = false): PagerLine[] {
  return wrapped(text, besideLabel).map((line, at) => ({ label: at === 0 ? label : '', text: line, isBad }));
}
