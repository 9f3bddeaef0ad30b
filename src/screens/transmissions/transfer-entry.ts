/** What an import or export of T2D must be told, and its beginning. */
import { isAbsolute } from 'node:path';
import { showClient } from '../../core/administration/client.ts';
import type { Reason } from '../../core/ports.ts';
import type { Desk } from '../desk.ts';
import { blaming, EntryScreen } from '../form/entry.ts';
import type { FieldOptions, Values } from '../form/form.ts';
import type { Order, Report } from './transfer.ts';
import { resultText } from './transfer-report.ts';

/** Characters: what a path has at most on Linux is more than anybody types. */
const pathLimit = 1_000;

const blamed = blaming({
  'device-missing': 'folder',
  'device-protected': 'folder',
  'device-denied': 'folder',
  'device-full': 'folder',
  'device-folder': 'folder',
  'client-unknown': 'client',
});

function blame(error: Reason, { other = '' }: Values): string | undefined {
  const field = blamed(error);
  return field === 'folder' && other !== '' ? 'other' : field;
}

export function importEntry(desk: Desk): EntryScreen {
  const { t2d } = desk.texts;
  return new EntryScreen(desk, async () => ({
    title: t2d.importing,
    fields: await folderFields(desk, t2d.otherImportHint),
    blame,
    save: async values => {
      await begin(desk, { direction: 'import', folder: folderOf(values) });
      return { told: t2d.begun };
    },
  }));
}

export function exportEntry(desk: Desk): EntryScreen {
  const { t2d } = desk.texts;
  return new EntryScreen(desk, async () => ({
    title: t2d.exporting,
    fields: [
      ...(await folderFields(desk, t2d.otherExportHint)),
      {
        id: 'client',
        label: t2d.client,
        limit: 9,
        hint: t2d.clientHint,
        check: value => (/^[1-9]\d*$/.test(value) ? undefined : t2d.clientWrong),
      },
    ],
    blame,
    save: async values => {
      const client = values.client ? { client: Number(values.client) } : {};
      await begin(desk, { direction: 'export', folder: folderOf(values), ...client });
      return { told: t2d.begun };
    },
  }));
}

/** Throws `client-unknown`, and what keeps it from beginning. */
export async function begin(
  desk: Desk,
  order: Order,
  onEnd: (report: Report) => void = report => tellEnd(desk, report),
): Promise<void> {
  const { installation, operator, transfer } = desk.session;
  if (order.client !== undefined) await showClient(installation.administration, operator, order.client);
  await transfer.begin(order, onEnd);
}

/** Whatever screen is looked at. */
function tellEnd(desk: Desk, report: Report): void {
  const { ended } = desk.texts.t2d;
  const result = resultText(report, desk.language);
  if (report.state === 'failed') desk.fault(report.fault);
  else if (report.state === 'stopped') desk.say(ended.stopped(result), 'bad');
  else
    desk.say(ended.done(result), report.tally.hasFailed || report.tally.refused.length > 0 ? 'bad' : 'good');
}

/** The last folder of the session goes before all others. */
async function folderFields(desk: Desk, otherHint: string): Promise<FieldOptions[]> {
  const { session, texts } = desk;
  const last = session.transfer.report?.order.folder;
  const folders = await session.installation.t2d.folders();
  const choices = [...new Set([...(last === undefined ? [] : [last]), ...folders])];
  return [
    {
      id: 'folder',
      label: texts.t2d.folder,
      choices: choices.map(id => ({ id, label: id })),
      limit: pathLimit,
      hint: texts.t2d.folderHint,
    },
    {
      id: 'other',
      label: texts.t2d.other,
      limit: pathLimit,
      hint: otherHint,
      check: value => (isAbsolute(value) || /^~(?=$|[\\/])/.test(value) ? undefined : texts.t2d.whole),
    },
  ];
}

function folderOf({ folder = '', other = '' }: Values): string {
  return other === '' ? folder : other;
}
