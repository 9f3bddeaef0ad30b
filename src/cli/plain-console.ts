/**
 * `xmserver --plain`: the console in lines, for screen readers and for terminals that can do no more. Operator and
 * password, then commands as after `:` on the screen; answers come as lines, and nothing moves a cursor or has a colour.
 */
import { constants } from 'node:os';
import type { DataFolder } from '../config.ts';
import type { Installation } from '../core/console-ports.ts';
import type { Language } from '../core/language.ts';
import { type Operator, trialOperator } from '../core/operator.ts';
import { reasonOf, wordsOf } from '../screens/fault.ts';
import { ListStates } from '../screens/list/states.ts';
import { quitQuestion } from '../screens/quitting.ts';
import { Monitor } from '../screens/transmissions/monitor.ts';
import { Transfer } from '../screens/transmissions/transfer.ts';
import { consoleTexts } from '../text/console.ts';
import { linesTexts } from '../text/lines.ts';
import { createConsolePorts } from './console-start.ts';
import { LineCommands } from './plain-console/commands.ts';
import { LineDesk } from './plain-console/line-desk.ts';
import { LineInput } from './plain-console/line-input.ts';
import { untilEnded } from './signals.ts';

type End = 'leave' | 'stop';

/** Resolves with the exit code. Throws what the start of the installation throws. */
export async function runPlainConsole(
  folder: DataFolder,
  language: Language,
  readOnly: boolean,
): Promise<number> {
  const texts = consoleTexts[language];
  const { prompt } = linesTexts[language];
  const interrupted = Promise.withResolvers<NodeJS.Signals>();
  const input = new LineInput(
    process.stdin,
    text => process.stdout.write(text),
    () => interrupted.resolve('SIGINT'),
  );
  const ports = createConsolePorts(folder, { readOnly });
  const work = (async () => {
    const told = new Set<string>();
    const installation = await ports.start(({ id, state }) => {
      if (state !== 'done' || told.has(id)) return;
      told.add(id);
      print(`${prompt(texts.start.steps[id])}${texts.start[state]}`);
    });
    return new PlainConsole(installation, input, language).run();
  })();
  const end = await Promise.race([work, untilEnded(), interrupted.promise]).finally(() => input.close());
  const isAsked = end === 'leave' || end === 'stop';
  await ports.quit(end === 'stop', ({ id, state }) => {
    if (state === 'done') print(`${prompt(texts.quit.steps[id])}${texts.quit.stopped}`);
  });
  // What was under way ends with the connections.
  if (!isAsked) await work.catch(() => undefined);
  return isAsked ? 0 : 128 + constants.signals[end];
}

class PlainConsole {
  readonly #installation: Installation;
  readonly #input: LineInput;
  readonly #language: Language;

  constructor(installation: Installation, input: LineInput, language: Language) {
    this.#installation = installation;
    this.#input = input;
    this.#language = language;
  }

  /** One session after the other, until somebody quits or nobody types any more. */
  async run(): Promise<End> {
    const texts = consoleTexts[this.#language];
    print(`${texts.product}, ${this.#installation.serverName}, ${texts.version(this.#installation.version)}`);
    if (this.#installation.readOnly) print(texts.readOnly);
    if (this.#installation.lacksOperator) print(texts.setup.lacksOperator);
    if (this.#installation.trial) print(texts.login.trial(trialOperator.userName, trialOperator.password));
    while (true) {
      const operator = await this.#logIn();
      const end = operator ? await this.#serve(operator) : 'leave';
      if (end) return end;
      print(texts.login.closed);
    }
  }

  async #logIn(): Promise<Operator | undefined> {
    const texts = consoleTexts[this.#language];
    const { prompt } = linesTexts[this.#language];
    while (true) {
      const userName = await this.#input.read(prompt(texts.login.userName));
      if (userName === undefined) return undefined;
      if (userName.trim() === '') continue;
      const password = await this.#input.readSecret(prompt(texts.login.password));
      if (password === undefined) return undefined;
      try {
        return await this.#installation.login(userName.trim(), password);
      } catch (error) {
        print(wordsOf(reasonOf(error), texts, this.#language));
      }
    }
  }

  /** Undefined: the session is closed, and another can be opened. */
  async #serve(operator: Operator): Promise<End | undefined> {
    const texts = consoleTexts[this.#language];
    const { prompt, command, welcome } = linesTexts[this.#language];
    const monitor = new Monitor(this.#installation);
    const commands = new LineCommands();
    const desk: LineDesk = new LineDesk({
      language: this.#language,
      session: {
        installation: this.#installation,
        operator,
        monitor,
        lists: new ListStates(),
        transfer: new Transfer(this.#installation.t2d),
      },
      input: this.#input,
      print,
      show: (screen, argument) => commands.show(screen, argument, desk),
    });
    print(`${texts.login.opened(operator.name, operator.privilege)} ${welcome}`);
    while (desk.end !== 'session') {
      const line = await this.#input.read(prompt(command));
      if (line === undefined) return 'leave';
      await commands.run(line, desk);
      if (desk.end !== 'quit') continue;
      const { text, choices } = quitQuestion(texts, this.#installation);
      const answer = await desk.ask(text, choices);
      if (answer === 'leave' || answer === 'stop') return answer;
      desk.end = undefined;
    }
    return undefined;
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
