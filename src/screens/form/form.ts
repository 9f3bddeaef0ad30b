/**
 * A form: fields one under the other, what is wrong with each on a line under it, saved as a whole and once. What was
 * typed stays whatever fails.
 */
import { XmError } from '../../core/errors.ts';
import { illegible } from '../../core/printable.ts';
import type { Key } from '../../terminal/key.ts';
import { bindingOf } from '../keys.ts';
import { Observable } from '../observable.ts';
import { type LeftOut, linesOf, TextField } from '../text-field.ts';

export interface Choice {
  readonly id: string;
  readonly label: string;
}

export interface FieldOptions {
  readonly id: string;
  readonly label: string;
  readonly value?: string;
  /** Most characters, composed: what is more stays, and is told. */
  readonly limit?: number;
  readonly secret?: boolean;
  readonly required?: boolean;
  /** One of these, by its id; the arrows go through them. */
  readonly choices?: readonly Choice[];
  /** Shown, and not to be changed. */
  readonly readOnly?: boolean;
  /** A line of a text of several: pasted lines go on in the field below. */
  readonly flows?: boolean;
  /** Pasted lines that are blank are left out. */
  readonly skipsBlank?: boolean;
  /** Said beside the field while it has the focus: what belongs there. */
  readonly hint?: string;
  /** What is wrong with a value; undefined: nothing. */
  readonly check?: (value: string) => string | undefined;
}

/** What was typed, by the id of its field. */
export type Values = Readonly<Record<string, string>>;

/** What any field can be told. */
export interface FormWords {
  /** It must not be empty. */
  readonly required: string;
  readonly tooLong: (limit: number) => string;
  /** What of a paste is not in it: told once, for what is in it may be another thing. */
  readonly leftOut: Readonly<Record<LeftOut, string>>;
  readonly illegible: string;
}

export interface FormOptions {
  readonly fields: readonly FieldOptions[];
  readonly words: FormWords;
  /** Asked before saving, where something cannot be taken back; false: not yet. */
  readonly confirm?: (values: Values) => Promise<boolean>;
  readonly save: (values: Values) => Promise<void>;
  readonly onSaved: () => void;
  /** Where no field is to blame. */
  readonly onFault: (error: unknown) => void;
  /** Which field an error is about, and what it is told; undefined: none. */
  readonly blame?: (
    error: XmError,
    values: Values,
  ) => { readonly field: string; readonly words: string } | undefined;
}

const usualLimit = 120;
/** Glyphs beyond its limit that a field holds: what is too long can be mended, and nobody takes its beginning for it. */
const overhang = 1_000;

export class FormField {
  readonly options: FieldOptions;
  readonly text: TextField;
  readonly #words: FormWords;
  readonly #limit: number;
  #initial: string;
  #leftOut: LeftOut | undefined;
  fault: string | undefined;

  constructor(options: FieldOptions, words: FormWords) {
    const { limit = usualLimit, secret = false } = options;
    this.options = options;
    this.#words = words;
    this.#limit = limit;
    this.text = new TextField({ limit: limit + overhang, secret });
    this.text.value = options.value ?? options.choices?.[0]?.id ?? '';
    this.#initial = this.text.value;
  }

  get value(): string {
    return this.options.secret ? this.text.value : this.text.value.trim();
  }

  get isChanged(): boolean {
    return this.text.value !== this.#initial;
  }

  settle(): void {
    this.#initial = this.text.value;
  }

  /** Tells what is wrong with it as it stands; undefined: nothing. */
  judge(): string | undefined {
    const { required = false, check } = this.options;
    const isMissing = this.value === '' && required;
    const fault = this.#spoilt() ?? (isMissing ? this.#words.required : undefined);
    this.#leftOut = undefined;
    this.fault = fault ?? (this.value === '' ? undefined : check?.(this.value));
    return this.fault;
  }

  /** In the place of what stands in it, as if it were pasted; what cannot be is told, and the field as it was. */
  replace(text: string): string | undefined {
    const before = this.text.value;
    this.text.value = '';
    this.text.key({ name: 'paste', text });
    const fault = this.#spoilt();
    if (fault === undefined) this.fault = undefined;
    else this.text.value = before;
    return fault;
  }

  /** False for a key that does nothing in this field. */
  key(key: Key): boolean {
    const { choices, readOnly } = this.options;
    if (readOnly) return false;
    if (choices) return this.#chooseKey(choices, key);
    const isCleared = bindingOf('form', key) === 'clear-field';
    if (isCleared) this.text.value = '';
    else if (!this.text.key(key)) return false;
    // A terminal that marks no pastes sends them as keys, one after the other.
    const before = key.text === '' ? undefined : this.#leftOut;
    this.#leftOut = isCleared ? undefined : (this.text.leftOut ?? before);
    this.fault = this.#spoilt();
    return true;
  }

  /** What must not be taken for what was meant; told at once, whatever else may be wrong with it. */
  #spoilt(): string | undefined {
    const { choices, readOnly = false } = this.options;
    if (choices || readOnly) return undefined;
    const { value } = this;
    if (value.normalize('NFC').length > this.#limit) return this.#words.tooLong(this.#limit);
    if (value.includes(illegible)) return this.#words.illegible;
    return this.#leftOut && this.#words.leftOut[this.#leftOut];
  }

  /** Arrows and the space bar go through the choices; a letter goes to the next one that begins with it. */
  #chooseKey(choices: readonly Choice[], { name, text }: Key): boolean {
    const at = choices.findIndex(({ id }) => id === this.text.value);
    const to = (by: number) => (at + by + choices.length) % choices.length;
    let next: number | undefined;
    if (name === 'right' || text === ' ') next = to(1);
    else if (name === 'left') next = to(-1);
    else if (text !== '') {
      next = choices
        .map((_, i) => to(i + 1))
        .find(i => choices[i]?.label.toLowerCase().startsWith(text.toLowerCase()));
    }
    if (next === undefined) return false;
    this.text.value = choices[next]?.id ?? '';
    this.fault = undefined;
    return true;
  }
}

export class Form extends Observable {
  readonly fields: readonly FormField[];
  readonly #options: FormOptions;
  #focus: number;
  #saving = false;

  constructor(options: FormOptions) {
    super();
    this.#options = options;
    this.fields = options.fields.map(field => new FormField(field, options.words));
    this.#focus = Math.max(
      0,
      this.fields.findIndex(field => !field.options.readOnly),
    );
  }

  get focused(): FormField | undefined {
    return this.fields[this.#focus];
  }

  get isSaving(): boolean {
    return this.#saving;
  }

  get isChanged(): boolean {
    return this.fields.some(({ isChanged }) => isChanged);
  }

  get values(): Values {
    return Object.fromEntries(this.fields.map(field => [field.options.id, field.value]));
  }

  /** Tells a field what is wrong with it; false: there is no such field. */
  accuse(id: string, words: string): boolean {
    const field = this.fields.find(({ options }) => options.id === id);
    if (!field) return false;
    field.fault = words;
    this.#goToFault();
    return true;
  }

  /** False for a key that does nothing here. */
  key(key: Key): boolean {
    // A second Enter on a slow link saves nothing twice, and nothing is changed under what is being saved.
    if (this.#saving) return key.name !== 'escape' && key.name !== 'ctrl-c';
    const binding = bindingOf('form', key);
    if (binding === 'next-field') this.#move(1);
    else if (binding === 'previous-field') this.#move(-1);
    else if (binding === 'save') void this.#save();
    else if (binding === 'submit') this.#submit();
    else if (key.name === 'paste' && this.focused?.options.flows) this.#pasteLines(key);
    else if (!this.focused?.key(key)) return false;
    this.changed();
    return true;
  }

  #submit(): void {
    if (this.#focus === this.#last) void this.#save();
    else this.#move(1);
  }

  /** What has no field below it goes on in the last one. */
  #pasteLines(key: Key): void {
    const skipsBlank = this.focused?.options.skipsBlank === true;
    const lines = linesOf(key.text).filter(line => !skipsBlank || line.trim() !== '');
    for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
      const goesOn = this.focused?.options.flows === true;
      const text = goesOn ? line : [line, ...lines.splice(0)].join(' ');
      this.focused?.key({ ...key, text });
      if (goesOn && lines.length > 0) this.#move(1);
    }
  }

  get #last(): number {
    return this.fields.findLastIndex(field => !field.options.readOnly);
  }

  #move(by: 1 | -1): void {
    const { length } = this.fields;
    for (let step = 1; step <= length; step++) {
      const at = (this.#focus + by * step + step * length) % length;
      if (this.fields[at]?.options.readOnly) continue;
      this.#focus = at;
      return;
    }
  }

  #isComplete(): boolean {
    for (const field of this.fields) field.judge();
    return this.#goToFault();
  }

  #goToFault(): boolean {
    const at = this.fields.findIndex(({ fault }) => fault !== undefined);
    if (at >= 0) this.#focus = at;
    return at < 0;
  }

  async #save(): Promise<void> {
    if (!this.#isComplete()) return;
    this.#saving = true;
    const { values } = this;
    try {
      if (!((await this.#options.confirm?.(values)) ?? true)) return;
      await this.#options.save(values);
      for (const field of this.fields) field.settle();
      this.#options.onSaved();
    } catch (error) {
      this.#blame(error, values);
    } finally {
      this.#saving = false;
      this.changed();
    }
  }

  #blame(error: unknown, values: Values): void {
    const blamed = error instanceof XmError ? this.#options.blame?.(error, values) : undefined;
    if (!blamed || !this.accuse(blamed.field, blamed.words)) this.#options.onFault(error);
  }
}
