/** The console in lines with a script: what is typed ahead goes in, what is told and asked comes out. */
import { PassThrough } from 'node:stream';
import { LineCommands } from '../../../src/cli/plain-console/commands.ts';
import { LineConsole } from '../../../src/cli/plain-console/line-console.ts';
import { LineDesk } from '../../../src/cli/plain-console/line-desk.ts';
import { LineInput } from '../../../src/cli/plain-console/line-input.ts';
import { Talk } from '../../../src/cli/plain-console/talk.ts';
import type { Language } from '../../../src/core/language.ts';
import { type Privilege, trialOperator } from '../../../src/core/operator.ts';
import { glyphsFor } from '../../../src/screens/glyphs.ts';
import { ListStates } from '../../../src/screens/list/states.ts';
import { Monitor } from '../../../src/screens/transmissions/monitor.ts';
import { Transfer } from '../../../src/screens/transmissions/transfer.ts';
import type { StandIn } from '../stand-in.ts';

export class Script {
  readonly talk: Talk;
  /** Lines that were told, and prompts that were answered, as they came. */
  heard: string[] = [];
  prompts: string[] = [];
  readonly #typed = new PassThrough();
  #asked = Promise.withResolvers<void>();

  constructor(language: Language, glyphs = glyphsFor('xterm')) {
    const input = new LineInput(
      this.#typed,
      prompt => {
        if (prompt.trim() === '') return;
        this.prompts.push(prompt.trim());
        this.heard.push(prompt.trim());
        this.#asked.resolve();
        this.#asked = Promise.withResolvers();
      },
      () => undefined,
    );
    this.talk = new Talk(language, input, line => this.heard.push(line), glyphs);
  }

  type(lines: readonly string[]): void {
    for (const line of lines) this.#typed.write(`${line}\n`);
  }

  /** Resolves when so many things have been asked. */
  async asked(prompts: number): Promise<void> {
    while (this.prompts.length < prompts) await this.#asked.promise;
  }

  /** Nobody types any more. */
  end(): void {
    this.#typed.end();
  }
}

type Answer = string | (() => Promise<string>);

/** Somebody who is logged in. */
export class Reader {
  readonly script: Script;
  readonly desk: LineDesk;
  readonly commands: LineCommands;

  static async open(
    ports: StandIn,
    language: Language = 'fr',
    privilege: Privilege = 4,
    glyphs = glyphsFor('xterm'),
  ): Promise<Reader> {
    return new Reader(await ports.start(() => undefined), new Script(language, glyphs), privilege);
  }

  private constructor(installation: Awaited<ReturnType<StandIn['start']>>, script: Script, own: Privilege) {
    const { userName, name } = trialOperator;
    this.script = script;
    this.desk = new LineDesk(script.talk, {
      installation,
      operator: { id: 1, userName, name, privilege: own },
      monitor: new Monitor(installation),
      lists: new ListStates(),
      transfer: new Transfer(installation.t2d),
    });
    this.commands = new LineCommands(this.desk);
  }

  /**
   * A command and what is answered to what it asks, no more and no less; resolves with what was heard. An answer may do
   * something else first, when it is asked for.
   */
  async hear(command: string, ...answers: readonly Answer[]): Promise<string[]> {
    const { script } = this;
    script.heard = [];
    script.prompts = [];
    await Promise.all([this.commands.run(command), this.#answer(answers)]);
    if (script.prompts.length !== answers.length)
      throw new Error(
        `${answers.length} answers to ${script.prompts.length} prompts:\n${script.heard.join('\n')}`,
      );
    return script.heard;
  }

  async #answer(answers: readonly Answer[]): Promise<void> {
    for (const [place, answer] of answers.entries()) {
      if (typeof answer === 'string') this.script.type([answer]);
      else {
        await this.script.asked(place + 1);
        this.script.type([await answer()]);
      }
    }
  }
}

/** All that is heard from the start to the end of what is typed. */
export async function hearAll(
  ports: StandIn,
  lines: readonly string[],
  { language = 'fr', setup = false }: { readonly language?: Language; readonly setup?: boolean } = {},
): Promise<string[]> {
  const script = new Script(language);
  script.type(lines);
  script.end();
  await new LineConsole(script.talk, ports, setup).run();
  return script.heard;
}
