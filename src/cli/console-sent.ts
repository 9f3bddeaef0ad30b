/** What was sent, as the console's screens see it. */
import type { SentAgain, SentDetail, SentRow, SentView } from '../core/console-ports.ts';
import { XmError } from '../core/errors.ts';
import type { Page, PageRequest } from '../core/page.ts';
import { idPageOf } from '../db/data/id-page.ts';
import { readSent, type Sent, type SentSearch, sendAgain } from '../db/data/sent.ts';
import { clientNames } from '../db/system/directory.ts';
import { giveCommand } from '../db/system/engine.ts';
import { consoleTexts } from '../text/console.ts';
import type { OpenInstallation } from './installation.ts';
import { kindOf, readSentMessage, searchByWords } from './sent-message.ts';

interface ConsoleSentOptions {
  /** Throws `read-only`, `privilege-needed`. */
  readonly demand: (act: 'message-resend') => void;
  readonly journal: (act: string, detail: Readonly<Record<string, unknown>>) => Promise<void>;
}

export class ConsoleSent implements SentView {
  readonly #installation: Pick<OpenInstallation, 'system' | 'documents'>;
  readonly #options: ConsoleSentOptions;

  constructor(installation: Pick<OpenInstallation, 'system' | 'documents'>, options: ConsoleSentOptions) {
    this.#installation = installation;
    this.#options = options;
  }

  async page(request: PageRequest): Promise<Page<SentRow>> {
    const page = idPageOf(request);
    const search = await this.#searchOf(request.search.trim());
    const sent = await readSent(this.#installation.documents, search, page);
    return { rows: await this.#named(page.isBackwards ? sent.reverse() : sent) };
  }

  async find(id: number): Promise<SentDetail> {
    const [{ sent, sdc, known }, { textForm }] = await Promise.all([
      readSentMessage(this.#installation, id),
      import('../sdc/text-form.ts'),
    ]);
    const [row] = await this.#named([sent]);
    return { ...(row as SentRow), ...known, text: textForm(sdc) };
  }

  async sendAgain(id: number, times: number): Promise<SentAgain> {
    this.#options.demand('message-resend');
    const result = await sendAgain(this.#installation.documents, id, times);
    if (!result) throw new XmError('sent-unknown', { id });
    if (result !== 'queued') return result;
    await this.#options.journal('message-resend', { id });
    // It leaves now, not at the next full minute.
    await giveCommand(this.#installation.system, 'cycle', undefined);
    return result;
  }

  /** Digits are a matricule, the beginning of what the screen says of what waits is that, anything else words of a client. */
  async #searchOf(text: string): Promise<SentSearch> {
    if (text === '') return {};
    if (/^\d{1,9}$/.test(text)) return { clients: [Number(text)] };
    const waiting = Object.values(consoleTexts).some(({ sent }) => sent.waits.startsWith(text.toLowerCase()));
    return waiting ? { waiting } : searchByWords(this.#installation, text);
  }

  async #named(all: readonly Sent[]): Promise<SentRow[]> {
    const names = await clientNames(this.#installation.system, [...new Set(all.map(({ client }) => client))]);
    return all.map(sent => {
      const { letter: _letter, service: _service, ...row } = sent;
      const clientName = names.get(sent.client);
      return {
        ...row,
        ...kindOf(sent),
        key: `${sent.id}`,
        ...(clientName === undefined ? {} : { clientName }),
      };
    });
  }
}
