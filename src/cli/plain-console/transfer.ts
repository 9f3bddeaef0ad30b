/** T2D in lines: told as it goes on, and in the end what became of each file. */
import type { ActId } from '../../screens/acts.ts';
import { refusalOf } from '../../screens/acts.ts';
import type { Order, Report } from '../../screens/transmissions/transfer.ts';
import { begin } from '../../screens/transmissions/transfer-entry.ts';
import { progressText, reportLines } from '../../screens/transmissions/transfer-report.ts';
import type { LineDesk } from './line-desk.ts';
import { textsOf } from './telling.ts';

/** Resolves when it is over. Enter stops it; what is typed meanwhile is the next command. */
export async function transfer(desk: LineDesk, act: ActId, order: Order): Promise<void> {
  const { transfer: own } = desk.session;
  const refusal = refusalOf(act, desk);
  if (refusal !== undefined) return desk.say(refusal);
  // What it would show is told here.
  if (desk.top.id === 't2d') desk.back();
  const over = Promise.withResolvers<void>();
  const ended = new AbortController();
  const unsubscribe = own.subscribe(progressPrinter(desk));
  try {
    await begin(desk, order, () => over.resolve());
    desk.talk.say(desk.talk.lines.transferring);
    void desk.talk.input.emptyLine(ended.signal).then(() => ended.signal.aborted || own.stop());
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
    const line = report.trouble === undefined ? progressText(report, language) : texts.t2d.waitsForDatabase;
    if (line !== told) desk.talk.say(line);
    told = line;
  };
}

function tellReport(report: Report, desk: LineDesk): void {
  for (const line of textsOf(reportLines(report, desk), desk.talk)) desk.talk.say(line);
}
