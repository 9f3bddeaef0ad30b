/** A licence key, line by line as it was printed or sent: each line can be told apart where it was mistyped. */
import { setLicence } from '../../core/licence.ts';
import { grouped } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { EntryScreen } from '../form/entry.ts';

/** 146 bytes at most (core/licence-key.ts), 25 a line. */
const lines = 6;
/** A mail program may have put all lines into one. */
const longestLine = 400;

export function openLicenceKey(desk: Desk): EntryScreen {
  const { texts, language, session } = desk;
  const { licence: words } = texts.settings;
  return new EntryScreen(desk, () => ({
    title: words.enter,
    fields: Array.from({ length: lines }, (_, at) => ({
      id: `line${at}`,
      label: words.line(at + 1),
      limit: longestLine,
      required: at === 0,
      flows: at < lines - 1,
      skipsBlank: true,
      hint: words.lineHint,
    })),
    save: async values => {
      const key = Object.values(values).join('\n');
      const { clients } = await setLicence(session.installation.licence, session.operator, key);
      return { told: words.set(grouped(clients, language)) };
    },
    blame: ({ code, params }) => {
      if (code !== 'licence-malformed') return undefined;
      const line = Number.parseInt(String(params.detail), 10);
      return Number.isNaN(line) ? undefined : `line${line - 1}`;
    },
  }));
}
