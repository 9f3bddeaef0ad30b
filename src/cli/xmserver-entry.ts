/**
 * Where `xmserver` begins. A console shows its first frame at once: what everything else needs (the command line's
 * parser, the settings, PostgreSQL's client, Ink) is loaded behind it. All other calls go to xmserver.ts.
 */

import type { ConsolePorts } from '../core/console-ports.ts';
import { type Language, languages } from '../core/language.ts';
import { defaultDataFolder, environmentLanguage, terminalEnvironment } from '../environment.ts';
import { keptLanguage } from '../kept-language.ts';
import { runConsole } from './console.ts';

interface ConsoleCall {
  readonly data: string;
  readonly language: Language;
  readonly readOnly: boolean;
  /** `xmserver setup`: the first-use wizard. */
  readonly setup: boolean;
}

/** Undefined: no call of the console, or one with something in it that the parser must judge. */
function consoleCall(given: readonly string[]): ConsoleCall | undefined {
  const setup = given[0] === 'setup';
  const argv = setup ? given.slice(1) : given;
  let data = defaultDataFolder();
  let language: Language | undefined;
  let readOnly = false;
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === '--read-only' && !setup) {
      readOnly = true;
      continue;
    }
    const [, name, inline] = /^--(data|lang)(?:=(.+))?$/.exec(argv[i] ?? '') ?? [];
    const value = inline ?? argv[++i];
    if (name === undefined || value === undefined || value.startsWith('-')) return undefined;
    if (name === 'data') data = value;
    else {
      const known = languages.find(one => one === value);
      if (!known) return undefined;
      language = known;
    }
  }
  return { data, language: language ?? keptLanguage(data) ?? environmentLanguage(), readOnly, setup };
}

function lateConsolePorts(call: ConsoleCall): ConsolePorts {
  let made: Promise<ConsolePorts> | undefined;
  const ports = () => {
    made ??= makeConsolePorts(call);
    // What failed is tried again when it is asked for again.
    made.catch(() => {
      made = undefined;
    });
    return made;
  };
  return {
    connection: async () => (await ports()).connection(),
    connect: async (access, report) => (await ports()).connect(access, report),
    start: async report => (await ports()).start(report),
    quit: async (stopServices, report) => (await made)?.quit(stopServices, report),
  };
}

async function makeConsolePorts({ data, readOnly, setup }: ConsoleCall): Promise<ConsolePorts> {
  const [{ createConsolePorts }, { DataFolder }] = await Promise.all([
    import('./console-start.ts'),
    import('../config.ts'),
  ]);
  return createConsolePorts(new DataFolder(data), { readOnly, setup });
}

const argv = process.argv.slice(2);
const terminal = terminalEnvironment();
const isScreen = process.stdin.isTTY && process.stdout.isTTY && terminal.term !== 'dumb';
const call = isScreen ? consoleCall(argv) : undefined;
process.exitCode = call
  ? await runConsole(lateConsolePorts(call), { language: call.language, setup: call.setup, ...terminal })
  : await (await import('./xmserver.ts')).runProgram(argv);
