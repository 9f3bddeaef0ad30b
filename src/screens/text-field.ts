/** One line of text being typed: its value, and where the next character goes. */
import { visible } from '../core/printable.ts';
import { glyphsOf } from '../terminal/glyph.ts';
import type { Key } from '../terminal/key.ts';

export interface TextFieldOptions {
  /** Most characters. */
  readonly limit: number;
  /** Never shown, not even as stars. */
  readonly secret?: boolean;
}

/** What of a text is not taken. */
export type LeftOut = 'lines' | 'invisible';

export class TextField {
  readonly secret: boolean;
  readonly #limit: number;
  #left: LeftOut | undefined;
  /** What the cursor steps over at once: a character with its marks. */
  #glyphs: string[] = [];
  #cursor = 0;

  constructor({ limit, secret = false }: TextFieldOptions) {
    this.#limit = limit;
    this.secret = secret;
  }

  get value(): string {
    return this.#glyphs.join('');
  }

  set value(text: string) {
    this.#glyphs = split(text).slice(0, this.#limit);
    this.#cursor = this.#glyphs.length;
  }

  /** Of what came last: lines after the first, or what nobody sees. Undefined: nothing. */
  get leftOut(): LeftOut | undefined {
    return this.#left;
  }

  /** False for a key that does nothing in a line of text. */
  key({ name, text }: Key): boolean {
    this.#left = undefined;
    if (text !== '') this.#insert(text);
    else if (name === 'left') this.#cursor = Math.max(0, this.#cursor - 1);
    else if (name === 'right') this.#cursor = Math.min(this.#glyphs.length, this.#cursor + 1);
    else if (name === 'home' || name === 'ctrl-a') this.#cursor = 0;
    else if (name === 'end' || name === 'ctrl-e') this.#cursor = this.#glyphs.length;
    else if (name === 'backspace') this.#remove(this.#cursor - 1);
    else if (name === 'delete') this.#remove(this.#cursor);
    else return false;
    return true;
  }

  /** What `width` columns show of it, and the column of the cursor in them. */
  window(width: number): { readonly text: string; readonly caret: number } {
    if (this.secret) return { text: '', caret: 0 };
    const widths = glyphsOf(this.value).map(glyph => glyph.width);
    let from = 0;
    let caret = widths.slice(0, this.#cursor).reduce((sum, one) => sum + one, 0);
    while (caret >= width) caret -= widths[from++] ?? 1;
    let to = from;
    for (let used = 0; to < widths.length && used + (widths[to] ?? 0) <= width; to++) used += widths[to] ?? 0;
    return { text: this.#glyphs.slice(from, to).join(''), caret };
  }

  #insert(text: string): void {
    const [line = '', ...others] = linesOf(text);
    const before = this.#glyphs.slice(0, this.#cursor).join('');
    const after = this.#glyphs.slice(this.#cursor);
    const room = this.#limit - after.length;
    const wanted = before + line.replaceAll('\t', ' ');
    const typed = visible(wanted);
    if (typed !== wanted) this.#left = 'invisible';
    if (others.length > 0) this.#left = 'lines';
    const start = split(typed).slice(0, room);
    this.#glyphs = split(start.join('') + after.join(''));
    this.#cursor = start.length;
  }

  #remove(at: number): void {
    if (at < 0 || at >= this.#glyphs.length) return;
    this.#glyphs.splice(at, 1);
    if (at < this.#cursor) this.#cursor--;
  }
}

/** Of a pasted text; blank ones before and after it are none of it. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|[\r\n\u2028\u2029]/);
  if (lines.length === 1) return lines;
  const isFilled = (line: string) => line.trim() !== '';
  return lines.slice(Math.max(0, lines.findIndex(isFilled)), lines.findLastIndex(isFilled) + 1);
}

function split(text: string): string[] {
  return glyphsOf(text).map(glyph => glyph.text);
}
