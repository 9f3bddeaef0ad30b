/** One line of text being typed: its value, and where the next character goes. */
import { glyphsOf } from '../terminal/glyph.ts';
import type { Key } from '../terminal/key.ts';

export interface TextFieldOptions {
  /** Most characters. */
  readonly limit: number;
  /** Never shown, not even as stars. */
  readonly secret?: boolean;
}

export class TextField {
  readonly secret: boolean;
  readonly #limit: number;
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

  /** False for a key that does nothing in a line of text. */
  key({ name, text }: Key): boolean {
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

  /** Of pasted lines the first; control characters never. */
  #insert(text: string): void {
    const line = text.split(/[\r\n]/, 1)[0]?.replace(/\p{Control}/gu, '') ?? '';
    const before = this.#glyphs.slice(0, this.#cursor).join('');
    const after = this.#glyphs.slice(this.#cursor);
    const room = this.#limit - after.length;
    const start = split(before + line).slice(0, room);
    this.#glyphs = split(start.join('') + after.join(''));
    this.#cursor = start.length;
  }

  #remove(at: number): void {
    if (at < 0 || at >= this.#glyphs.length) return;
    this.#glyphs.splice(at, 1);
    if (at < this.#cursor) this.#cursor--;
  }
}

function split(text: string): string[] {
  return glyphsOf(text).map(glyph => glyph.text);
}
