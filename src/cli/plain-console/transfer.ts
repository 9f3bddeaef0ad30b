/** T2D in lines: told as it goes on, and in the end what became of each file. */
import type { ActId } from '../../screens/acts.ts';
import { refusalOf } from '../../screens/acts.ts';
import { watchedLines } from '../../screens/transmissions/t2d.ts';
import type { Order, Report } from '../../screens/transmissions/transfer.ts';
import { begin } from '../../screens/transmissions/transfer-entry.ts';
import { progressText, reportLines, resultText } from '../../screens/transmissions/transfer-report.ts';
import type { LineDesk } from './line-desk.ts';
import { pagerLine } from './listing.ts';

/** The watched folder, and the last import or export of the session. */
export async function tellT2d(desk: LineDesk): Promise<void> {
  const { installation, transfer: own } = desk.session;
  for (const line of watchedLines(await installation.t2d.watched(), desk)) desk.print(pagerLine(line, desk));
  if (own.report) tellReport(own.report, desk);
}

/** Resolves when it is over. Enter stops it; what is typed meanwhile is the next command. */
export async function transfer(desk: LineDesk, act: ActId, order: Order): Promise<void> {
  const { transfer: own } = desk.session;
  const refusal = refusalOf(act, desk);
  if (refusal !== undefined) return desk.say(refusal);
  const over = Promise.withResolvers<void>();
  const ended = new AbortController();
  const unsubscribe = own.subscribe(progressPrinter(desk));
  try {
    await begin(desk, order, () => over.resolve());
    desk.print(desk.lines.transferring);
    void desk.input.emptyLine(ended.signal).then(() => ended.signal.aborted || own.stop());
    await over.promise;
  } finally {
    unsubscribe();
    ended.abort();
  }
  if (own.report) tellReport(own.report, desk);
}

/** How far it is, whenever that is another line than before. */
function progressPrinter(desk: LineDesk): () => void {
  const { transfer: own } = desk.session;
  let told = '';
  return () => {
    const { report } = own;
    if (!report || !own.isRunning) return;
    const { language, texts } = desk;
    const line =
      report.trouble === undefined
        ? report.order.direction === 'import'
          ? progressText(report, language)
          : resultText(report, language)
        : texts.t2d.waitsForDatabase;
    if (line !== told) desk.print(line);
    told = line;
  };
}

function tellReport(report: Report, desk: LineDesk): void {
  for (const line of reportLines(report, desk)) if (line.text !== '') desk.print(pagerLine(line, desk));
}
