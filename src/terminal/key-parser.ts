/**
 * Raw bytes of a terminal → keys. A sequence may come in pieces, a satellite's round trip apart: an Esc that nothing
 * follows is the key only after a wait, and a sequence whose Esc has been told as the key by then is still no text.
 */
import { StringDecoder } from 'node:string_decoder';
import { controlNames, type Key, sequenceName } from './key.ts';

/** Milliseconds in which the rest of a sequence is waited for, after a lone Esc. */
const escapeWaitMs = 200;
/** After more than an Esc, nobody typed that: it is a sequence for certain. After this the rest was lost. */
const sequenceWaitMs = 2_000;
/** Characters of a paste whose end never comes. */
const longestPaste = 65_536;

const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';

const esc = '\x1b';

/** What makes a sequence after its Esc: CSI (with the Linux console's `[[A`), SS3, or a character with Alt. */
const whole = /^(?:\[\[.|\[(?!\[)[0-?]*[ -/]*[@-~]|O[0-9;]*[A-Za-z]|[^[O])/u;
/** The beginning of a sequence that what follows cannot end. */
const broken = /^[[O][ -?]*(?=[^ -~])/;
/** The rest of a sequence whose Esc came long before. */
const late = /^(?:\[[0-9;]*[A-Za-z~]|O[A-Z])/;

export class KeyParser {
  readonly #onKey: (key: Key) => void;
  readonly #decoder = new StringDecoder('utf8');
  #pending = '';
  #timer: NodeJS.Timeout | undefined;
  /** Until when the rest of a sequence may follow whose Esc was told as a key. */
  #lateUntil = 0;

  constructor(onKey: (key: Key) => void) {
    this.#onKey = onKey;
  }

  push(bytes: Uint8Array): void {
    clearTimeout(this.#timer);
    let text = this.#pending + this.#decoder.write(Buffer.from(bytes));
    if (this.#pending === '' && Date.now() < this.#lateUntil) text = text.replace(late, `${esc}$&`);
    this.#lateUntil = 0;
    this.#pending = this.#take(text);
    if (this.#pending === '') return;
    const wait = this.#pending === esc ? escapeWaitMs : sequenceWaitMs;
    this.#timer = setTimeout(() => this.#giveUp(), wait);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** Tells the keys in `text`; returns what is not whole yet. */
  #take(text: string): string {
    let rest = text;
    while (rest !== '') {
      if (rest.startsWith(pasteStart)) {
        const end = rest.indexOf(pasteEnd);
        if (end < 0 && rest.length < longestPaste) return rest;
        this.#paste(rest.slice(pasteStart.length, end < 0 ? undefined : end));
        rest = end < 0 ? '' : rest.slice(end + pasteEnd.length);
      } else if (rest.startsWith(esc + esc)) {
        this.#tell('escape');
        rest = rest.slice(1);
      } else if (rest.startsWith(esc)) {
        const sequence = whole.exec(rest.slice(1))?.[0];
        if (sequence !== undefined) this.#sequence(sequence);
        const taken = sequence ?? broken.exec(rest.slice(1))?.[0];
        if (taken === undefined) return rest;
        rest = rest.slice(1 + taken.length);
      } else {
        const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
        this.#character(character);
        rest = rest.slice(character.length);
      }
    }
    return '';
  }

  #sequence(sequence: string): void {
    const name = sequenceName(sequence);
    if (name !== undefined) this.#tell(name);
    // Reports and unknown keys are nothing to anybody.
    else if (!/^[[O]./.test(sequence)) this.#tell(`alt-${nameOf(sequence)}`);
  }

  #character(character: string): void {
    const name = nameOf(character);
    if (name !== '') this.#tell(name, name === character ? character : '');
  }

  #paste(text: string): void {
    this.#onKey({ name: 'paste', text });
  }

  #tell(name: string, text = ''): void {
    this.#onKey({ name, text });
  }

  #giveUp(): void {
    const pending = this.#pending;
    this.#pending = '';
    if (pending.startsWith(pasteStart)) this.#paste(pending.slice(pasteStart.length));
    if (pending !== esc) return;
    this.#lateUntil = Date.now() + sequenceWaitMs;
    this.#tell('escape');
  }
}

/** The name of a character; empty for a control character that is no key. */
function nameOf(character: string): string {
  const control = controlNames[character];
  if (control !== undefined) return control;
  if (character >= ' ' && !/\p{Control}/u.test(character)) return character;
  return character >= '\x01' && character <= '\x1a'
    ? `ctrl-${String.fromCharCode(character.charCodeAt(0) + 96)}`
    : '';
}
