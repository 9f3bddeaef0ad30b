/** A form as a screen of the work area: what it holds is read first, and Esc asks before what was typed is lost. */
import type { XmError } from '../../core/errors.ts';
import type { Key } from '../../terminal/key.ts';
import type { Desk } from '../desk.ts';
import { faultOf } from '../fault.ts';
import type { BindingId } from '../keys.ts';
import { Observable } from '../observable.ts';
import type { Screen } from '../screens.ts';
import { type FieldOptions, Form } from './form.ts';

type Values = Readonly<Record<string, string>>;

export interface Sheet {
  readonly fields: readonly FieldOptions[];
  /** Resolves with what is to be said, and the screen is left; undefined: it was not done after all, and it stays. */
  readonly save: (values: Values) => Promise<string | undefined>;
  /** The field that an error is about; undefined: none of them. */
  readonly blame?: (error: XmError, values: Values) => string | undefined;
}

const longestTypeAhead = 256;

export class FormScreen extends Observable implements Screen {
  readonly places = ['form'] as const;
  readonly takesText = true;
  readonly title: string;
  readonly #desk: Desk;
  #form: Form | undefined;
  /** What comes while it is being read is kept for it. */
  readonly #typedAhead: Key[] = [];

  constructor(desk: Desk, title: string, sheet: Sheet | Promise<Sheet>) {
    super();
    this.#desk = desk;
    this.title = title;
    if (sheet instanceof Promise) sheet.then(read => this.#show(read)).catch(error => desk.fault(error));
    else this.#show(sheet);
  }

  get model(): this {
    return this;
  }

  /** Undefined while what it holds is being read. */
  get form(): Form | undefined {
    return this.#form;
  }

  hints(): readonly BindingId[] {
    return ['save', 'next-field'];
  }

  key(key: Key): boolean {
    if (this.#form) return this.#form.key(key);
    if (key.name === 'escape' || key.name === 'ctrl-c') return false;
    if (this.#typedAhead.length < longestTypeAhead) this.#typedAhead.push(key);
    return true;
  }

  async leave(): Promise<boolean> {
    const { texts } = this.#desk;
    if (this.#form?.isSaving) {
      this.#desk.say(texts.settings.saving, 'bad');
      return false;
    }
    if (!this.#form?.isChanged) return true;
    const { question, stay, drop } = texts.settings.unsaved;
    const answer = await this.#desk.ask(question(this.title), [
      { id: 'stay', ...stay },
      { id: 'drop', ...drop },
    ]);
    return answer === 'drop';
  }

  #show({ fields, save, blame }: Sheet): void {
    const { texts, language } = this.#desk;
    let said: string | undefined;
    let saved: Values = {};
    this.#form = new Form({
      fields,
      required: texts.settings.required,
      save: async values => {
        this.#desk.say(texts.settings.saving);
        saved = values;
        said = await save(values);
      },
      onSaved: () => {
        if (said === undefined) return;
        this.#desk.back();
        this.#desk.say(said, 'good');
      },
      onFault: error => this.#desk.fault(error),
      blame: error => {
        const field = blame?.(error, saved);
        if (field === undefined) return undefined;
        // What to do about it stands in the message line: under the field there is no room for both.
        this.#desk.fault(error);
        return { field, words: faultOf(error, texts, language) };
      },
    });
    for (const key of this.#typedAhead.splice(0)) this.#form.key(key);
    this.changed();
  }
}
