/** Forms in lines: field by field, then saved; what is wrong is told and asked again, and nothing that was typed is lost. */
import { printable, visible } from '../../core/printable.ts';
import type { EntryScreen } from '../../screens/form/entry.ts';
import type { Choice, Form, FormField } from '../../screens/form/form.ts';
import type { Observable } from '../../screens/observable.ts';
import type { Screen } from '../../screens/screens.ts';
import type { Talk } from './talk.ts';

const giveUp = '.';
const erase = '-';
const tellAgain = '?';
const saveNow = '!';

type Answer = 'next' | 'save' | 'give-up';

/**
 * `below`: those that it was opened from. Resolves once it is saved, or given up; where it is given up or nobody types
 * any more, `leave` has been called.
 */
export async function fillIn(
  talk: Talk,
  screen: EntryScreen,
  leave: () => void,
  below: readonly Screen[] = [],
): Promise<void> {
  while (!screen.form && !screen.isOver) await change(screen);
  const { form, entry } = screen;
  if (!form || !entry) return;
  talk.say(talk.lines.form(talk.titleOf([...below, screen])));
  talk.once(talk.lines.fields);
  // The screen lists there what can be chosen: here that is told where it is asked.
  const labels = entry.fields.flatMap(({ choices = [] }) => choices.map(({ label }) => label));
  for (const note of entry.notes ?? []) if (!labels.includes(note)) talk.say(note);
  const giveUpForm = () => {
    talk.say(talk.lines.givenUp);
    leave();
  };
  let wrong: readonly FormField[] = form.fields;
  let refused: string | undefined;
  while (!screen.isOver) {
    const isTyped = await new Asking(talk, screen, form).all(wrong);
    if (!isTyped) return giveUpForm();
    const values = JSON.stringify(form.values);
    // Whoever leaves what was refused as it is has another field to correct, or tries it again.
    if (values !== refused) {
      await save(screen, form);
      if (screen.isOver) return;
      refused = values;
      wrong = tellWrong(talk, form);
      if (wrong.length > 0) continue;
    }
    refused = undefined;
    const next = await afterwards(talk, screen);
    if (next === 'give-up') return giveUpForm();
    if (next === 'mend') wrong = form.fields;
  }
}

async function save(screen: EntryScreen, form: Form): Promise<void> {
  screen.key({ name: 'ctrl-s', text: '' });
  while (form.isSaving) await change(form);
}

/** Those that are to be asked again. */
function tellWrong(talk: Talk, { fields }: Form): FormField[] {
  const wrong = fields.filter(({ fault }) => fault !== undefined);
  for (const { fault = '', options } of wrong) {
    const { label } = options;
    const isNamed = fault.toLowerCase().startsWith(label.toLowerCase());
    talk.labelled(isNamed ? '' : label, fault);
  }
  // Of two passwords that differ nobody can see which one was mistyped.
  const isSecret = wrong.some(({ options }) => options.secret);
  return isSecret ? fields.filter(field => field.options.secret === true || wrong.includes(field)) : wrong;
}

/** Nothing is wrong with a field, and yet it is not saved. */
async function afterwards(talk: Talk, screen: EntryScreen): Promise<'save' | 'mend' | 'give-up'> {
  const { question, save: again, mend, abandon } = talk.lines.notSaved;
  while (!talk.input.isEnded) {
    const answer = await talk.ask(question, [
      { id: 'save', ...again },
      { id: 'mend', ...mend },
      { id: 'give-up', ...abandon },
    ]);
    if (answer === 'save' || answer === 'mend') return answer;
    if (answer === 'give-up' && (await screen.leave())) return answer;
  }
  return 'give-up';
}

class Asking {
  readonly #talk: Talk;
  readonly #screen: EntryScreen;
  readonly #form: Form;
  /** What was told last of these is not told again. */
  #hint: string | undefined;
  #choices = '';

  constructor(talk: Talk, screen: EntryScreen, form: Form) {
    this.#talk = talk;
    this.#screen = screen;
    this.#form = form;
  }

  /** False: it is given up. */
  async all(fields: readonly FormField[]): Promise<boolean> {
    let isTextOver = false;
    for (const field of fields) {
      const { flows = false, readOnly = false, label } = field.options;
      if (readOnly) {
        this.#talk.labelled(label, field.value);
        continue;
      }
      const isOfText = this.#isOfText(field);
      if (isTextOver && isOfText) continue;
      const answer = await this.#ask(field);
      if (answer !== 'next') return answer === 'save';
      // An empty line ends a text of several.
      isTextOver = isOfText && (flows || isTextOver) && field.value === '' && !field.options.required;
    }
    return true;
  }

  /** It flows, or what flows ends in it. */
  #isOfText(field: FormField): boolean {
    const before = this.#form.fields[this.#form.fields.indexOf(field) - 1];
    return field.options.flows === true || before?.options.flows === true;
  }

  async #ask(field: FormField): Promise<Answer> {
    const { secret = false, choices, hint } = field.options;
    const { input } = this.#talk;
    if (choices) this.#tellChoices(choices);
    if (hint !== undefined && hint !== this.#hint) this.#talk.say(hint);
    this.#hint = hint;
    while (true) {
      const prompt = this.#promptOf(field);
      const line = secret ? await input.readSecret(prompt) : await input.read(prompt);
      if (line === undefined) return 'give-up';
      if (line.trim() === giveUp) {
        if (await this.#screen.leave()) return 'give-up';
      } else if (line.trim() === saveNow && !secret) return 'save';
      else if (choices && line.trim() === tellAgain) {
        this.#choices = '';
        this.#tellChoices(choices);
      } else {
        const fault = this.#give(field, line);
        if (fault === undefined) return 'next';
        this.#talk.say(fault);
      }
      if (input.isEnded) return 'give-up';
    }
  }

  #tellChoices(choices: readonly Choice[]): void {
    const told = choices.map((choice, at) => this.#talk.lines.choice(letterOf(choices, at), wordsOf(choice)));
    if (told.join('\n') !== this.#choices) told.forEach(this.#talk.say);
    this.#choices = told.join('\n');
  }

  #promptOf(field: FormField): string {
    const { choices, secret = false } = field.options;
    const { lines } = this.#talk;
    const label = this.#labelOf(field);
    const choice = choices?.find(({ id }) => id === field.value);
    const value = choice ? wordsOf(choice) : secret && field.value !== '' ? lines.typed : field.value;
    return lines.prompt(value === '' ? label : lines.present(label, printable(value)));
  }

  /** Lines of a text are counted. */
  #labelOf({ options }: FormField): string {
    if (options.label !== '') return options.label;
    const { fields } = this.#form;
    const at = fields.findIndex(field => field.options === options);
    const first = fields.findLastIndex((field, place) => place < at && field.options.label !== '');
    return `${fields[first]?.options.label ?? ''} ${at - first + 1}`;
  }

  /** What is wrong with what was typed; undefined: it is in the field. */
  #give(field: FormField, line: string): string | undefined {
    const { secret = false, choices } = field.options;
    const typed = visible(secret ? line : line.trim());
    if (typed !== (secret ? line : line.trim())) this.#talk.say(this.#talk.lines.invisible);
    if (typed === '') return undefined;
    if (!choices) return field.replace(typed === erase && !secret ? '' : typed);
    const id = chosen(choices, typed.toLowerCase());
    if (id === undefined) return this.#talk.lines.noChoice;
    field.text.value = id;
    field.fault = undefined;
    return undefined;
  }
}

/** A choice that is a number already is answered by it. */
function letterOf(choices: readonly Choice[], at: number): string {
  return choices.every(({ id }) => /^\d+$/.test(id)) ? (choices[at]?.id ?? '') : `${at + 1}`;
}

/** `2  ordinary`, as screens align it, without its number where that is told anyway. */
function wordsOf({ id, label }: Choice): string {
  const words = label.replace(/\s+/g, ' ');
  return /^\d+$/.test(id) && words.startsWith(`${id} `) ? words.slice(id.length + 1) : words;
}

/** By its number, its id, or the beginning of its words where no other begins so. */
function chosen(choices: readonly Choice[], typed: string): string | undefined {
  const exact = choices.find(
    ({ id }, at) => letterOf(choices, at) === typed || (id !== '' && id.toLowerCase() === typed),
  );
  const [begun, ...others] = choices.filter(choice => wordsOf(choice).toLowerCase().startsWith(typed));
  return (exact ?? (others.length === 0 ? begun : undefined))?.id;
}

function change(model: Observable): Promise<void> {
  return new Promise(resolve => {
    const stop = model.subscribe(() => {
      stop();
      resolve();
    });
  });
}
