/**
 * A form as a screen: it opens once what it begins with is read, is saved once, and is left after a question where
 * something was typed. What cannot be saved stays as it was typed, and the message line says so.
 */
import { type ErrorCode, XmError } from '../../core/errors.ts';
import type { Reason } from '../../core/ports.ts';
import type { Key } from '../../terminal/key.ts';
import type { Desk } from '../desk.ts';
import { reasonOf, wordsOf } from '../fault.ts';
import { type BindingId, caption } from '../keys.ts';
import { Observable } from '../observable.ts';
import type { Screen } from '../screens.ts';
import { type FieldOptions, Form, type FormOptions, type Values } from './form.ts';

export interface Saved {
  /** What is said then. */
  readonly told: string;
  /** Opens what is to be seen then. */
  readonly next?: () => void;
}

export interface Entry extends Pick<Screen, 'about'> {
  readonly title: string;
  readonly fields: readonly FieldOptions[];
  /** What is worth knowing, under the fields. */
  readonly notes?: readonly string[];
  /** The field that an error of core is about; undefined: none. */
  readonly blame?: (error: Reason, values: Values) => string | undefined;
  /** What was tried with these values before, and how it failed. */
  readonly failed?: Reason;
  readonly confirm?: FormOptions['confirm'];
  readonly save: (values: Values) => Promise<Saved>;
}

/** As much of the desk as a form needs: before anybody is logged in there is no more of it. */
export type FormDesk = Pick<Desk, 'texts' | 'language' | 'say' | 'fault' | 'ask' | 'back'>;

const longestTypeAhead = 256;

export class EntryScreen extends Observable implements Screen {
  readonly places = ['form'] as const;
  readonly takesText = true;
  readonly #desk: FormDesk;
  readonly #ahead: Key[] = [];
  #entry: Entry | undefined;
  #form: Form | undefined;
  #isOver = false;

  constructor(desk: FormDesk, prepare: () => Entry | Promise<Entry>) {
    super();
    this.#desk = desk;
    void this.#open(prepare);
  }

  get model(): EntryScreen {
    return this;
  }

  get about(): string | undefined {
    return this.#entry?.about;
  }

  get title(): string | undefined {
    return this.#entry?.title;
  }

  get entry(): Entry | undefined {
    return this.#entry;
  }

  /** Undefined until what it begins with is read. */
  get form(): Form | undefined {
    return this.#form;
  }

  /** It was saved, or what it begins with could not be read. */
  get isOver(): boolean {
    return this.#isOver;
  }

  hints(): readonly BindingId[] {
    return ['save', 'next-field'];
  }

  key(key: Key): boolean {
    const isText = key.text !== '';
    if (!this.#form) {
      if (key.name === 'escape' || key.name === 'ctrl-c') return false;
      if (this.#ahead.length < longestTypeAhead) this.#ahead.push(key);
      return true;
    }
    if (this.#form.key(key)) return true;
    // A letter that is of no use in a field is no command.
    if (isText)
      this.#desk.say(this.#desk.texts.refusals.uselessKey(caption(key.name, this.#desk.texts)), 'bad');
    return isText || key.name === 'left' || key.name === 'right';
  }

  async leave(): Promise<boolean> {
    const { texts } = this.#desk;
    if (this.#form?.isSaving) {
      this.#desk.say(texts.entry.saving, 'bad');
      return false;
    }
    return !this.#form?.isChanged || (await agreed(this.#desk, texts.entry.abandon));
  }

  async #open(prepare: () => Entry | Promise<Entry>): Promise<void> {
    try {
      this.#entry = await prepare();
      this.#form = this.#formOf(this.#entry);
      this.changed();
      for (const key of this.#ahead.splice(0)) this.key(key);
    } catch (error) {
      this.#isOver = true;
      this.#desk.fault(error);
      this.#desk.back();
      this.changed();
    }
  }

  #formOf({ fields, confirm, save, blame, failed }: Entry): Form {
    const { texts } = this.#desk;
    let saved: Saved | undefined;
    const form = new Form({
      fields,
      words: texts.entry,
      ...(confirm ? { confirm } : {}),
      save: async values => {
        this.#desk.say(texts.entry.saving);
        saved = await save(values);
      },
      onSaved: () => this.#close(saved),
      onFault: error => this.#keep(error),
      blame: (error, values) => {
        const field = blame?.(error, values);
        if (field === undefined) return undefined;
        // It is told at the field, and nowhere twice.
        this.#desk.say('');
        return { field, words: wordsOf(reasonOf(error), texts, this.#desk.language) };
      },
    });
    const field = failed && blame?.(failed, form.values);
    if (failed && field !== undefined) form.accuse(field, wordsOf(failed, texts, this.#desk.language));
    return form;
  }

  #close(saved: Saved | undefined): void {
    this.#isOver = true;
    this.#desk.back();
    saved?.next?.();
    this.#desk.say(saved?.told ?? '', 'good');
  }

  #keep(error: unknown): void {
    const { texts, language } = this.#desk;
    this.#desk.say(texts.entry.kept(wordsOf(reasonOf(error), texts, language)), 'bad');
  }
}

/** Asks before something that cannot be taken back; no is the safe answer. */
export async function agreed(desk: Pick<Desk, 'texts' | 'ask'>, question: string): Promise<boolean> {
  const { no, yes } = desk.texts.entry;
  const answer = await desk.ask(question, [
    { id: 'no', ...no },
    { id: 'yes', ...yes },
  ]);
  return answer === 'yes';
}

/** The field of each error that is about one. */
export function blaming(
  fields: Readonly<Partial<Record<ErrorCode, string>>>,
): (error: Reason) => string | undefined {
  return ({ code }) => fields[code];
}

/** A check by what the rules of core throw. */
export function checkedBy(
  desk: Pick<Desk, 'texts' | 'language'>,
  rule: (value: string) => unknown,
): NonNullable<FieldOptions['check']> {
  return value => {
    try {
      rule(value);
      return undefined;
    } catch (error) {
      if (!(error instanceof XmError)) throw error;
      return wordsOf(reasonOf(error), desk.texts, desk.language);
    }
  };
}
