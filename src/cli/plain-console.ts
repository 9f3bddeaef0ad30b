/**
 * `xmserver --plain`: the console in lines, for screen readers and for terminals that can do no more. Operator and
 * password, then commands as after `:` on the screen; answers come as lines, and nothing moves a cursor or has a colour.
 */
import { constants } from 'node:os';
import type { DataFolder } from '../config.ts';
import type { Language } from '../core/language.ts';
import { terminalEnvironment } from '../environment.ts';
import { glyphsFor } from '../screens/glyphs.ts';
import { createConsolePorts } from './console-start.ts';
import { LineConsole } from './plain-console/line-console.ts';
import { LineInput } from './plain-console/line-input.ts';
import { Talk } from './plain-console/talk.ts';
import { untilEnded } from './signals.ts';

interface PlainConsoleMode {
  readonly readOnly: boolean;
  /** `xmserver setup`: the first-use wizard is opened, whatever stands already. */
  readonly setup: boolean;
}

/** Resolves with the exit code. Throws what the start of the installation throws. */
export async function runPlainConsole(
  folder: DataFolder,
  language: Language,
  mode: PlainConsoleMode,
): Promise<number> {
  const interrupted = Promise.withResolvers<NodeJS.Signals>();
  const input = new LineInput(
    process.stdin,
    text => process.stdout.write(text),
    () => interrupted.resolve('SIGINT'),
  );
  const glyphs = glyphsFor(terminalEnvironment().term);
  const talk = new Talk(language, input, line => process.stdout.write(`${line}\n`), glyphs);
  const ports = createConsolePorts(folder, mode);
  const console = new LineConsole(talk, ports, mode.setup);
  const work = console.run();
  const end = await Promise.race([work, untilEnded(), interrupted.promise]).finally(() => {
    input.close();
    console.close();
  });
  const isAsked = end === 'leave' || end === 'stop';
  const { quit } = talk.texts;
  await ports.quit(end === 'stop', ({ id, state }) => {
    if (state === 'done') talk.labelled(quit.steps[id], quit.stopped);
  });
  // What was under way ends with the connections.
  if (!isAsked) await work.catch(() => undefined);
  return isAsked ? 0 : 128 + constants.signals[end];
}
