/** One request: its fingerprint, large enough to be read out, and what is decided after the client has read his. */
import type { CertificateRequestRow } from '../../core/console-ports.ts';
import type { Key } from '../../terminal/key.ts';
import { moment } from '../../text/format.ts';
import { pkiTexts } from '../../text/pki.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { Pager, type PagerLine } from '../pager/pager.ts';
import { mayDo } from '../privilege.ts';
import type { PagerScreen } from '../screens.ts';

export class RequestScreen implements PagerScreen {
  readonly places = ['request', 'pager'] as const;
  readonly pager = new Pager();
  readonly title: string;
  readonly #row: CertificateRequestRow;
  readonly #desk: Desk;
  /** Where it was decided on top of this screen, there is nothing more to decide. */
  #isDecided = false;

  constructor(desk: Desk, row: CertificateRequestRow) {
    this.title = desk.texts.security.request.one(row.id, `${row.client} ${row.clientName}`);
    this.#desk = desk;
    this.#row = row;
    this.pager.show(linesOf(row, desk));
  }

  get model(): Pager {
    return this.pager;
  }

  hints(): readonly BindingId[] {
    return ['request-accept', 'request-refuse'];
  }

  key(key: Key): boolean {
    const binding = bindingOf('request', key);
    if (binding === 'request-accept') {
      if (mayDo(this.#desk, 'request-accept')) void this.#accept();
    } else if (binding === 'request-refuse') {
      if (mayDo(this.#desk, 'request-refuse')) this.#openRefusal();
    } else return this.pager.key(key);
    return true;
  }

  resume(): void {
    if (this.#isDecided) this.#desk.back();
  }

  async #accept(): Promise<void> {
    const { texts, session } = this.#desk;
    const { request } = texts.security;
    const { id, client, clientName, fingerprint } = this.#row;
    const answer = await this.#desk.ask(request.question(`${client} ${clientName}`), [
      { id: 'wait', ...request.wait },
      { id: 'accept', ...request.accept },
    ]);
    if (answer !== 'accept') return;
    await this.#desk.busy(texts.entry.saving, async () => {
      await session.installation.security.accept(id, fingerprint);
      this.#desk.back();
      this.#desk.say(request.accepted(`${client} ${clientName}`), 'good');
    });
  }

  #openRefusal(): void {
    this.#desk.open('refusal', this.#row, () => {
      this.#isDecided = true;
    });
  }
}

function linesOf(row: CertificateRequestRow, { texts, language }: Desk): PagerLine[] {
  const words = pkiTexts[language];
  const { request } = texts.security;
  const groups = row.fingerprint.split(' ');
  return [
    { label: words.client, text: `${row.client} ${row.clientName}` },
    { label: words.received, text: moment(row.receivedAt, Date.now(), language) },
    { text: '' },
    { label: words.fingerprint, text: groups.slice(0, 4).join('   ') },
    { text: '' },
    { label: '', text: groups.slice(4).join('   ') },
    { text: '' },
    ...request.advice.map(text => ({ text })),
  ];
}
