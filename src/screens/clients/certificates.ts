/** The certificates of a client, and how one is registered or made. */
import { showClient } from '../../core/administration/client.ts';
import type { HeldCertificate } from '../../core/console-ports.ts';
import type { Key } from '../../terminal/key.ts';
import { calendarDay, localDay } from '../../text/format.ts';
import { cell } from '../components/cell.ts';
import type { Desk, Subject } from '../desk.ts';
import type { BindingId } from '../keys.ts';
import { Pager, type PagerLine } from '../pager/pager.ts';
import type { PagerScreen } from '../screens.ts';
import { aboutClient } from './named.ts';

/** Columns: key, state, until; the subject has what is left. */
const widths = [16, 18, 10] as const;

export class ClientCertificates implements PagerScreen {
  readonly places = ['client-certificates', 'client', 'pager'] as const;
  readonly pager = new Pager();
  readonly #desk: Desk;
  readonly #client: number;
  #about: string | undefined;

  constructor(desk: Desk, client: number) {
    this.#desk = desk;
    this.#client = client;
    void desk.reading(this.#load());
  }

  get about(): string | undefined {
    return this.#about;
  }

  /** Not before it is known whose. */
  get title(): string | undefined {
    return this.#about && this.#desk.texts.acts['client-certificates'].name;
  }

  get model(): Pager {
    return this.pager;
  }

  get subject(): Subject {
    return { client: this.#client };
  }

  hints(): readonly BindingId[] {
    return ['certificate-register', 'certificate-issue'];
  }

  /** Also when one was registered on top of it. */
  resume(): void {
    void this.#desk.reading(this.#load());
  }

  key(key: Key): boolean {
    return this.pager.key(key);
  }

  async #load(): Promise<void> {
    const { texts, session } = this.#desk;
    const { clients } = texts;
    const { installation, operator } = session;
    try {
      const [sheet, held] = await Promise.all([
        showClient(installation.administration, operator, this.#client),
        installation.certificatesOf(this.#client),
      ]);
      const lines = held.map(one => this.#lineOf(one));
      this.#about = aboutClient(sheet);
      this.pager.show([
        ...(held.length === 0
          ? [{ text: clients.noCertificates, isBad: true }]
          : [row(clients.key, clients.state, clients.until, clients.subjectName), ...lines]),
        { text: '' },
        { text: clients.certificatesNote },
      ]);
    } catch (error) {
      this.#desk.fault(error);
    }
  }

  #lineOf(one: HeldCertificate): PagerLine {
    const { texts, language } = this.#desk;
    const state = stateOf(one);
    const until = calendarDay(localDay(one.notAfter), language);
    const line = row(one.key, texts.clients.certificateStates[state], until, one.subject);
    return { ...line, isBad: state !== 'valid' };
  }
}

function stateOf({ notBefore, notAfter, revokedAt }: HeldCertificate) {
  if (revokedAt !== undefined) return 'revoked';
  if (Date.now() < notBefore) return 'future';
  return Date.now() > notAfter ? 'ended' : 'valid';
}

function row(key: string, state: string, until: string, subject: string): PagerLine {
  const [keyWidth, stateWidth, untilWidth] = widths;
  const cells = [cell(key, keyWidth), cell(state, stateWidth), cell(until, untilWidth), subject];
  return { text: cells.join('  ') };
}
