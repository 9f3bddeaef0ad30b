/** A message to a client: it waits in the database until the engine sends it. */
import { randomUUID } from 'node:crypto';
import { showClient } from '../../core/administration/client.ts';
import { sendMessage } from '../../core/administration/client-message.ts';
import { fitted } from '../components/cell.ts';
import type { Desk } from '../desk.ts';
import { blaming, EntryScreen } from '../form/entry.ts';
import type { FieldOptions, Values } from '../form/form.ts';
import { aboutClient, clientField } from './named.ts';

/** Lines to type into; a pasted text that has more goes on in the last. */
const lineCount = 8;
/** Characters of a line: all together are within what a message may have. */
const lineLimit = 480;
const subjectLimit = 120;
const first = 'line1';

/** `answers`: the subject of the client's own message. */
export function messageEntry(desk: Desk, matricule: number, answers?: string): EntryScreen {
  const { texts, session } = desk;
  const { clients, entry } = texts;
  const { administration } = session.installation;
  // Of this form: saved again after a lost connection, it is the same message.
  const reference = randomUUID();
  return new EntryScreen(desk, async () => {
    const sheet = await showClient(administration, session.operator, matricule);
    return {
      about: aboutClient(sheet),
      title: texts.acts['client-message'].name,
      fields: [
        clientField(desk, sheet),
        {
          id: 'subject',
          label: clients.subject,
          value: answers === undefined ? '' : answerTo(answers),
          limit: subjectLimit,
          required: true,
        },
        ...lineFields(desk),
      ],
      blame: blaming({
        'subject-invalid': 'subject',
        'message-text-invalid': first,
        'recorded-before': 'subject',
      }),
      save: async values => {
        const { subject = '' } = values;
        const message = { subject, text: textOf(values), reference };
        const id = await sendMessage(administration, session.operator, matricule, message);
        return { told: entry.queued(id, sheet.name) };
      },
    };
  });
}

function answerTo(subject: string): string {
  const marked = /^re\s*:/i.test(subject) ? subject : `Re: ${subject}`;
  return fitted(marked, subjectLimit);
}

function lineFields({ texts }: Desk): FieldOptions[] {
  return Array.from({ length: lineCount }, (_, n) => ({
    id: `line${n + 1}`,
    label: n === 0 ? texts.clients.text : '',
    limit: lineLimit,
    flows: n < lineCount - 1,
    ...(n === 0 ? { hint: texts.clients.messageHint } : {}),
  }));
}

function textOf(values: Values): string {
  return Array.from({ length: lineCount }, (_, n) => values[`line${n + 1}`] ?? '').join('\n');
}
