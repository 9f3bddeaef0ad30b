/** `xmstation`: the office's side. */
import { DataFolder } from '../config.ts';
import { XmError } from '../core/errors.ts';
import { defaultDataFolder } from '../environment.ts';
import { stationTexts } from '../text/station.ts';
import { notify } from './background.ts';
import { exitCodes, languageOf, reportError } from './command-line.ts';
import { type Program, parseCommandLine } from './parse-command-line.ts';
import { stationFlags, stationHelp } from './station/call.ts';
import { stationCommands } from './station/command.ts';

const program: Program<typeof stationFlags> = {
  name: 'xmstation',
  commands: Object.keys(stationCommands),
  flags: stationFlags,
  help: stationHelp,
};

async function run(argv: readonly string[]): Promise<number> {
  const call = parseCommandLine(program, argv);
  const { command, args, flags, language } = call;
  const load = command === undefined ? undefined : stationCommands[command];
  if (!load) return call.showHelp();
  const folder = new DataFolder(flags.data ?? defaultDataFolder());
  return (await load())({ folder, flags, language, texts: stationTexts[language] }, args);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (error instanceof XmError) notify({ kind: 'failed', code: error.code, params: error.params });
  const code = reportError('xmstation', error, languageOf(process.argv.slice(2)));
  process.exitCode = error instanceof XmError && error.code === 'answer-late' ? exitCodes.waiting : code;
} finally {
  if (process.connected) process.disconnect();
}
