/**
 * Lines that are typed at a terminal, or piped. The terminal edits them itself, so that nothing moves a cursor; for a
 * password it is told to echo nothing, and what it would have edited is edited here.
 */
export interface LineSource extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  setRawMode?(mode: boolean): unknown;
}

const ctrlC = '\x03';
const ctrlD = '\x04';

export class LineInput {
  readonly #source: LineSource;
  readonly #write: (text: string) => void;
  readonly #onInterrupt: () => void;
  #typed = '';
  #isSecret = false;
  #ended = false;
  #give: (() => void) | undefined;

  /** `onInterrupt`: Ctrl-C in a password, where the terminal makes no signal of it. */
  constructor(source: LineSource, write: (text: string) => void, onInterrupt: () => void) {
    this.#source = source;
    this.#write = write;
    this.#onInterrupt = onInterrupt;
    source.setEncoding('utf8');
    source.on('data', this.#onData);
    source.once('end', this.#onEnd);
    source.once('error', this.#onEnd);
  }

  /** Nobody types any more, and what was typed is read. */
  get isEnded(): boolean {
    return this.#ended && !/[\r\n]/.test(this.#typed);
  }

  /** Undefined: nobody types any more. */
  async read(prompt: string): Promise<string | undefined> {
    this.#write(prompt);
    return this.#next();
  }

  /** As `read`; nothing is echoed at a terminal. */
  async readSecret(prompt: string): Promise<string | undefined> {
    const isTerminal = this.#source.isTTY === true;
    // Before the prompt: what is typed at the sight of it must not be echoed.
    if (isTerminal) this.#source.setRawMode?.(true);
    this.#isSecret = isTerminal;
    this.#write(prompt);
    try {
      const line = await this.#next();
      return isTerminal && line !== undefined ? edited(line) : line;
    } finally {
      this.#isSecret = false;
      if (isTerminal) {
        this.#source.setRawMode?.(false);
        this.#write('\n');
      }
    }
  }

  /** Resolves when Enter is typed with nothing before it; other lines wait to be read, and so does the end of them. */
  async emptyLine(ending: AbortSignal): Promise<void> {
    while (!ending.aborted) {
      const [line, ...others] = this.#typed.split(/(?<=\r\n|\r(?!\n)|\n)/);
      if (line !== undefined && /^[\r\n]/.test(line)) {
        this.#typed = others.join('');
        return;
      }
      await this.#more(ending);
    }
  }

  /** Whoever waits for a line gets none. */
  close(): void {
    this.#source.off('data', this.#onData);
    this.#source.pause();
    this.#onEnd();
  }

  readonly #onData = (chunk: string | Buffer) => {
    const text = String(chunk);
    if (this.#isSecret && text.includes(ctrlC)) this.#onInterrupt();
    else if (this.#isSecret && text.includes(ctrlD)) this.#onEnd();
    else {
      this.#typed += text;
      this.#give?.();
    }
  };

  readonly #onEnd = () => {
    this.#ended = true;
    this.#give?.();
  };

  async #next(): Promise<string | undefined> {
    while (true) {
      const [, line, rest] = /^(.*?)(?:\r\n|\r|\n)(.*)$/s.exec(this.#typed) ?? [];
      if (line !== undefined && rest !== undefined) {
        this.#typed = rest;
        return line;
      }
      if (this.#ended) return undefined;
      await this.#more();
    }
  }

  /** Resolves when more is typed. */
  #more(ending?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      this.#give = resolve;
      ending?.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

/** Backspace and Ctrl-U as a terminal does them. */
function edited(line: string): string {
  let text = '';
  for (const character of line) {
    if (character === '\x7f' || character === '\b') text = text.replace(/.$/su, '');
    else if (character === '\x15') text = '';
    else text += character;
  }
  return text;
}
