/** What is typed at the prompt: a command, a row, words to search for, a key of the screen on top. */
import { type ActId, actOfCommand, refusalOf, takesWords } from '../../screens/acts.ts';
import { type BindingId, bindings } from '../../screens/keys.ts';
import { retryMessage } from '../../screens/messages/messages.ts';
import { screens } from '../../screens/screens.ts';
import { type LinesTexts, linesTexts } from '../../text/lines.ts';
import { follow } from './follow.ts';
import { ownKey, tellAllKeys } from './keys.ts';
import type { LineDesk } from './line-desk.ts';
import { Telling, tellStatus } from './telling.ts';
import { transfer } from './transfer.ts';

type CommandId = keyof LinesTexts['commands'];

/** Keys of lists that are about no row of theirs; whatever else there is needs one. */
const ofWholeList: ReadonlySet<BindingId> = new Set([
  'sort',
  'refresh',
  'client-create',
  'operator-create',
  'signatory-create',
  'broker-add',
  'tariff-new',
  'certificate-all',
  'requests',
  'journal-verify',
]);

export class LineCommands {
  readonly #desk: LineDesk;
  readonly #telling: Telling;

  constructor(desk: LineDesk) {
    this.#desk = desk;
    this.#telling = new Telling(desk);
  }

  /** One line as it was typed; resolves when all that comes of it is told. */
  async run(line: string): Promise<void> {
    const typed = line.trim();
    const [, number, key] = /^(\d{1,9})(?:\s*(\D))?$/.exec(typed) ?? [];
    if (typed === '.') this.#back();
    else if (typed === '?') tellAllKeys(this.#desk);
    else if (typed.startsWith('/')) this.#search(typed.slice(1));
    else if (number !== undefined) await this.#row(Number(number), key);
    else if (/^.?$/u.test(typed)) await this.#key(typed);
    else await this.#command(typed.replace(/^:\s*/, ''));
    await this.#telling.tell();
  }

  /** As on the screen after the log-in. */
  async perform(act: ActId): Promise<void> {
    this.#desk.perform(act);
    await this.#telling.tell();
  }

  #back(): void {
    const { talk, texts, isAtHome } = this.#desk;
    if (isAtHome) talk.say(texts.monitor.title);
    this.#desk.press('escape');
  }

  #search(words: string): void {
    const { list } = this.#desk;
    if (list) list.list.searchFor(words);
    else this.#unknownKey('/');
  }

  /** Opened, or something else is done to it. */
  async #row(number: number, key: string | undefined): Promise<void> {
    const { talk } = this.#desk;
    const rows = this.#telling.rows();
    if (!rows?.choose(number)) return talk.say(talk.lines.rowGone(number));
    if (key !== undefined) return this.#key(key);
    const { top } = this.#desk;
    const before = talk.told.at(-1);
    this.#desk.press('enter');
    await this.#desk.settled();
    // Where Enter does nothing, it is chosen for what comes.
    if (top === this.#desk.top && before === talk.told.at(-1)) rows.sayChosen();
  }

  async #key(typed: string): Promise<void> {
    const desk = this.#desk;
    const { list } = desk;
    const key = ownKey(desk, typed === '' ? 'enter' : typed);
    // In a list a row is opened by its number: an empty line is nothing.
    if (typed === '' && (!key || list)) return;
    if (!key) return this.#unknownKey(typed);
    if (key.id === 'sort' && list?.list.sortable.length) return this.#sort(list);
    if (list && !ofWholeList.has(key.id) && !list.list.chosen)
      return desk.talk.say(desk.talk.lines.chooseFirst(key.name.toUpperCase()));
    if (key.id === 'refresh') desk.tellAgain();
    desk.press(key.name);
  }

  #unknownKey(typed: string): void {
    const { talk, texts } = this.#desk;
    talk.say(texts.refusals.unknownKey(typed.toUpperCase()));
  }

  /** By the same column again: the other way round. */
  async #sort({ list }: NonNullable<LineDesk['list']>): Promise<void> {
    const { talk } = this.#desk;
    const choices = list.sortable.map(({ id, title }, at) => ({ id, letter: `${at + 1}`, label: title }));
    const answer = await talk.ask(talk.lines.sortBy, choices);
    const column = list.sortable.find(({ id }) => id === answer);
    if (column) list.sortBy(column);
  }

  async #command(line: string): Promise<void> {
    const desk = this.#desk;
    const [, name = '', words = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
    const id = commandOf(name);
    const act = actOfCommand(name);
    try {
      if (id) await this.#commands[id](words);
      else if (act && takes(act, words)) await this.#act(act, words);
      else desk.talk.say(desk.talk.lines.unknown(line));
    } catch (error) {
      desk.fault(error);
    }
  }

  /** `recharge 1024` is done to that client; a list that is opened is searched for the words. */
  async #act(act: ActId, words: string): Promise<void> {
    const desk = this.#desk;
    if (takesWords(act) || words === '') desk.perform(act, words);
    else if (isOfClient(act)) await this.#aboutClient(words, () => desk.perform(act));
    else if (desk.perform(act)) desk.list?.list.searchFor(words);
  }

  async #aboutClient(words: string, work: () => void): Promise<void> {
    const desk = this.#desk;
    await this.#about('client', 'clients', words, client => desk.open('client', client));
    await desk.settled();
    const { id, screen } = desk.top;
    // One that is not known has been told.
    if (id === 'client' && 'pager' in screen && screen.pager.whole.length > 0) work();
  }

  readonly #commands: Readonly<Record<CommandId, (words: string) => Promise<void> | void>> = {
    status: () => tellStatus(this.#desk),
    follow: () => follow(this.#desk),
    messages: words => this.#act('messages', words),
    message: words =>
      // Its own name, too, has what is sent to a client.
      words === '' && this.#desk.subject.client !== undefined
        ? this.#act('client-message', '')
        : this.#about('message', 'messages', words, id => this.#desk.open('message', id)),
    retry: words => this.#about('retry', 'messages', words, id => retryMessage(this.#desk, id)),
    clients: words => this.#act('clients', words),
    client: words => this.#about('client', 'clients', words, id => this.#desk.open('client', id)),
    import: async words => {
      if (words === '') this.#tellCall('import');
      else await transfer(this.#desk, 't2d-import', { direction: 'import', folder: words });
    },
    export: async words => {
      const [, folder, client] = /^(.*?\S)(?:\s+--client\s+(\d{1,9}))?$/.exec(words) ?? [];
      // A slip in the option is not to become a part of the folder's name.
      if (folder === undefined || /(^|\s)--/.test(folder)) return this.#tellCall('export');
      const scope = client === undefined ? {} : { client: Number(client) };
      await transfer(this.#desk, 't2d-export', { direction: 'export', folder, ...scope });
    },
    more: async () => {
      if (!(await this.#telling.goOn())) this.#desk.talk.say(this.#desk.talk.lines.noMore);
    },
    before: async () => {
      if (!(await this.#telling.goBack())) this.#desk.talk.say(this.#desk.talk.lines.nothingBefore);
    },
  };

  /** Something that has a number; what keeps one from looking at its list keeps one from looking at it. */
  async #about(
    command: CommandId,
    act: ActId,
    words: string,
    work: (number: number) => Promise<void> | void,
  ): Promise<void> {
    const refusal = refusalOf(act, this.#desk);
    if (!/^[1-9]\d{0,8}$/.test(words)) this.#tellCall(command);
    else if (refusal !== undefined) this.#desk.say(refusal);
    else await work(Number(words));
  }

  #tellCall(command: CommandId): void {
    const { lines, say } = this.#desk.talk;
    const { names, argument } = lines.commands[command];
    say(lines.call(`${names[0]} ${argument}`));
  }
}

/** Words are of use to what is a screen. */
function takes(act: ActId, words: string): boolean {
  return words === '' || takesWords(act) || isOfClient(act) || Object.hasOwn(screens, act);
}

function isOfClient(act: ActId): boolean {
  return act !== 'client-create' && bindings.client.some(({ id }) => id === act);
}

/** In either language, as the commands of acts. */
function commandOf(name: string): CommandId | undefined {
  const wanted = name.toLowerCase();
  for (const { commands } of Object.values(linesTexts)) {
    for (const [id, { names }] of Object.entries(commands))
      if (names.includes(wanted)) return id as CommandId;
  }
  return undefined;
}
