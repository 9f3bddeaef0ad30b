/** The words of a call taken apart by meow: flags, help in the user's language. */
import meow, { type AnyFlags } from 'meow';
import { type Language, languages } from '../core/language.ts';
import { programTexts } from '../text/program.ts';
import { exitCodes, languageOf, usage } from './command-line.ts';
import { version } from './version.ts';

export interface Program<Flags extends AnyFlags> {
  readonly name: 'xmserver' | 'xmstation';
  readonly help: Readonly<Record<Language, string>>;
  readonly commands: readonly string[];
  readonly flags: Flags;
}

/** The command, its arguments and flags. Prints and ends on --help and --version; throws `usage`. */
export function parseCommandLine<Flags extends AnyFlags>(program: Program<Flags>, argv: readonly string[]) {
  const language = languageOf(argv);
  const cli = meow<Flags>({
    importMeta: import.meta,
    argv: [...argv],
    flags: program.flags,
    // The indentation of the first line counts, too.
    help: program.help[language].replace(/^\n|\s+$/g, ''),
    description: false,
    pkg: { name: program.name, version: version() },
  });
  // meow itself answers these only where they stand alone.
  if ('help' in cli.flags) cli.showHelp(exitCodes.ok);
  if ('version' in cli.flags) cli.showVersion();
  const texts = programTexts[language];
  for (const flag of Object.keys(cli.flags)) {
    if (!(flag in program.flags)) throw usage(texts.optionUnknown(`--${flag}`));
  }
  const [command, ...args] = cli.input;
  if (command !== undefined && !program.commands.includes(command)) {
    throw usage(texts.commandUnknown(command));
  }
  const lang = 'lang' in cli.flags ? String(cli.flags.lang) : language;
  if (!languages.some(one => one === lang)) throw usage(texts.languageUnknown(lang));
  return {
    command,
    args,
    flags: cli.flags,
    language,
    showHelp(): number {
      console.log(cli.help);
      return exitCodes.usage;
    },
  };
}
