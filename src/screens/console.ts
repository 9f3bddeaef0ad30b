/**
 * The console as a whole, without its looks: opening ──▶ login ⇄ work ──▶ quitting. It takes every key, and has the
 * message line and the question that may stand in it. Keys that come while the next phase is being prepared are kept
 * for it.
 */
import type { ConsolePorts, Installation } from '../core/console-ports.ts';
import type { Language } from '../core/language.ts';
import type { Operator } from '../core/operator.ts';
import type { Key } from '../terminal/key.ts';
import { type ConsoleTexts, consoleTexts } from '../text/console.ts';
import type { Message, Tone } from './desk.ts';
import { reasonOf, wordsOf } from './fault.ts';
import type { FormDesk } from './form/entry.ts';
import { bindingOf, caption } from './keys.ts';
import { ListStates } from './list/states.ts';
import { Observable } from './observable.ts';
import { type Choice, Question } from './question.ts';
import { Quitting, quitQuestion } from './quitting.ts';
import { Login } from './session/login.ts';
import { Opening, type OpeningPhase } from './start/opening.ts';
import { Monitor } from './transmissions/monitor.ts';
import { Transfer } from './transmissions/transfer.ts';
import { Workspace } from './workspace.ts';

/** Two Enters within so many milliseconds are one: the second was pressed before the answer to the first was seen. */
const doubleEnterMs = 300;
/** Lines of the log that a session begins with. */
const linesAtOpening = 20;
const longestTypeAhead = 256;

export type Phase =
  | OpeningPhase
  | { readonly name: 'login'; readonly login: Login }
  | { readonly name: 'work'; readonly workspace: Workspace }
  | { readonly name: 'quitting'; readonly quitting: Quitting };

export class Console extends Observable {
  readonly texts: ConsoleTexts;
  readonly language: Language;
  /** Resolves once the console has left. */
  readonly ended: Promise<void>;
  readonly #end: () => void;
  readonly #ports: ConsolePorts;
  readonly #screen: () => readonly string[];
  readonly #opening: Opening;
  #phase: Phase;
  #installation: Installation | undefined;
  #message: Message | undefined;
  #question: Question | undefined;
  readonly #typedAhead: Key[] = [];
  /** Nobody is there any more to be told that something failed. */
  #hungUp = false;
  /** When the last key was Enter. */
  #enterAt: number | undefined;
  /** The first-use wizard is still to be opened. */
  #setup: boolean;

  /**
   * `screen`: what is seen just now, row by row. `setup`: the first-use wizard is opened, whoever logs in; it is also
   * where there is no operator yet.
   */
  constructor(ports: ConsolePorts, language: Language, screen: () => readonly string[], setup = false) {
    super();
    this.#setup = setup;
    this.#screen = screen;
    this.#ports = ports;
    this.language = language;
    this.texts = consoleTexts[language];
    const ended = Promise.withResolvers<void>();
    this.ended = ended.promise;
    this.#end = ended.resolve;
    this.#opening = new Opening(ports, this.#formDesk(), {
      enter: phase => {
        if (this.#phase.name !== 'quitting') this.#enter(phase);
      },
      isOpen: phase => this.#phase === phase && !this.#question,
      onFailed: () => void this.#typedAhead.splice(0),
      onInstallation: installation => {
        this.#installation = installation;
      },
      onReady: installation => {
        // Whoever quits already is not interrupted.
        if (this.#phase.name !== 'quitting') this.#openLogin(installation);
      },
      onOperator: (installation, operator) => {
        if (this.#phase.name === 'quitting') return;
        this.#setup = true;
        this.#open(installation, operator);
      },
    });
    this.#phase = this.#opening.first;
    this.#opening.run();
  }

  get phase(): Phase {
    return this.#phase;
  }

  get installation(): Installation | undefined {
    return this.#installation;
  }

  get message(): Message | undefined {
    return this.#message;
  }

  get question(): Question | undefined {
    return this.#question;
  }

  key(key: Key): void {
    if (this.#isSecondEnter(key)) return;
    // As it stands, with a question or a message: nothing else happens.
    if (this.#installation && bindingOf('everywhere', key) === 'copy')
      return void this.#copy(this.#installation);
    if (this.#question) {
      if (this.#question.key(key)) this.#question = undefined;
    } else if (this.#isPreparing() && key.name !== 'ctrl-c') {
      if (this.#typedAhead.length < longestTypeAhead) this.#typedAhead.push(key);
      return;
    } else {
      this.#message = undefined;
      this.#phaseKey(key);
    }
    this.changed();
  }

  /** Leaves without a question: the terminal or the system asks for it. Everything else goes on. */
  hangUp(): void {
    this.#hungUp = true;
    void this.#leave(false);
  }

  #isSecondEnter({ name }: Key): boolean {
    const before = this.#enterAt;
    this.#enterAt = name === 'enter' ? performance.now() : undefined;
    return before !== undefined && this.#enterAt !== undefined && this.#enterAt - before < doubleEnterMs;
  }

  #isPreparing(): boolean {
    const phase = this.#phase;
    return (
      (phase.name === 'start' && !phase.start.failure) || (phase.name === 'login' && phase.login.checking)
    );
  }

  #phaseKey(key: Key): void {
    const phase = this.#phase;
    if (phase.name === 'work') phase.workspace.key(key);
    else if (phase.name !== 'quitting') {
      const isTaken = phase.name === 'login' ? phase.login.key(key) : this.#opening.key(phase, key);
      if (!isTaken) this.#otherKey(bindingOf(phase.name === 'start' ? 'start' : 'form', key), key);
    }
  }

  #otherKey(binding: string | undefined, key: Key): void {
    if (binding === 'quit') void this.#quit();
    else if (key.name !== 'paste')
      this.#say(this.texts.refusals.uselessKey(caption(key.name, this.texts)), 'bad');
  }

  #say(text: string, tone: Tone): void {
    this.#message = { text, tone };
    this.changed();
  }

  async #copy(installation: Installation): Promise<void> {
    try {
      const file = await installation.keepCapture(`${this.#screen().join('\n').trimEnd()}\n`);
      this.#say(this.texts.copied(file), 'good');
    } catch (error) {
      this.#say(wordsOf(reasonOf(error), this.texts, this.language), 'bad');
    }
  }

  #enter(phase: Phase): void {
    if (this.#phase.name === 'work') this.#phase.workspace.close();
    this.#phase = phase;
    this.changed();
    for (const key of this.#typedAhead.splice(0)) this.key(key);
  }

  /** For forms before anybody is logged in: what comes after them is told them by whoever opens them. */
  #formDesk(): FormDesk {
    return {
      texts: this.texts,
      language: this.language,
      say: (text, tone = 'plain') => this.#say(text, tone),
      fault: error => this.#say(wordsOf(reasonOf(error), this.texts, this.language), 'bad'),
      ask: (text, choices) => this.#ask(text, choices),
      back: () => undefined,
    };
  }

  #openLogin(installation: Installation): void {
    const login = new Login(installation, {
      onOpened: operator => this.#open(installation, operator),
      onIncomplete: () => this.#say(this.texts.login.incomplete, 'bad'),
      onFailed: error => {
        this.#typedAhead.splice(0);
        this.#say(wordsOf(reasonOf(error), this.texts, this.language), 'bad');
      },
    });
    this.#enter({ name: 'login', login });
    // The first operator is not created by whoever only looks.
    if (installation.lacksOperator && installation.readOnly) this.#say(this.texts.setup.lacksOperator, 'bad');
  }

  #open(installation: Installation, operator: Operator): void {
    const monitor = new Monitor(installation);
    const workspace = new Workspace({
      texts: this.texts,
      language: this.language,
      session: {
        installation,
        operator,
        monitor,
        lists: new ListStates(),
        transfer: new Transfer(installation.t2d),
      },
      say: (text, tone = 'plain') => this.#say(text, tone),
      ask: (text, choices) => this.#ask(text, choices),
      copy: () => this.#copy(installation),
      closeSession: () => {
        this.#openLogin(installation);
        this.#say(this.texts.login.closed, 'plain');
      },
      quit: () => void this.#quit(),
    });
    monitor.open(linesAtOpening);
    this.#say(this.texts.login.opened(operator.name, operator.privilege), 'plain');
    if (this.#setup) workspace.perform('setup');
    this.#setup = false;
    this.#enter({ name: 'work', workspace });
  }

  /** A question that stood there before is put off. */
  #ask(text: string, choices: readonly Choice[]): Promise<string | undefined> {
    this.#question?.putOff();
    const question = new Question(text, choices);
    this.#question = question;
    this.changed();
    return question.answer;
  }

  async #quit(): Promise<void> {
    const phase = this.#phase;
    const isTransferring = phase.name === 'work' && phase.workspace.session.transfer.isRunning;
    const { text, choices } = quitQuestion(this.texts, this.#installation, isTransferring);
    const answer = await this.#ask(text, choices);
    if (answer === 'leave' || answer === 'stop') await this.#leave(answer === 'stop');
  }

  async #leave(stopServices: boolean): Promise<void> {
    if (this.#phase.name === 'quitting') return;
    const before = this.#phase;
    const quitting = new Quitting(stopServices);
    this.#question = undefined;
    this.#message = undefined;
    this.#phase = { name: 'quitting', quitting };
    this.changed();
    try {
      await this.#ports.quit(stopServices, step => quitting.report(step));
      if (before.name === 'work') before.workspace.close();
      this.#end();
    } catch (error) {
      if (this.#hungUp) return this.#end();
      this.#phase = before;
      const words = wordsOf(reasonOf(error), this.texts, this.language);
      this.#say(`${this.texts.quit.failed} ${words}`, 'bad');
    }
  }
}
