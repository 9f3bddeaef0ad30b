/** What all forms and all papers of the console say. */
import type { EntryTexts } from '../fr/entry.ts';

export const entry: EntryTexts = {
  required: 'To be filled in.',
  tooLong: limit => `${limit} characters at most.`,
  leftOut: {
    lines: 'One line only: the others are not taken. Read it again, then save.',
    invisible: 'Invisible characters have been taken out. Read it again, then save.',
  },
  illegible: 'Illegible characters (�): this terminal does not send UTF-8.',
  choose: '← → to choose',
  chooseFrom: what => `← →: ${what}`,
  day: 'YYYY-MM-DD',
  dayWrong: 'A day of the calendar, YYYY-MM-DD.',
  numberWrong: 'A whole number, in digits.',
  saving: 'Saving…',
  abandon: 'Give up what has been typed?',
  kept: reason => `Nothing is saved, what was typed stays: ${reason}`,
  no: { letter: 'n', label: 'no' },
  yes: { letter: 'y', label: 'yes' },
  written: file => `Written to ${file}`,
  writing: 'Writing the file…',
  sending: 'Queuing the message…',
  queued: (id, name) => `Message no. ${id} for ${name}: the engine will send it.`,
  queuedBefore: id => `Given to the engine already: message no. ${id}.`,
  omitted: '… older movements: see the printed statement',
  keys: {
    'paper-print': { hint: 'print', help: 'write to a file' },
    'paper-send': { hint: 'send', help: 'send to the client' },
    'month-before': { hint: 'month before', help: 'the month before' },
    'month-after': { hint: 'month after', help: 'the month after' },
  },
  places: { paper: 'Paper', account: 'Account' },
};
