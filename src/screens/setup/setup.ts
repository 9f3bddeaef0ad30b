/**
 * Fichier / Mise en service: the wizard once somebody is logged in. It shows what stands, and does what is missing, one
 * step after the other; whatever was skipped says how to come back to it.
 */
import { XmError } from '../../core/errors.ts';
import type { Key } from '../../terminal/key.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { Pager, type PagerLine } from '../pager/pager.ts';
import { mayDo } from '../privilege.ts';
import type { PagerScreen } from '../screens.ts';
import { isDone, type SetupStep, type Standing, setupSteps, standing } from './standing.ts';

/** Steps before these: connection and first operator. */
const stepsBefore = 2;

export class Setup implements PagerScreen {
  readonly places = ['setup', 'pager'] as const;
  readonly pager = new Pager();
  readonly #desk: Desk;
  readonly #skipped = new Set<SetupStep>();
  #standing: Standing | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.resume();
  }

  get model(): Pager {
    return this.pager;
  }

  get title(): string {
    const { setup } = this.#desk.texts;
    const isTrial = this.#desk.session.installation.embedded;
    if (isTrial || !this.#standing || this.#next) return setup.title;
    return this.#missing.length === 0 ? setup.complete : setup.incomplete;
  }

  hints(): readonly BindingId[] {
    const test: readonly BindingId[] = this.#standing?.broker ? ['setup-test'] : [];
    return ['setup-next', ...(this.#next ? (['setup-skip'] as const) : []), ...test];
  }

  key(key: Key): boolean {
    const binding = bindingOf('setup', key);
    if (binding === 'setup-next') this.#goOn();
    else if (binding === 'setup-skip') this.#skip();
    else if (binding === 'setup-test') this.#test();
    else return this.pager.key(key);
    return true;
  }

  /** Also when a step was done on top of it. */
  resume(): void {
    void this.#desk.reading(
      standing(this.#desk.session)
        .then(found => {
          this.#standing = found;
          this.#show(found);
        })
        .catch(error => this.#desk.fault(error)),
    );
  }

  get #missing(): readonly SetupStep[] {
    const found = this.#standing;
    return found ? setupSteps.filter(step => !isDone(step, found)) : [];
  }

  get #next(): SetupStep | undefined {
    return this.#missing.find(step => !this.#skipped.has(step));
  }

  #goOn(): void {
    const found = this.#standing;
    const next = this.#next;
    if (!found) this.resume();
    else if (next === undefined) this.#desk.open('monitor');
    else if (next === 'broker') this.#desk.open('setup-broker', found.unchosen);
    else this.#desk.open('setup-client');
  }

  #skip(): void {
    const next = this.#next;
    const { setup } = this.#desk.texts;
    if (next === undefined || !this.#standing) {
      this.#desk.say(setup.nothingLeft, 'bad');
      return;
    }
    this.#skipped.add(next);
    this.#show(this.#standing);
    this.#desk.say(setup.skipped(setup.steps[next].name, setup.steps[next].menu));
  }

  #test(): void {
    if (!this.#standing?.broker) this.#desk.fault(new XmError('broker-missing'));
    else if (mayDo(this.#desk, 'broker-test')) this.#desk.open('broker-test');
  }

  #show(found: Standing): void {
    const next = this.#next;
    this.pager.show([
      ...this.#standingLines(found),
      { text: '' },
      ...(next ? this.#stepLines(next) : this.#closingLines()),
    ]);
  }

  #standingLines(found: Standing): PagerLine[] {
    const { texts, session } = this.#desk;
    const { setup, infos, operators } = texts;
    const { installation, operator } = session;
    const done: Readonly<Record<SetupStep, string>> = {
      broker: found.broker?.url ?? '',
      client: found.client ? texts.clients.named(found.client.matricule, found.client.name) : '',
    };
    const rights = found.tables.length === 0 ? setup.noTables : found.tables.join(', ');
    return [
      { label: setup.connexion, text: installation.embedded ? infos.embedded : installation.database },
      { label: setup.certificateLabel, text: setup.certificateWhere },
      {
        label: setup.operator,
        text: `${operators.named(operator.userName, operator.name)}, ${texts.privilege(operator.privilege)}`,
      },
      ...setupSteps.map(step => ({
        label: setup.steps[step].name,
        text: isDone(step, found) ? done[step] : this.#stateOf(step),
      })),
      ...(found.client ? [{ label: setup.tables, text: rights }] : []),
    ];
  }

  #stateOf(step: SetupStep): string {
    const { setup } = this.#desk.texts;
    if (this.#skipped.has(step)) return setup.skippedState(setup.steps[step].menu);
    return step === this.#next ? setup.now : setup.later;
  }

  #stepLines(step: SetupStep): PagerLine[] {
    const { setup } = this.#desk.texts;
    const { what, how } = setup.steps[step];
    const number = setupSteps.indexOf(step) + stepsBefore + 1;
    return [{ text: setup.step(number, what) }, { text: how }];
  }

  #closingLines(): PagerLine[] {
    const { setup } = this.#desk.texts;
    const { dataFolder, embedded } = this.#desk.session.installation;
    return (embedded ? setup.trial : setup.office(dataFolder)).map(text => ({ text }));
  }
}
