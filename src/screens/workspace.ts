/**
 * The console of an operator who is logged in: the Monitor at the bottom, screens on top of it, over them the menu bar
 * or the command line while one is open. Each key goes to the uppermost of them.
 */
import { XmError } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import { menuPrivileges } from '../core/operator.ts';
import type { Key } from '../terminal/key.ts';
import type { ConsoleTexts } from '../text/console.ts';
import { type ActId, actOfCommand, changes, isAct, refusalOf, run, takesWords } from './acts.ts';
import type { Desk, Subject, Tone } from './desk.ts';
import { reasonOf, wordsOf } from './fault.ts';
import { type BindingId, bindingOf, caption, type Place } from './keys.ts';
import { type MenuEntry, menus, menusFor, OpenMenu } from './menus.ts';
import { Observable } from './observable.ts';
import { Prompt } from './prompt.ts';
import type { Choice } from './question.ts';
import {
  type Argument,
  type OpenScreen,
  openScreen,
  type Screen,
  type ScreenId,
  screens,
} from './screens.ts';
import type { Session } from './session/session.ts';

export interface WorkspaceOptions extends Pick<Desk, 'say' | 'ask' | 'copy' | 'closeSession' | 'quit'> {
  readonly texts: ConsoleTexts;
  readonly language: Language;
  readonly session: Session;
}

export class Workspace extends Observable implements Desk {
  readonly texts: ConsoleTexts;
  readonly language: Language;
  readonly session: Session;
  readonly #options: WorkspaceOptions;
  readonly #stack: OpenScreen[];
  #menu: OpenMenu | undefined;
  #prompt: Prompt | undefined;
  /** The act under way: a second Enter on a slow link does not do it twice. */
  #acting: string | undefined;
  /** Acts, questions, and what screens read. */
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(options: WorkspaceOptions) {
    super();
    this.#options = options;
    this.texts = options.texts;
    this.language = options.language;
    this.session = options.session;
    this.#stack = [openScreen('monitor', this)];
  }

  get top(): OpenScreen {
    return this.#stack.at(-1) as OpenScreen;
  }

  /** From the Monitor to the one on top. */
  get stack(): readonly Screen[] {
    return this.#stack.map(({ screen }) => screen);
  }

  get isAtHome(): boolean {
    return this.#stack.length === 1;
  }

  get menu(): OpenMenu | undefined {
    return this.#menu;
  }

  get prompt(): Prompt | undefined {
    return this.#prompt;
  }

  get menus(): readonly MenuEntry[] {
    return menusFor(this.session.operator.privilege);
  }

  get places(): readonly Place[] {
    return this.top.screen.places ?? [];
  }

  get subject(): Subject {
    const { screen }: { readonly screen: Screen } = this.top;
    return screen.subject ?? {};
  }

  say(text: string, tone: Tone = 'plain'): void {
    this.#options.say(text, tone);
  }

  fault(error: unknown): void {
    this.say(wordsOf(reasonOf(error), this.texts, this.language), 'bad');
  }

  ask(text: string, choices: readonly Choice[]): Promise<string | undefined> {
    return this.reading(this.#options.ask(text, choices));
  }

  reading<T>(work: Promise<T>): Promise<T> {
    const over = () => void this.#underWay.delete(work);
    this.#underWay.add(work);
    work.then(over, over);
    return work;
  }

  /** Nothing is under way that an act or a screen has begun. */
  get isSettled(): boolean {
    return this.#underWay.size === 0;
  }

  async settled(): Promise<void> {
    while (!this.isSettled) {
      await Promise.allSettled(this.#underWay);
      // What follows from it at once belongs to it.
      await new Promise(setImmediate);
    }
  }

  busy(text: string, work: () => Promise<void>): Promise<void> {
    return this.reading(this.#busy(text, work));
  }

  async #busy(text: string, work: () => Promise<void>): Promise<void> {
    if (this.#acting !== undefined) return this.say(this.texts.busy(this.#acting), 'bad');
    this.#acting = text;
    try {
      this.say(text);
      await work();
    } catch (error) {
      this.fault(error);
    } finally {
      this.#acting = undefined;
    }
  }

  open<Id extends ScreenId>(id: Id, ...argument: Argument<Id>): void {
    const at = this.#stack.findLastIndex(open => open.id === id);
    // What comes by itself may lie over a form: nothing that was typed is lost by going back past it.
    const isNear = at >= 0 && at >= this.stack.findLastIndex(({ takesText = false }) => takesText);
    const isOpen = isNear && argument.length === 0;
    // Each kind of screen is there once: it is gone back to, or the same about another one takes its place.
    if (isNear) while (this.#stack.length > at + (isOpen ? 1 : 0)) this.#pop();
    if (isOpen) this.refresh();
    else this.#stack.push(openScreen(id, this, ...argument) as OpenScreen);
    this.changed();
  }

  back(): void {
    if (!this.isAtHome) this.#pop();
    this.refresh();
    this.changed();
  }

  refresh(): void {
    const { screen }: { readonly screen: Screen } = this.top;
    screen.resume?.();
  }

  /** What it holds is let go of: the session ends. */
  close(): void {
    while (!this.isAtHome) this.#pop();
    this.session.monitor.close();
    this.session.transfer.close();
  }

  #pop(): void {
    const screen: Screen | undefined = this.#stack.pop()?.screen;
    screen?.close?.();
  }

  copy(): Promise<void> {
    return this.#options.copy();
  }

  closeSession(): void {
    this.#options.closeSession();
  }

  quit(): void {
    this.#options.quit();
  }

  key(key: Key): void {
    if (this.#prompt) this.#promptKey(this.#prompt, key);
    else if (this.#menu) this.#menuKey(this.#menu, key);
    else this.#screenKey(key);
    this.changed();
  }

  #promptKey(prompt: Prompt, key: Key): void {
    const end = prompt.key(key);
    if (end) this.#prompt = undefined;
    if (end !== 'run') return;
    const command = prompt.field.value.trim();
    const [name = '', ...words] = command.split(/\s+/);
    const act = actOfCommand(name);
    if (act && (words.length === 0 || takesWords(act))) this.perform(act, words.join(' '));
    else this.say(this.texts.refusals.unknownCommand(command), 'bad');
  }

  #menuKey(menu: OpenMenu, key: Key): void {
    const end = menu.key(key);
    if (end === 'close' || (end && this.perform(end))) this.#menu = undefined;
  }

  #screenKey(key: Key): void {
    if (this.top.screen.key?.(key)) return;
    const binding = this.#bindingOf(key);
    if (binding !== undefined) this.#do(binding);
    else if (key.name !== 'paste') {
      const { unknownKey, uselessKey } = this.texts.refusals;
      const { screen }: { readonly screen: Screen } = this.top;
      // Where letters are text, the question mark shows nothing.
      this.say((screen.takesText ? uselessKey : unknownKey)(caption(key.name, this.texts)), 'bad');
    }
  }

  #bindingOf(key: Key): BindingId | undefined {
    for (const place of [...this.places, 'everywhere'] as const) {
      const binding = bindingOf(place, key);
      if (binding !== undefined) return binding;
    }
    return undefined;
  }

  async #leave(): Promise<void> {
    const { top } = this;
    const { screen }: { readonly screen: Screen } = top;
    if (this.isAtHome || (await screen.leave?.()) === false) return;
    // Meanwhile it may have gone, or another may be on top of it.
    if (top === this.top) this.back();
  }

  #do(binding: BindingId): void {
    if (isAct(binding)) this.perform(binding);
    else if (binding === 'command') this.#prompt = new Prompt(this.texts);
    else if (binding === 'back') void this.reading(this.#leave());
    else if (binding === 'menu') this.#openMenu(this.#markedMenu());
    else for (const { id } of menus) if (binding === `menu-${id}`) this.#openMenu(id);
  }

  #markedMenu(): MenuEntry['id'] {
    return screens[this.top.id].menu ?? 'fichier';
  }

  #openMenu(id: MenuEntry['id']): void {
    const [needed, own] = [menuPrivileges[id], this.session.operator.privilege];
    const menu = new OpenMenu(this.menus, id);
    if (own < needed) this.fault(new XmError('privilege-needed', { needed, own }));
    else if (menu.menu.acts.length === 1) this.perform(menu.menu.acts[0]);
    else this.#menu = menu;
  }

  /** False where it cannot be done, and the message line says why. */
  perform(id: ActId, words = ''): boolean {
    // Who waits for one thing may look at another meanwhile, and quit.
    const underWay = changes(id) ? this.#acting : undefined;
    const refusal = underWay === undefined ? refusalOf(id, this) : this.texts.busy(underWay);
    if (refusal !== undefined) this.say(refusal, 'bad');
    else void this.reading(this.#act(id, words));
    return refusal === undefined;
  }

  async #act(id: ActId, words: string): Promise<void> {
    const { name, running, done } = this.texts.acts[id];
    const isAlone = changes(id);
    try {
      if (isAlone) this.#acting = name;
      if (running !== '') this.say(running);
      const work = run(id, this, words);
      // What is done at once holds up no key that came with it.
      if (work) await work;
      if (done !== '') this.say(done, 'good');
    } catch (error) {
      this.fault(error);
    } finally {
      if (isAlone) this.#acting = undefined;
    }
  }
}
