/** The journal of messages, as the console's screens see it. */
import type { MessageDetail, MessageRow, MessagesView } from '../core/console-ports.ts';
import { XmError } from '../core/errors.ts';
import type { Page, PageRequest } from '../core/page.ts';
import type { ArrivalOutcome } from '../core/ports.ts';
import { idPageOf } from '../db/data/id-page.ts';
import {
  type Attempt,
  type AttemptSearch,
  findAttempt,
  markRetried,
  readAttempts,
} from '../db/data/journal.ts';
import { clientNames } from '../db/system/directory.ts';
import { giveCommand } from '../db/system/engine.ts';
import { consoleTexts } from '../text/console.ts';
import type { OpenInstallation } from './installation.ts';

interface ConsoleMessagesOptions {
  /** Throws `read-only`, `privilege-needed`. */
  readonly demand: (act: 'message-retry') => void;
  readonly journal: (act: string, detail: Readonly<Record<string, unknown>>) => Promise<void>;
}

export class ConsoleMessages implements MessagesView {
  readonly #installation: OpenInstallation;
  readonly #options: ConsoleMessagesOptions;

  constructor(installation: OpenInstallation, options: ConsoleMessagesOptions) {
    this.#installation = installation;
    this.#options = options;
  }

  async page(request: PageRequest): Promise<Page<MessageRow>> {
    const page = idPageOf(request);
    const attempts = await readAttempts(this.#installation.documents, searchOf(request.search), page);
    return { rows: await this.#named(page.isBackwards ? attempts.reverse() : attempts) };
  }

  async find(id: number): Promise<MessageDetail> {
    const attempt = await findAttempt(this.#installation.documents, id);
    if (!attempt) throw new XmError('message-unknown', { id });
    const { sdc, signed, question, topic, retriedAt, acts } = attempt;
    const [row] = await this.#named([attempt]);
    const [{ contentsOf }, { textForm }] = await Promise.all([
      import('./stored-message.ts'),
      import('../sdc/text-form.ts'),
    ]);
    const contents = await contentsOf(this.#installation, attempt);
    const kept = sdc ?? question ?? signed;
    return {
      ...(row as MessageRow),
      topic,
      isRetried: retriedAt !== undefined,
      ...(acts ? { acts } : {}),
      content: contents.flatMap(record => Object.entries(record)),
      ...(kept ? { text: textForm(kept) } : {}),
    };
  }

  async retry(id: number): Promise<ArrivalOutcome> {
    this.#options.demand('message-retry');
    const attempt = await findAttempt(this.#installation.documents, id);
    if (!attempt) throw new XmError('message-unknown', { id });
    const { sdc, topic } = attempt;
    if (!sdc) throw new XmError('message-filed', { id });
    const { fileAgain } = await import('./stored-message.ts');
    // A database that is away is told on the screen already.
    const [outcome] = await fileAgain(this.#installation, [{ id, topic, sdc }], () => undefined);
    await markRetried(this.#installation.documents, [id]);
    await this.#options.journal('message-retry', { id, outcome: outcome?.kind });
    // The receipt leaves now, not at the next full minute.
    await giveCommand(this.#installation.system, 'cycle', undefined);
    return outcome as ArrivalOutcome;
  }

  async #named(attempts: readonly Attempt[]): Promise<MessageRow[]> {
    const clients = attempts.flatMap(({ client }) => (client === undefined ? [] : [client]));
    const names = await clientNames(this.#installation.system, [...new Set(clients)]);
    return attempts.map(({ messageId: _id, topic: _topic, retriedAt: _at, ...attempt }) => {
      const clientName = attempt.client === undefined ? undefined : names.get(attempt.client);
      return { ...attempt, key: `${attempt.id}`, ...(clientName === undefined ? {} : { clientName }) };
    });
  }
}

/** Digits are a matricule, the beginning of what the screen calls an outcome is that outcome, anything else a table, or a service. */
function searchOf(text: string): AttemptSearch {
  if (text === '') return {};
  if (/^\d{1,9}$/.test(text)) return { client: Number(text) };
  const wanted = text.toLowerCase();
  const act = (['cancelled', 'changed'] as const).find(one =>
    Object.values(consoleTexts).some(({ messages }) => messages.acts[one].startsWith(wanted)),
  );
  if (act) return { act };
  const outcomes = Object.values(consoleTexts).flatMap(({ messages }) =>
    Object.entries(messages.outcomes).flatMap(([outcome, word]) =>
      word.toLowerCase().startsWith(wanted) ? [outcome as Attempt['outcome']] : [],
    ),
  );
  return outcomes.length > 0 ? { outcomes: [...new Set(outcomes)] } : { about: text };
}
