/** A message tried, and seen whether it comes: by a second one after it, so that no time is lost in waiting. */
import { accepts, type Bench } from './bench.ts';
import { type Client, firstRefusal } from './client.ts';

/** Both connections stay for the next try, until the broker ends one. */
export class Sender {
  readonly #bench: Bench;
  readonly #filter: string;
  #tries = 0;
  #pair: { readonly publisher: Client; readonly subscriber: Client } | undefined;

  /** `filter`: what the subscriber subscribes to. */
  constructor(bench: Bench, filter: string) {
    this.#bench = bench;
    this.#filter = filter;
  }

  /** `after`: a topic of the filter for the second message. */
  async passes(topic: string, payload: Buffer, after: string): Promise<boolean> {
    const passed = await accepts(() => this.#try(topic, payload, after));
    if (!passed) this.#pair = undefined;
    return passed;
  }

  async #try(topic: string, payload: Buffer, after: string): Promise<boolean> {
    this.#pair ??= await this.#connect();
    const { publisher, subscriber } = this.#pair;
    subscriber.inbox.length = 0;
    const startedAt = performance.now();
    // Its own each time: that of the last try may be on its way still.
    const word = `after ${++this.#tries}`;
    const [code] = await Promise.all([publisher.publish(topic, payload), publisher.publish(after, word)]);
    if (code >= firstRefusal) return false;
    const took = performance.now() - startedAt;
    let [came, isOver] = [false, false];
    const isIt = (message: { topic: string; payload: Buffer | string }) =>
      message.topic === topic && message.payload.length === payload.length;
    await subscriber.find(this.#bench.patienceMs + 3 * took, message => {
      came ||= isIt(message);
      isOver = message.topic === after && message.payload.toString() === word;
      return came || isOver;
    });
    // Only messages of one topic keep their order ([MQTT-4.6.0-6]), and not with every broker.
    if (!came && isOver) {
      const late = await subscriber.next(graceMs);
      came = late !== undefined && isIt(late);
    }
    return came;
  }

  async #connect() {
    const publisher = await this.#bench.connect('a');
    const subscriber = await this.#bench.connect('b');
    await subscriber.subscribe(this.#filter);
    return { publisher, subscriber };
  }
}

const graceMs = 100;
