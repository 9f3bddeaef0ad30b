/** The commands of the console in lines that take words, beside the table of acts, and what screens would show. */
import { listClients, showClient } from '../../core/administration/client.ts';
import type { ClientQuery } from '../../core/administration/ports.ts';
import type { EngineStatus } from '../../core/engine-status.ts';
import type { Keyed, Page, PageRequest } from '../../core/page.ts';
import { actOfCommand } from '../../screens/acts.ts';
import { decodedLines } from '../../screens/messages/message.ts';
import { retryMessage } from '../../screens/messages/messages.ts';
import type { ScreenId } from '../../screens/screens.ts';
import { administrationTexts } from '../../text/administration.ts';
import { type LinesTexts, linesTexts } from '../../text/lines.ts';
import { programTexts } from '../../text/program.ts';
import { pageOf } from '../client/listing.ts';
import { eventLine, statusLines } from '../lines.ts';
import type { LineDesk } from './line-desk.ts';
import { clientLine, messageLine, pagerLine } from './listing.ts';
import { tellT2d, transfer } from './transfer.ts';

type CommandId = keyof LinesTexts['commands'];

/** Lines of a list that are told at once: more would have to be listened to. */
const pageSize = 10;

export class LineCommands {
  /** Tells the rest of the list that was told last. */
  #more: ((desk: LineDesk) => Promise<void>) | undefined;

  /** One line as it was typed. */
  async run(line: string, desk: LineDesk): Promise<void> {
    const [, name = '', words = ''] = /^(\S+)\s*(.*)$/.exec(line.trim()) ?? [];
    if (name === '') return;
    const id = commandOf(name);
    const act = id ? undefined : actOfCommand(line.trim());
    if (act) return desk.perform(act);
    if (!id) return desk.print(desk.lines.unknown(name));
    try {
      await this.#commands[id](desk, words);
    } catch (error) {
      desk.fault(error);
    }
  }

  /** What a screen would show. */
  async show(screen: ScreenId, argument: unknown, desk: LineDesk): Promise<void> {
    if (screen === 'monitor') await this.#commands.status(desk, '');
    else if (screen === 'messages') await this.#commands.messages(desk, '');
    else if (screen === 'message') await this.#commands.message(desk, String(argument));
    else if (screen === 'infos') tellInfos(desk);
    else if (screen === 'help') tellHelp(desk);
    else if (screen === 't2d') await tellT2d(desk);
    else desk.print(desk.lines.noLines);
  }

  readonly #commands: Readonly<Record<CommandId, (desk: LineDesk, words: string) => Promise<void>>> = {
    status: async desk => {
      const { engine, databaseLost } = desk.session.installation;
      if (databaseLost) desk.print(desk.texts.monitor.databaseLost);
      for (const line of statusLines(engine.status, programTexts[desk.language], desk.language))
        desk.print(line);
    },
    follow: async desk => follow(desk),
    messages: async (desk, words) => {
      const { messages } = desk.session.installation;
      await this.#list(
        desk,
        { search: words, sort: 'id', descending: true },
        {
          load: request => messages.page(request),
          line: row => messageLine(row, desk),
          nothing: desk.texts.messages.nothing,
        },
      );
    },
    message: async (desk, words) => {
      const id = numberOf(desk, 'message', words);
      if (id === undefined) return;
      const detail = await desk.session.installation.messages.find(id);
      for (const line of decodedLines(detail, desk)) if (line.text !== '') desk.print(pagerLine(line, desk));
    },
    retry: async (desk, words) => {
      const id = numberOf(desk, 'retry', words);
      if (id !== undefined) await retryMessage(desk, id);
    },
    clients: async (desk, words) => {
      const { installation, operator } = desk.session;
      const query = { search: words, sort: 'matricule', descending: false } as const;
      await this.#list(desk, query, {
        load: request =>
          listClients(installation.administration, operator, {
            ...request,
            sort: 'matricule',
          } satisfies ClientQuery),
        line: row => clientLine(row, desk),
        nothing: administrationTexts[desk.language].none,
      });
    },
    client: async (desk, words) => {
      const matricule = numberOf(desk, 'client', words);
      if (matricule === undefined) return;
      const { installation, operator } = desk.session;
      const sheet = await showClient(installation.administration, operator, matricule);
      const texts = administrationTexts[desk.language];
      for (const line of pageOf({ texts, language: desk.language }, sheet).lines) desk.print(line);
    },
    import: async (desk, words) => {
      if (words === '') desk.print(desk.lines.call(callOf(desk, 'import')));
      else await transfer(desk, 't2d-import', { direction: 'import', folder: words });
    },
    export: async (desk, words) => {
      const [, folder, client] = /^(.*?\S)(?:\s+--client\s+(\d{1,9}))?$/.exec(words) ?? [];
      // A slip in the option is not to become a part of the folder's name.
      if (folder === undefined || /(^|\s)--/.test(folder))
        return desk.print(desk.lines.call(callOf(desk, 'export')));
      const scope = client === undefined ? {} : { client: Number(client) };
      await transfer(desk, 't2d-export', { direction: 'export', folder, ...scope });
    },
    more: async desk => {
      if (this.#more) await this.#more(desk);
      else desk.print(desk.lines.noMore);
    },
  };

  async #list<Row extends Keyed>(
    desk: LineDesk,
    query: Pick<PageRequest, 'search' | 'sort' | 'descending'>,
    list: {
      readonly load: (request: PageRequest) => Promise<Page<Row>>;
      readonly line: (row: Row) => string;
      readonly nothing: string;
    },
    from: PageRequest['from'] = 'start',
  ): Promise<void> {
    // One more than is told: whether the list goes on.
    const { rows } = await list.load({ ...query, from, limit: pageSize + 1 });
    const told = rows.slice(0, pageSize);
    if (told.length === 0) desk.print(from === 'start' ? list.nothing : desk.lines.noMore);
    for (const row of told) desk.print(list.line(row));
    const last = rows.length > pageSize ? told.at(-1) : undefined;
    this.#more = last && (next => this.#list(next, query, list, { side: 'after', key: last.key }));
    if (last) desk.print(desk.lines.more);
  }
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

/** Undefined where it is none, which is told. */
function numberOf(desk: LineDesk, command: CommandId, words: string): number | undefined {
  if (/^[1-9]\d{0,8}$/.test(words)) return Number(words);
  desk.print(desk.lines.call(callOf(desk, command)));
  return undefined;
}

function callOf(desk: LineDesk, command: CommandId): string {
  const { names, argument } = desk.lines.commands[command];
  return `${names[0]} ${argument}`;
}

/** The events as they come, until a line is typed. */
async function follow(desk: LineDesk): Promise<void> {
  const { engine } = desk.session.installation;
  const texts = programTexts[desk.language];
  let last: EngineStatus | undefined = engine.status;
  const stop = engine.subscribe(() => {
    const { status } = engine;
    if (status === last) return;
    if (status?.state !== last?.state || status?.broker.state !== last?.broker.state)
      for (const line of statusLines(status, texts, desk.language)) desk.print(line);
    for (const event of status?.events ?? []) desk.print(eventLine(event, texts, desk.language));
    last = status;
  });
  try {
    desk.print(desk.lines.following);
    await desk.input.read('');
    desk.print(desk.lines.followed);
  } finally {
    stop();
  }
}

function tellInfos({ session, texts, lines, print }: LineDesk): void {
  const { infos } = texts;
  const { installation, operator } = session;
  for (const [label, value] of [
    [infos.version, installation.version],
    [infos.serverName, installation.serverName],
    [infos.dataFolder, installation.dataFolder],
    [infos.services, installation.embedded ? infos.embedded : infos.external],
    [infos.operator, `${operator.name} (${operator.userName})`],
  ] as const)
    print(`${lines.prompt(label)}${value}`);
}

function tellHelp({ texts, lines, print }: LineDesk): void {
  print(lines.help);
  const own = Object.values(lines.commands);
  for (const { names, argument, help } of own)
    print(`${lines.prompt(`${names[0]} ${argument}`.trimEnd())}${help}`);
  const told = new Set(own.map(({ names }) => names[0]));
  for (const { name, commands } of Object.values(texts.acts)) {
    const [command] = commands;
    if (command !== undefined && !told.has(command)) print(`${lines.prompt(command)}${name}`);
  }
}
