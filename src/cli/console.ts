/**
 * The console on a terminal: the first frame at once, then Ink and the installation side by side. The screens see
 * nothing of the terminal but a stream to draw on; the terminal nothing of them but the keys that it hands on.
 */
import type { ConsolePorts } from '../core/console-ports.ts';
import type { Language } from '../core/language.ts';
import { Console } from '../screens/console.ts';
import { firstFrame } from '../screens/first-frame.ts';
import { glyphsFor } from '../screens/glyphs.ts';
import { bindingOf } from '../screens/keys.ts';
import type { Look } from '../screens/look.ts';
import { Window } from '../screens/window.ts';
import { loadWidths } from '../terminal/glyph.ts';
import type { Key } from '../terminal/key.ts';
import { Terminal } from '../terminal/terminal.ts';
import { consoleTexts } from '../text/console.ts';

export interface ConsoleOptions {
  readonly language: Language;
  /** The first-use wizard is opened, whatever stands already. */
  readonly setup: boolean;
  readonly noColour: boolean;
  /** The environment's TERM. */
  readonly term: string;
}

/** How a shell numbers a program that a signal ended: 128 and the signal. */
const signalCodes: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
};

/** Standard input and output must be a terminal. Resolves with the exit code once the terminal is given back. */
export async function runConsole(ports: ConsolePorts, options: ConsoleOptions): Promise<number> {
  const { language, setup, noColour, term } = options;
  const texts = consoleTexts[language];
  const glyphs = glyphsFor(term);
  const signalled = Promise.withResolvers<number>();
  let code = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    // Whoever asks twice does not wait for anything.
    if (code !== 0) signalled.resolve(code);
    code = signalCodes[signal] ?? 1;
    console.hangUp();
  };
  const onKey = (key: Key) => {
    const binding = bindingOf('everywhere', key);
    if (binding === 'redraw') terminal.output.redraw();
    else if (binding === 'suspend') terminal.suspend();
    else console.key(key);
  };
  const terminal = new Terminal({
    stdin: process.stdin,
    stdout: process.stdout,
    noColour,
    onKey,
    onSignal,
  });
  const { output } = terminal;
  const window = new Window(output.columns, output.rows);
  output.on('resize', () => window.resize(output.columns, output.rows));
  terminal.open(firstFrame(window, texts, glyphs));
  const console = new Console(ports, language, () => output.text(), setup);
  const placeCaret: Look['placeCaret'] = at => output.placeCaret(at);
  try {
    const [{ mount }] = await Promise.all([import('../screens/mount.tsx'), loadWidths()]);
    const mounted = mount(console, { texts, language, glyphs, window, placeCaret }, output);
    await Promise.race([console.ended, signalled.promise, mounted.failed]);
    mounted.unmount();
    return code;
  } finally {
    await terminal.close();
  }
}
