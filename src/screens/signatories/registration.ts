/** Signatories are entered, changed, and ended on a day. */
import { nameLimit, nameOf } from '../../core/administration/field.ts';
import type { Signatory, SignatoryEntry } from '../../core/administration/ports.ts';
import {
  changeSignatory,
  createSignatory,
  endSignatory,
  showSignatory,
} from '../../core/administration/signatory.ts';
import { calendarDay, localDay } from '../../text/format.ts';
import { fitted } from '../components/cell.ts';
import type { Desk } from '../desk.ts';
import { typedDay } from '../form/day.ts';
import { agreed, blaming, checkedBy, EntryScreen } from '../form/entry.ts';
import type { FieldOptions, Values } from '../form/form.ts';

/** Columns of a name in a sentence that has to fit into the message line. */
const nameWidth = 24;

const blame = blaming({
  'client-unknown': 'client',
  'name-invalid': 'name',
  'quality-invalid': 'quality',
  'certificate-unknown': 'certificate',
  'signatory-exists': 'name',
  'days-reversed': 'until',
  'day-invalid': 'until',
});

export function creation(desk: Desk): EntryScreen {
  const { texts, session, subject } = desk;
  const { signatories, entry } = texts;
  return new EntryScreen(desk, () => ({
    title: texts.acts['signatory-create'].name,
    fields: [
      {
        id: 'client',
        label: signatories.client,
        value: subject.client === undefined ? '' : `${subject.client}`,
        limit: 10,
        required: true,
        hint: signatories.clientHint,
        check: value => (/^\d+$/.test(value) && Number(value) < 2 ** 31 ? undefined : entry.numberWrong),
      },
      ...entryFields(desk),
    ],
    blame,
    save: async values => {
      const made = await createSignatory(session.installation.administration, session.operator, {
        client: Number(values.client),
        ...entryOf(desk, values),
      });
      return { told: signatories.made(named(desk, made)) };
    },
  }));
}

export function change(desk: Desk, id: number): EntryScreen {
  const { texts, session } = desk;
  const { signatories } = texts;
  const { administration } = session.installation;
  return new EntryScreen(desk, async () => {
    const known = await showSignatory(administration, session.operator, id);
    return {
      about: known.name,
      title: texts.acts['signatory-change'].name,
      fields: [clientField(desk, known), ...entryFields(desk, known)],
      blame,
      save: async values => {
        const changed = await changeSignatory(administration, session.operator, id, entryOf(desk, values));
        return { told: signatories.made(named(desk, changed)) };
      },
    };
  });
}

export function ending(desk: Desk, id: number): EntryScreen {
  const { texts, session, language } = desk;
  const { signatories } = texts;
  const { administration } = session.installation;
  return new EntryScreen(desk, async () => {
    const known = await showSignatory(administration, session.operator, id);
    const until = ({ until: text = '' }: Values) => typedDay(text, language);
    return {
      about: known.name,
      title: texts.acts['signatory-end'].name,
      fields: [
        clientField(desk, known),
        { id: 'name', label: signatories.name, value: known.name, readOnly: true },
        { ...dayField(desk, 'until', localDay(Date.now())), required: true },
      ],
      blame: error => (error.code === 'signatory-exists' ? 'until' : blame(error)),
      confirm: values =>
        agreed(desk, signatories.end(named(desk, known), calendarDay(until(values), language))),
      save: async values => {
        const ended = await endSignatory(administration, session.operator, id, until(values));
        return { told: signatories.ended(named(desk, ended), calendarDay(until(values), language)) };
      },
    };
  });
}

function named({ texts }: Desk, { id, name }: Signatory): string {
  return texts.signatories.named(id, fitted(name, nameWidth));
}

function clientField({ texts }: Desk, { client, clientName }: Signatory): FieldOptions {
  const value = texts.clients.named(client, clientName);
  return { id: 'client', label: texts.signatories.client, value, readOnly: true };
}

function entryFields(desk: Desk, known?: Signatory): FieldOptions[] {
  const { signatories } = desk.texts;
  const { name = '', quality = '', certificate = '', from = localDay(Date.now()), until } = known ?? {};
  return [
    {
      id: 'name',
      label: signatories.name,
      value: name,
      limit: nameLimit,
      required: true,
      check: checkedBy(desk, nameOf),
    },
    { id: 'quality', label: signatories.quality, value: quality, limit: nameLimit },
    {
      id: 'certificate',
      label: signatories.certificate,
      value: certificate,
      limit: 32,
      hint: signatories.certificateHint,
    },
    { ...dayField(desk, 'from', from), required: true },
    { ...dayField(desk, 'until', until), hint: signatories.untilHint },
  ];
}

function dayField({ texts, language }: Desk, id: 'from' | 'until', day: string | undefined): FieldOptions {
  const { signatories, entry } = texts;
  return {
    id,
    label: signatories[id],
    value: day === undefined ? '' : calendarDay(day, language),
    limit: 10,
    hint: entry.day,
    check: value => {
      try {
        typedDay(value, language);
        return undefined;
      } catch {
        return entry.dayWrong;
      }
    },
  };
}

function entryOf({ language }: Desk, values: Values): Omit<SignatoryEntry, 'client'> {
  const { name = '', quality = '', certificate = '', from = '', until = '' } = values;
  return {
    name,
    quality,
    certificate: certificate === '' ? undefined : certificate,
    from: typedDay(from, language),
    until: until === '' ? undefined : typedDay(until, language),
  };
}
