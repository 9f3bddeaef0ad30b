/**
 * The console of an operator who is logged in: the Monitor at the bottom, screens on top of it, over them the menu bar
 * or the command line while one is open. Each key goes to the uppermost of them.
 */
import type { Language } from '../core/language.ts';
import type { Key } from '../terminal/key.ts';
import type { ConsoleTexts } from '../text/console.ts';
import { type ActId, actOfCommand, isAct, refusalOf, run } from './acts.ts';
import type { Desk, Tone } from './desk.ts';
import { reasonOf, wordsOf } from './fault.ts';
import { type BindingId, bindingOf, caption, type Place } from './keys.ts';
import { type MenuEntry, menusFor, OpenMenu } from './menus.ts';
import { Observable } from './observable.ts';
import { Prompt } from './prompt.ts';
import { type OpenScreen, openScreen, type ScreenId, screens } from './screens.ts';
import type { Session } from './session/session.ts';

export interface WorkspaceOptions extends Pick<Desk, 'say' | 'closeSession' | 'quit'> {
  readonly texts: ConsoleTexts;
  readonly language: Language;
  readonly session: Session;
}

export class Workspace extends Observable implements Desk {
  readonly texts: ConsoleTexts;
  readonly language: Language;
  readonly session: Session;
  readonly #options: WorkspaceOptions;
  #stack: OpenScreen[];
  #menu: OpenMenu | undefined;
  #prompt: Prompt | undefined;
  /** The act under way: a second Enter on a slow link does not do it twice. */
  #acting: ActId | undefined;

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

  get place(): Place | undefined {
    return this.top.screen.place;
  }

  say(text: string, tone: Tone = 'plain'): void {
    this.#options.say(text, tone);
  }

  open(id: ScreenId): void {
    if (id === this.top.id) return;
    // The Monitor is always there: to open it is to go back to it.
    this.#stack = id === 'monitor' ? this.#stack.slice(0, 1) : [...this.#stack, openScreen(id, this)];
    this.changed();
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
    const act = actOfCommand(command);
    if (act) this.#perform(act);
    else this.say(this.texts.refusals.unknownCommand(command), 'bad');
  }

  #menuKey(menu: OpenMenu, key: Key): void {
    const end = menu.key(key);
    if (end === 'close' || (end && this.#perform(end))) this.#menu = undefined;
  }

  #screenKey(key: Key): void {
    const { place } = this;
    const binding = (place && bindingOf(place, key)) ?? bindingOf('everywhere', key);
    if (binding !== undefined) this.#do(binding);
    else if (key.name !== 'paste')
      this.say(this.texts.refusals.unknownKey(caption(key.name, this.texts)), 'bad');
  }

  #do(binding: BindingId): void {
    if (isAct(binding)) this.#perform(binding);
    else if (binding === 'command') this.#prompt = new Prompt(this.texts);
    else if (binding === 'back') this.#stack = this.#stack.slice(0, Math.max(1, this.#stack.length - 1));
    else if (binding === 'menu') this.#openMenu(this.#markedMenu());
    else for (const { id } of this.menus) if (binding === `menu-${id}`) this.#openMenu(id);
  }

  #markedMenu(): MenuEntry['id'] {
    return screens[this.top.id].menu ?? 'fichier';
  }

  #openMenu(id: MenuEntry['id']): void {
    const menu = new OpenMenu(this.menus, id);
    if (menu.menu.acts.length === 1) this.#perform(menu.menu.acts[0]);
    else this.#menu = menu;
  }

  /** False where it cannot be done, and the message line says why. */
  #perform(id: ActId): boolean {
    const refusal = this.#acting ? this.texts.busy(this.texts.acts[this.#acting].name) : refusalOf(id, this);
    if (refusal !== undefined) this.say(refusal, 'bad');
    else void this.#act(id);
    return refusal === undefined;
  }

  async #act(id: ActId): Promise<void> {
    const { running, done } = this.texts.acts[id];
    try {
      this.#acting = id;
      if (running !== '') this.say(running);
      await run(id, this);
      if (done !== '') this.say(done, 'good');
    } catch (error) {
      this.say(wordsOf(reasonOf(error), this.texts, this.language), 'bad');
    } finally {
      this.#acting = undefined;
    }
  }
}
