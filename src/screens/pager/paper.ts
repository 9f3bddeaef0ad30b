/** Something to read about a client that can be printed, and sent to the client. */
import { randomUUID } from 'node:crypto';
import { sendMessage } from '../../core/administration/client-message.ts';
import { actPrivileges } from '../../core/operator.ts';
import type { Key } from '../../terminal/key.ts';
import type { Desk, Subject } from '../desk.ts';
import { type BindingId, bindingOf, type Place } from '../keys.ts';
import type { PagerScreen, Screen } from '../screens.ts';
import { Pager, type PagerLine } from './pager.ts';

export interface Paper extends Pick<Screen, 'about' | 'title'> {
  readonly shown: readonly PagerLine[];
  /** As it is written to a file. */
  readonly printed: readonly string[];
  /** Without its ending. */
  readonly file: string;
  /** As it goes to the client; absent: it does not. */
  readonly letter?: { readonly to: string; readonly subject: string; readonly lines: readonly string[] };
}

/** Characters of a letter: what core/administration/client-message.ts takes. */
export const longestLetter = 4_000;

export class PaperScreen implements PagerScreen {
  readonly places: readonly Place[];
  readonly pager = new Pager();
  readonly client: number;
  protected readonly desk: Desk;
  readonly #read: () => Paper | Promise<Paper>;
  #paper: Paper | undefined;
  /** The message that this paper went out as: it goes out once. */
  #sent: number | undefined;
  /** Sent again after a lost connection, it is the same message. */
  #reference = randomUUID();

  constructor(desk: Desk, client: number, places: readonly Place[], read: () => Paper | Promise<Paper>) {
    this.desk = desk;
    this.client = client;
    this.places = [...places, 'paper', 'pager'];
    this.#read = read;
    void this.load();
  }

  get model(): Pager {
    return this.pager;
  }

  get subject(): Subject {
    return { client: this.client };
  }

  get about(): string | undefined {
    return this.#paper?.about;
  }

  get title(): string | undefined {
    return this.#paper?.title;
  }

  hints(): readonly BindingId[] {
    const { privilege } = this.desk.session.operator;
    const sends = this.#paper?.letter !== undefined && privilege >= actPrivileges['client-message'];
    return ['paper-print', ...(sends ? (['paper-send'] as const) : [])];
  }

  key(key: Key): boolean {
    const binding = bindingOf('paper', key);
    if (binding === 'paper-print') void this.#print();
    else if (binding === 'paper-send' && this.#paper?.letter) void this.#send(this.#paper.letter);
    else return this.pager.key(key);
    return true;
  }

  resume(): void {
    void this.load();
  }

  protected load(): Promise<void> {
    return this.desk.reading(this.#load());
  }

  async #load(): Promise<void> {
    try {
      const paper = await this.#read();
      if (JSON.stringify(paper.printed) !== JSON.stringify(this.#paper?.printed)) {
        this.#sent = undefined;
        this.#reference = randomUUID();
      }
      this.#paper = paper;
      this.pager.show(paper.shown);
    } catch (error) {
      this.desk.fault(error);
    }
  }

  async #print(): Promise<void> {
    const paper = this.#paper;
    const { entry } = this.desk.texts;
    if (!paper) return;
    await this.desk.busy(entry.writing, async () => {
      const file = await this.desk.session.installation.keepPaper(paper.file, paper.printed);
      this.desk.say(entry.written(file), 'good');
    });
  }

  async #send({ to, subject, lines }: NonNullable<Paper['letter']>): Promise<void> {
    const { texts, session } = this.desk;
    if (this.#sent !== undefined) return this.desk.say(texts.entry.queuedBefore(this.#sent), 'bad');
    await this.desk.busy(texts.entry.sending, async () => {
      const text = lines.join('\n');
      const { administration } = session.installation;
      const message = { subject, text, reference: this.#reference };
      const id = await sendMessage(administration, session.operator, this.client, message);
      this.#sent = id;
      this.desk.say(texts.entry.queued(id, to), 'good');
    });
  }
}
