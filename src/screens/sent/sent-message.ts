/** One SDC that was sealed for a client: what is known of it and of what is in it, its bytes. */
import type { AnsweredMessage, SentDetail } from '../../core/console-ports.ts';
import type { Currency } from '../../core/money/amount.ts';
import { printable } from '../../core/printable.ts';
import type { Key } from '../../terminal/key.ts';
import { accountTexts } from '../../text/account.ts';
import { grouped, moment, money } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { Pager, type PagerLine, wrapped } from '../pager/pager.ts';
import type { PagerScreen } from '../screens.ts';
import { contentsText, maySendAgain, sendAgain } from './sent.ts';

export class SentMessageScreen implements PagerScreen {
  readonly places = ['sent-message', 'pager'] as const;
  readonly pager = new Pager();
  readonly #id: number;
  readonly #desk: Desk;
  #detail: SentDetail | undefined;
  /** Of what a notice says. */
  #currency: Currency = { code: '', decimals: 0 };
  #isRaw = false;

  constructor(desk: Desk, id: number) {
    this.#desk = desk;
    this.#id = id;
    void desk.reading(this.#load());
  }

  get title(): string {
    return this.#desk.texts.sent.one(this.#id);
  }

  get model(): Pager {
    return this.pager;
  }

  hints(): readonly BindingId[] {
    return this.#detail && maySendAgain(this.#detail, this.#desk)
      ? ['message-raw', 'message-resend']
      : ['message-raw'];
  }

  key(key: Key): boolean {
    const binding = bindingOf('sent-message', key);
    if (binding === 'message-raw') {
      this.#isRaw = !this.#isRaw;
      this.#show();
    } else if (binding === 'message-resend' && this.#detail) {
      void sendAgain(this.#desk, this.#detail).then(() => this.#desk.reading(this.#load()));
    } else return this.pager.key(key);
    return true;
  }

  async #load(): Promise<void> {
    const { installation } = this.#desk.session;
    try {
      const detail = await installation.sent.find(this.#id);
      if (detail.notice) this.#currency = await installation.accounts.currency();
      this.#detail = detail;
      this.#show();
    } catch (error) {
      this.#desk.fault(error);
    }
  }

  #show(): void {
    if (!this.#detail) return;
    const lines = this.#isRaw
      ? this.#detail.text.split('\n').map(text => ({ text }))
      : [...knownLines(this.#detail, this.#desk), ...contentLines(this.#detail, this.#desk, this.#currency)];
    this.pager.show(lines);
  }
}

function knownLines(detail: SentDetail, { texts, language }: Desk): PagerLine[] {
  const { sent, monitor } = texts;
  const { client, clientName = '', size, createdAt, sentAt, times, waits } = detail;
  const read = (at: number) => moment(at, Date.now(), language);
  const when = sentAt === undefined ? sent.never : read(sentAt);
  const last = times > 1 ? sent.often(when, times) : when;
  return [
    { label: sent.client, text: `${client} ${clientName}` },
    {
      label: sent.what,
      text: `${contentsText(detail, texts)}, ${monitor.bytes(grouped(size, language))}`,
    },
    { label: sent.at, text: read(createdAt) },
    { label: sent.sent, text: last },
    ...(waits ? [{ label: '', text: sent.waitsToBeSent }] : []),
    { text: '' },
    { text: sent.sealed },
  ];
}

/** Columns of a value beside its label at 80 columns. */
const valueWidth = 55;

/** What is in it, as far as the books tell. */
function contentLines(detail: SentDetail, desk: Desk, currency: Currency): PagerLine[] {
  const { texts, language } = desk;
  const { about, count, client, written, notice } = detail;
  const lines = about.flatMap(message => answeredLines(message, desk));
  // Of a message of which nothing was filed no link leads to its receipt.
  const others = Math.max(0, count - about.length);
  if (others > 0) lines.push({ text: texts.sent.refusals(others, client) });
  if (written) {
    for (const [label, text] of [
      [texts.clients.subject, written.subject],
      [texts.clients.text, written.text],
    ] as const) {
      const parts = text.split(/\r?\n/).flatMap(line => wrapped(printable(line), valueWidth));
      lines.push(...parts.map((part, at) => ({ label: at === 0 ? label : '', text: part })));
    }
  }
  if (notice) {
    lines.push(
      { label: accountTexts[language].kinds[notice.kind], text: money(notice.amount, currency, language) },
      { label: accountTexts[language].balanceAfter, text: money(notice.balance, currency, language) },
    );
  }
  return lines.length > 0 ? lines : [{ text: texts.sent.nothingMore }];
}

function answeredLines(
  { service, askedAt, records }: AnsweredMessage,
  { texts: { sent }, language }: Desk,
): PagerLine[] {
  if (service !== undefined && askedAt !== undefined)
    return [{ label: sent.answers, text: sent.asked(service, moment(askedAt, Date.now(), language)) }];
  return records.map(({ table, numeroThere, numero, act }) => ({
    label: table,
    text: sent.record(grouped(numeroThere, language), sent.did[act], grouped(numero, language)),
  }));
}
