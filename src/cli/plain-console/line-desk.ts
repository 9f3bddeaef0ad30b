/** The desk of the console in lines: the same screens, one on top of the other; what they say is told. */
import type { Keyed } from '../../core/page.ts';
import { ListScreen } from '../../screens/list/list-screen.ts';
import type { Argument, Screen, ScreenId } from '../../screens/screens.ts';
import type { Session } from '../../screens/session/session.ts';
import { Workspace } from '../../screens/workspace.ts';
import type { Talk } from './talk.ts';

interface Wish {
  end: 'session' | 'quit' | undefined;
}

export class LineDesk extends Workspace {
  readonly talk: Talk;
  readonly #wish: Wish;
  #isAsked = false;

  constructor(talk: Talk, session: Session) {
    const wish: Wish = { end: undefined };
    super({
      texts: talk.texts,
      language: talk.language,
      session,
      say: talk.say,
      ask: talk.ask,
      copy: async () => {
        const file = await session.installation.keepCapture(`${talk.told.join('\n')}\n`);
        talk.say(talk.texts.copied(file));
      },
      closeSession: () => {
        wish.end = 'session';
      },
      quit: () => {
        wish.end = 'quit';
      },
    });
    this.talk = talk;
    this.#wish = wish;
  }

  /** What the operator has asked for; undefined: to go on. */
  get end(): Wish['end'] {
    return this.#wish.end;
  }

  get title(): string {
    return this.talk.titleOf(this.stack);
  }

  /** The screen on top, where it is a list. */
  get list(): ListScreen<Keyed> | undefined {
    const screen: Screen = this.top.screen;
    return screen instanceof ListScreen ? screen : undefined;
  }

  goOn(): void {
    this.#wish.end = undefined;
  }

  tellAgain(): void {
    this.#isAsked = true;
  }

  /** It is to be told, or a screen was opened, since this was asked last, even where it was on top already. */
  takeAsked(): boolean {
    const isAsked = this.#isAsked;
    this.#isAsked = false;
    return isAsked;
  }

  override open<Id extends ScreenId>(id: Id, ...argument: Argument<Id>): void {
    this.#isAsked = true;
    super.open(id, ...argument);
  }

  /** A key of the screen on top, by its name. */
  press(name: string): void {
    this.key({ name, text: name.length === 1 ? name : '' });
  }
}
