/** One message: what is known of it, what it holds, its bytes. */
import type { MessageDetail } from '../../core/console-ports.ts';
import { sentence } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import type { Key } from '../../terminal/key.ts';
import { grouped, moment } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { Pager, type PagerLine, wrapped } from '../pager/pager.ts';
import type { PagerScreen } from '../screens.ts';
import { isRetriable, mayRetry, retryMessage } from './messages.ts';

export class MessageScreen implements PagerScreen {
  readonly places = ['message', 'pager'] as const;
  readonly pager = new Pager();
  readonly #id: number;
  readonly #desk: Desk;

  get title(): string {
    return this.#desk.texts.messages.one(this.#id);
  }

  get model(): Pager {
    return this.pager;
  }

  #detail: MessageDetail | undefined;
  #isRaw = false;

  constructor(desk: Desk, id: number) {
    this.#desk = desk;
    this.#id = id;
    void desk.reading(this.#load());
  }

  hints(): readonly BindingId[] {
    return this.#detail && mayRetry(this.#detail, this.#desk)
      ? ['message-raw', 'message-retry']
      : ['message-raw'];
  }

  key(key: Key): boolean {
    const binding = bindingOf('message', key);
    if (binding === 'message-raw') {
      this.#isRaw = !this.#isRaw;
      this.#show();
    } else if (binding === 'message-retry' && this.#detail) {
      this.#retry(this.#detail);
    } else return this.pager.key(key);
    return true;
  }

  #retry(detail: MessageDetail): void {
    if (!isRetriable(detail)) this.#desk.say(this.#desk.texts.messages.notRefused(this.#id), 'bad');
    else void retryMessage(this.#desk, this.#id).then(() => this.#desk.reading(this.#load()));
  }

  async #load(): Promise<void> {
    try {
      this.#detail = await this.#desk.session.installation.messages.find(this.#id);
      this.#show();
    } catch (error) {
      this.#desk.fault(error);
    }
  }

  #show(): void {
    if (!this.#detail) return;
    this.pager.show(
      this.#isRaw ? rawLines(this.#detail, this.#desk) : decodedLines(this.#detail, this.#desk),
    );
  }
}

/** What is known of a message, and what it holds. */
function decodedLines(
  detail: MessageDetail,
  { texts, language }: Pick<Desk, 'texts' | 'language'>,
): PagerLine[] {
  const { messages, monitor } = texts;
  const {
    at,
    client,
    clientName = '',
    service,
    table,
    outcome,
    act,
    acts,
    numero,
    reason,
    size,
    topic,
    content,
  } = detail;
  const known: readonly (PagerLine | undefined)[] = [
    { label: messages.at, text: moment(at, Date.now(), language) },
    {
      label: messages.client,
      text: client === undefined ? monitor.unknownSender : `${client} ${clientName}`,
    },
    service && { label: messages.service, text: service },
    table === undefined ? undefined : { label: messages.table, text: table },
    {
      label: messages.outcome,
      text: act ? messages.acts[act] : messages.outcomes[outcome],
      isBad: isRetriable(detail),
    },
    numero === undefined
      ? undefined
      : { label: messages.numero, text: monitor.numero(grouped(numero, language)) },
    acts && { label: messages.effect, text: messages.effects(acts) },
    reason && { label: messages.reason, text: sentence(reason.code, reason.params, language), isBad: true },
    { label: messages.size, text: monitor.bytes(grouped(size, language)) },
    { label: messages.topic, text: topic },
    detail.isRetried ? { label: '', text: messages.retried } : undefined,
  ];
  return [
    ...known.filter(line => line !== undefined),
    { text: '' },
    ...(content.length === 0 ? [{ text: nothingIn(detail, messages) }] : []),
    ...content.flatMap(([name, text]) =>
      contentLines(service === 'MESSAGE' ? noteLabel(name, texts) : name, text),
    ),
  ];
}

/** Columns of a value beside its label at 80 columns. */
const valueWidth = 55;

function contentLines(label: string, text: string): PagerLine[] {
  return text
    .split(/\r?\n/)
    .flatMap(line => wrapped(printable(line), valueWidth))
    .map((line, at) => ({ label: at === 0 ? label : '', text: line }));
}

/** Of what a client wrote to the people of the centre. */
function noteLabel(name: string, { clients }: Desk['texts']): string {
  return name === 'subject' ? clients.subject : clients.text;
}

/** Why nothing of it is shown. */
function nothingIn(
  { text, service }: MessageDetail,
  { gone, closed, noRecord }: Desk['texts']['messages'],
): string {
  if (text === undefined) return gone;
  return service === undefined || service === 'EXPORT' ? closed : noRecord;
}

function rawLines({ text }: MessageDetail, { texts }: Desk): PagerLine[] {
  return text === undefined
    ? [{ text: texts.messages.gone }]
    : text.split('\n').map(line => ({ text: line }));
}
