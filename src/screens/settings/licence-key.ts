/** A licence key, line by line as it was printed or sent: each line can be told apart where it was mistyped. */
import { setLicence } from '../../core/licence.ts';
import type { Key } from '../../terminal/key.ts';
import { grouped } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { FormScreen } from '../form/form-screen.ts';

/** 146 bytes at most (core/licence-key.ts), 25 a line. */
const lines = 6;
/** A mail program may have put all lines into one. */
const longestLine = 400;

export class LicenceKeyScreen extends FormScreen {
  constructor(desk: Desk) {
    const { licence } = desk.session.installation;
    const { texts, language, session } = desk;
    const { licence: words } = texts.settings;
    super(desk, words.enter, {
      fields: Array.from({ length: lines }, (_, at) => ({
        id: `line${at}`,
        label: words.line(at + 1),
        limit: longestLine,
        required: at === 0,
        hint: words.lineHint,
      })),
      save: async values => {
        const { clients } = await setLicence(licence, session.operator, Object.values(values).join('\n'));
        return words.set(grouped(clients, language));
      },
      blame: ({ code, params }) => {
        if (code !== 'licence-malformed') return undefined;
        const line = Number.parseInt(String(params.detail), 10);
        return Number.isNaN(line) ? undefined : `line${line - 1}`;
      },
    });
  }

  /** What is pasted with line breaks fills as many lines, from the one with the focus on. */
  override key(key: Key): boolean {
    const pasted = key.name === 'paste' ? key.text.split(/[\r\n]+/).filter(line => line.trim() !== '') : [];
    const { form } = this;
    if (!form?.focused || pasted.length < 2) return super.key(key);
    const from = form.fields.indexOf(form.focused);
    for (const [at, line] of pasted.entries()) {
      const field = form.fields[from + at];
      if (field) field.text.value = line.trim();
    }
    return true;
  }
}
