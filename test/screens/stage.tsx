/** The console on ink-testing-library: what is typed goes in, frames come out. */
import { render } from 'ink-testing-library';
import type { Language } from '../../src/core/language.ts';
import { pause } from '../../src/core/pause.ts';
import { App } from '../../src/screens/App.tsx';
import { Console } from '../../src/screens/console.ts';
import { glyphsFor } from '../../src/screens/glyphs.ts';
import { Window } from '../../src/screens/window.ts';
import { KeyParser } from '../../src/terminal/key-parser.ts';
import { consoleTexts } from '../../src/text/console.ts';
import { StandIn } from './stand-in.ts';

export interface StageOptions {
  readonly language?: Language;
  readonly columns?: number;
  readonly rows?: number;
  /** As in the environment's TERM. */
  readonly term?: string;
  readonly ports?: StandIn;
  /** As `xmserver setup` opens it. */
  readonly setup?: boolean;
}

/** Within the time that a test has, so that what was seen instead is told. */
const patienceMs = 20_000;
/** Where no frame has come for so long, none is under way. */
const quietMs = 2_000;
const never = new AbortController().signal;

export class Stage {
  readonly ports: StandIn;
  readonly console: Console;
  readonly window: Window;
  caret: { readonly row: number; readonly column: number } | undefined;
  readonly #keys: KeyParser;
  readonly #ink: ReturnType<typeof render>;
  #drawn = Promise.withResolvers<void>();

  constructor({
    language = 'fr',
    columns = 80,
    rows = 24,
    term = 'xterm',
    ports = new StandIn(),
    setup = false,
  }: StageOptions = {}) {
    this.ports = ports;
    this.window = new Window(columns, rows);
    this.console = new Console(ports, language, () => this.frame.split('\n'), setup);
    this.#keys = new KeyParser(key => this.console.key(key));
    const texts = consoleTexts[language];
    const placeCaret = (at: Stage['caret']) => {
      this.caret = at;
    };
    const look = { texts, language, glyphs: glyphsFor(term), window: this.window, placeCaret };
    this.#ink = render(<App console={this.console} look={look} />);
    const { stdout } = this.#ink;
    const { write } = stdout;
    stdout.write = frame => {
      write(frame);
      this.#drawn.resolve();
      this.#drawn = Promise.withResolvers();
    };
  }

  /** Types, and lets everything that follows from it happen. */
  async type(text: string | Uint8Array): Promise<void> {
    this.#keys.push(Buffer.from(text as string));
    await this.settle();
  }

  /** Each text, and what is seen then. */
  async typed(...steps: readonly (readonly [text: string, seen: string | RegExp])[]): Promise<void> {
    for (const [text, seen] of steps) {
      await this.type(text);
      await this.until(seen);
    }
  }

  /** As a key it comes only after a wait, which nothing here is about. */
  async esc(): Promise<void> {
    this.console.key({ name: 'escape', text: '' });
    await this.settle();
  }

  async logIn(): Promise<void> {
    await this.settle();
    await this.type('mbome\rzzzz\r');
  }

  /** Lets what is under way and needs no time go on. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  }

  /** Lets things go on until the screen says so; then what follows from it, too. */
  async until(said: string | RegExp | ((frame: string) => boolean)): Promise<void> {
    const isSeen = () => {
      if (typeof said === 'function') return said(this.frame);
      return typeof said === 'string' ? this.frame.includes(said) : said.test(this.frame);
    };
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), patienceMs);
    while (!isSeen() && !patience.signal.aborted)
      await pause(undefined, patience.signal, this.#drawn.promise);
    clearTimeout(timer);
    if (!isSeen()) throw new Error(`never seen: ${String(said)}\n${this.frame}`);
    await this.settle();
  }

  /** Resolves once it shows this frame, or no other comes. */
  async rest(wanted?: string): Promise<void> {
    await this.settle();
    while (this.frame !== wanted) {
      const { frame } = this;
      await pause(quietMs, never, this.#drawn.promise);
      await this.settle();
      if (this.frame === frame) return;
    }
  }

  get frame(): string {
    return this.#ink.lastFrame() ?? '';
  }

  get message(): string {
    return this.frame.split('\n').at(-1)?.trim() ?? '';
  }

  close(): void {
    this.#keys.close();
    this.#ink.unmount();
  }
}
