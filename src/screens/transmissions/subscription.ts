/** Transmissions / MQTT Subscribe: what the engine is subscribed to, as the broker has granted it. */
import type { Key } from '../../terminal/key.ts';
import type { Desk } from '../desk.ts';
import { wordsOf } from '../fault.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { Pager, type PagerLine } from '../pager/pager.ts';
import type { PagerScreen } from '../screens.ts';

export class Subscription implements PagerScreen {
  readonly places = ['subscription', 'pager'] as const;
  readonly pager = new Pager();
  readonly #desk: Desk;
  readonly #unsubscribe: () => void;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#unsubscribe = desk.session.installation.engine.subscribe(() => this.#show());
    this.#show();
  }

  get title(): string {
    return this.#desk.texts.subscription.title;
  }

  get model(): Pager {
    return this.pager;
  }

  hints(): readonly BindingId[] {
    return ['engine-subscribe'];
  }

  key(key: Key): boolean {
    return bindingOf('subscription', key) === undefined && this.pager.key(key);
  }

  close(): void {
    this.#unsubscribe();
  }

  #show(): void {
    this.pager.follow(linesOf(this.#desk));
  }
}

function linesOf({ session, texts, language }: Desk): PagerLine[] {
  const { subscription, monitor } = texts;
  const { status } = session.installation.engine;
  if (!status) return [{ text: monitor.noEngine }];
  const { url, state, protocol, subscriptions = [], reason } = status.broker;
  return [
    { label: monitor.broker, text: url },
    { label: subscription.link, text: monitor.brokerStates[state], isBad: state === 'lost' },
    ...(protocol === undefined
      ? []
      : [{ label: subscription.protocol, text: protocol === 5 ? 'MQTT 5' : 'MQTT 3.1.1' }]),
    ...(reason ? [{ label: '', text: wordsOf(reason, texts, language), isBad: true }] : []),
    ...(subscriptions.length === 0
      ? [{ label: subscription.topics, text: subscription.none }]
      : subscriptions.map(topic => ({ label: subscription.topics, text: `${topic}  QoS 1` }))),
    { text: '' },
    ...subscription.advice.map(text => ({ text })),
  ];
}
