/** `xmserver journal`: who did what, and the proof that nothing was changed since. */
import { listJournal, verifyJournal } from '../core/administration/journal.ts';
import { XmError } from '../core/errors.ts';
import { type Command, limitOf, stamp } from './administration/session.ts';
import { positive } from './command-line.ts';
import { columns } from './pki/session.ts';

const list: Command = async session => {
  const { administration, operator, flags, language, texts } = session;
  const limit = limitOf(session);
  const { act, operator: who } = flags;
  const before = flags.before === undefined ? undefined : positive('--before', flags.before, language);
  const rows = await listJournal(administration, operator, { act, operator: who, before, limit });
  const cells = rows.map(row => [
    `${row.id}`,
    stamp(row.at),
    row.operator ?? texts.system,
    row.act,
    JSON.stringify(row.detail),
  ]);
  const oldest = rows.length === limit ? rows.at(-1)?.id : undefined;
  return {
    json: rows.map(row => ({ ...row, at: new Date(row.at).toISOString() })),
    lines: [
      ...(cells.length === 0 ? [texts.none] : columns(cells)),
      ...(oldest === undefined || oldest === 1 ? [] : [texts.older(oldest)]),
    ],
  };
};

/** Throws `journal-broken`. */
const verify: Command = async ({ administration, operator, texts }) => {
  const broken = await verifyJournal(administration, operator);
  if (broken !== undefined) throw new XmError('journal-broken', { id: broken });
  return { json: { whole: true }, lines: [texts.journalWhole] };
};

export const journalCommands: Readonly<Record<string, Command>> = { list, verify };
