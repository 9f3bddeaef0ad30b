/**
 * What comes before the log-in: the start, the form of the connection where PostgreSQL lets nobody in, the form of the
 * first operator where there is none yet.
 */
import type { ConsolePorts, Installation, KnownConnection } from '../../core/console-ports.ts';
import type { Operator } from '../../core/operator.ts';
import type { Reason } from '../../core/ports.ts';
import type { Key } from '../../terminal/key.ts';
import type { EntryScreen, FormDesk } from '../form/entry.ts';
import { bindingOf } from '../keys.ts';
import { firstOperator } from '../setup/first-operator.ts';
import { asksConnexion, Connexion } from './connexion.ts';
import { Start } from './start.ts';

export type OpeningPhase =
  | { readonly name: 'start'; readonly start: Start }
  | { readonly name: 'connexion'; readonly connexion: Connexion }
  | { readonly name: 'first-operator'; readonly entry: EntryScreen };

export interface OpeningHandlers {
  /** Not where somebody is leaving. */
  enter(phase: OpeningPhase): void;
  /** It is still the one that is seen, and no question stands before it. */
  isOpen(phase: OpeningPhase): boolean;
  onFailed(): void;
  /** It is up, whoever comes. */
  onInstallation(installation: Installation): void;
  /** For somebody who logs in. */
  onReady(installation: Installation): void;
  /** The first operator, who is logged in. */
  onOperator(installation: Installation, operator: Operator): void;
}

export class Opening {
  readonly first: OpeningPhase;
  readonly #ports: ConsolePorts;
  readonly #desk: FormDesk;
  readonly #handlers: OpeningHandlers;
  readonly #start: Start;

  constructor(ports: ConsolePorts, desk: FormDesk, handlers: OpeningHandlers) {
    this.#ports = ports;
    this.#desk = desk;
    this.#handlers = handlers;
    this.#start = new Start(report => ports.start(report), {
      onReady: installation => this.#ready(installation),
      onFailed: reason => void this.#failed(reason),
    });
    this.first = { name: 'start', start: this.#start };
  }

  run(): void {
    void this.#start.run();
  }

  /** False for a key that does nothing here. */
  key(phase: OpeningPhase, key: Key): boolean {
    if (phase.name === 'first-operator') return phase.entry.key(key);
    if (phase.name === 'start') return this.#startKey(key);
    if (bindingOf('everywhere', key) !== 'back') return phase.connexion.entry.key(key);
    void this.#leave(phase);
    return true;
  }

  #startKey(key: Key): boolean {
    const { failure, connection } = this.#start;
    const binding = bindingOf('start', key);
    if (!failure || (binding !== 'retry' && binding !== 'connexion')) return false;
    if (binding === 'retry') this.run();
    else if (connection) this.#ask(connection, failure);
    else this.#desk.say(this.#desk.texts.connexion.notAsked, 'bad');
    return true;
  }

  async #failed(reason: Reason): Promise<void> {
    this.#handlers.onFailed();
    // Where the settings cannot be read, the start has told so.
    const known = await this.#ports.connection().catch(() => undefined);
    this.#start.connection = known;
    // Whoever is asked whether to quit, or quits already, is not interrupted.
    if (known && asksConnexion.has(reason.code) && this.#handlers.isOpen(this.first))
      this.#ask(known, reason);
  }

  #ask(known: KnownConnection, reason: Reason): void {
    const connexion = new Connexion(this.#desk, {
      known,
      reason,
      connect: (access, report) => this.#ports.connect(access, report),
      onConnected: () => {
        this.#handlers.enter(this.first);
        this.run();
      },
    });
    this.#handlers.enter({ name: 'connexion', connexion });
  }

  /** Back to the start that failed, with its reason. */
  async #leave(phase: Extract<OpeningPhase, { name: 'connexion' }>): Promise<void> {
    const isLeft = await phase.connexion.entry.leave();
    if (isLeft && this.#handlers.isOpen(phase)) this.#handlers.enter(this.first);
  }

  #ready(installation: Installation): void {
    this.#handlers.onInstallation(installation);
    const { lacksOperator, readOnly } = installation;
    if (!lacksOperator || readOnly) {
      this.#handlers.onReady(installation);
      return;
    }
    const entry = firstOperator(this.#desk, installation, {
      onOpened: operator => this.#handlers.onOperator(installation, operator),
      onTaken: () => this.#handlers.onReady(installation),
    });
    this.#handlers.enter({ name: 'first-operator', entry });
  }
}
