/** The console in lines as a whole: the start, one session after the other, the end. */
import type { Installation } from '../../core/console-ports.ts';
import { type Operator, trialOperator } from '../../core/operator.ts';
import { ListStates } from '../../screens/list/states.ts';
import { quitQuestion } from '../../screens/quitting.ts';
import { Monitor } from '../../screens/transmissions/monitor.ts';
import { Transfer } from '../../screens/transmissions/transfer.ts';
import { LineCommands } from './commands.ts';
import { LineDesk } from './line-desk.ts';
import { firstOperatorInLines, type OpeningPorts, startInLines } from './opening.ts';
import type { Talk } from './talk.ts';

type End = 'leave' | 'stop';

export class LineConsole {
  readonly #talk: Talk;
  readonly #ports: OpeningPorts;
  /** The first-use wizard is still to be opened. */
  #setup: boolean;
  #desk: LineDesk | undefined;

  constructor(talk: Talk, ports: OpeningPorts, setup: boolean) {
    this.#talk = talk;
    this.#ports = ports;
    this.#setup = setup;
  }

  /** One session after the other, until somebody quits or nobody types any more. Rejects with what the start fails with. */
  async run(): Promise<End> {
    const { texts, say } = this.#talk;
    const installation = await startInLines(this.#talk, this.#ports);
    const { serverName, version, readOnly, trial } = installation;
    say(`${texts.product}, ${serverName}, ${texts.version(version)}`);
    if (readOnly) say(texts.readOnly);
    let operator = await this.#first(installation);
    if (!operator && trial) say(texts.login.trial(trialOperator.userName, trialOperator.password));
    while (true) {
      operator ??= await this.#logIn(installation);
      const end = operator ? await this.#serve(installation, operator) : 'leave';
      if (end) return end;
      operator = undefined;
      say(texts.login.closed);
    }
  }

  /** What the session has under way by itself, a test or a transfer, is ended. */
  close(): void {
    this.#desk?.close();
    this.#desk = undefined;
  }

  /** Where there is no operator yet, the first one; he is not created by whoever only looks. */
  async #first(installation: Installation): Promise<Operator | undefined> {
    const { say, texts, lines } = this.#talk;
    if (!installation.lacksOperator) return undefined;
    const operator = installation.readOnly ? undefined : await firstOperatorInLines(this.#talk, installation);
    if (operator) {
      this.#setup = true;
      say(lines.welcome);
    } else say(texts.setup.lacksOperator);
    return operator;
  }

  async #logIn(installation: Installation): Promise<Operator | undefined> {
    const { input, lines, texts, fault, say } = this.#talk;
    while (true) {
      const userName = await input.read(lines.prompt(texts.login.userName));
      if (userName === undefined) return undefined;
      if (userName.trim() === '') continue;
      const password = await input.readSecret(lines.prompt(texts.login.password));
      if (password === undefined) return undefined;
      try {
        const operator = await installation.login(userName.trim(), password);
        say(`${texts.login.opened(operator.name, operator.privilege)} ${lines.welcome}`);
        return operator;
      } catch (error) {
        fault(error);
      }
    }
  }

  /** Undefined: the session is closed, and another can be opened. */
  async #serve(installation: Installation, operator: Operator): Promise<End | undefined> {
    const desk = new LineDesk(this.#talk, {
      installation,
      operator,
      monitor: new Monitor(installation),
      lists: new ListStates(),
      transfer: new Transfer(installation.t2d),
    });
    const commands = new LineCommands(desk);
    this.#desk = desk;
    try {
      if (this.#setup) await commands.perform('setup');
      this.#setup = false;
      return await this.#work(desk, commands);
    } finally {
      this.close();
    }
  }

  async #work(desk: LineDesk, commands: LineCommands): Promise<End | undefined> {
    const { input, lines, ask, texts } = this.#talk;
    const { installation, transfer } = desk.session;
    let unread = 0;
    while (desk.end !== 'session') {
      const { unreadMessages } = installation;
      if (unreadMessages > unread) this.#talk.say(texts.clients.inbox.unread(unreadMessages));
      unread = unreadMessages;
      const line = await input.read(lines.prompt(lines.command));
      if (line === undefined) return 'leave';
      await commands.run(line);
      if (desk.end !== 'quit') continue;
      const { text, choices } = quitQuestion(texts, installation, transfer.isRunning);
      const answer = await ask(text, choices);
      if (answer === 'leave' || answer === 'stop') return answer;
      desk.goOn();
    }
    return undefined;
  }
}
