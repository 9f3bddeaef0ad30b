/** Transmissions / Test Broker: asks the broker in use what it can do, each result as it is found out, then the verdict. */
import type { BrokerTest, Result } from '../../core/broker-test.ts';
import type { Key } from '../../terminal/key.ts';
import { brokerTestTexts } from '../../text/broker-test.ts';
import { remarkText, resultLines } from '../../text/broker-test-lines.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { Pager, type PagerLine, wrapped } from '../pager/pager.ts';
import type { PagerScreen } from '../screens.ts';

export class BrokerTestScreen implements PagerScreen {
  readonly places = ['broker-test', 'pager'] as const;
  readonly pager = new Pager();
  readonly #desk: Desk;
  #running: AbortController | undefined;
  #closed = false;

  constructor(desk: Desk) {
    this.#desk = desk;
    void desk.reading(this.#run());
  }

  get title(): string {
    return this.#desk.texts.brokerTest.title;
  }

  get model(): Pager {
    return this.pager;
  }

  hints(): readonly BindingId[] {
    return this.#running ? [] : ['test-again'];
  }

  key(key: Key): boolean {
    if (bindingOf('broker-test', key) !== 'test-again') return this.pager.key(key);
    if (this.#running) this.#desk.say(this.#desk.texts.brokerTest.runs, 'bad');
    else void this.#desk.reading(this.#run());
    return true;
  }

  /** Esc first ends the test: what is known by then is still to be read. */
  leave(): boolean {
    if (!this.#running) return true;
    this.#running.abort();
    this.#desk.say(this.#desk.texts.brokerTest.ending);
    return false;
  }

  close(): void {
    this.#closed = true;
    this.#running?.abort();
  }

  async #run(): Promise<void> {
    const { texts, session } = this.#desk;
    const running = new AbortController();
    const results: Result[] = [];
    this.#running = running;
    this.pager.show([{ text: texts.brokerTest.begins }]);
    try {
      const test = await session.installation.testBroker(result => {
        results.push(result);
        if (!this.#closed) this.pager.follow(linesOf(results, this.#desk));
      }, running.signal);
      if (!this.#closed) this.#show(test, running.signal.aborted);
    } catch (error) {
      if (!this.#closed) this.#desk.fault(error);
    } finally {
      this.#running = undefined;
    }
  }

  #show(test: BrokerTest, isAborted: boolean): void {
    const { texts } = this.#desk;
    // Before the lines: hints are made anew with them.
    this.#running = undefined;
    this.pager.show([...verdictLines(test, this.#desk), { text: '' }, ...linesOf(test.results, this.#desk)]);
    if (isAborted) this.#desk.say(texts.brokerTest.aborted, 'bad');
    else this.#desk.say(texts.brokerTest.ended);
  }
}

function verdictLines({ url, ms, verdict }: BrokerTest, { language }: Desk): PagerLine[] {
  const words = brokerTestTexts[language];
  const { fitness, remarks } = verdict;
  const isFit = fitness === 'fit' || fitness === 'one-engine';
  return [
    { text: url },
    { text: words.verdict(words.fitness[fitness], ms / 1_000), isBad: !isFit },
    ...remarks.flatMap(remark => remarkLines(remarkText(remark, language))),
  ];
}

/** Version by version, as they come. */
function linesOf(results: readonly Result[], { language }: Desk): PagerLine[] {
  const words = brokerTestTexts[language];
  let version: string | undefined;
  return results.flatMap(result => {
    const before = result.version === version ? [] : [{ text: `MQTT ${result.version}` }];
    version = result.version;
    const isBad = result.outcome === 'failed';
    return [
      ...before,
      ...resultLines(result, language).map((text, at) => ({
        label: at === 0 ? words.names[result.capability] : '',
        text,
        isBad,
      })),
    ];
  });
}

const remarkWidth = 74;

/** Sentences are longer than a line: the first of its lines is marked. */
function remarkLines(text: string): PagerLine[] {
  return wrapped(text, remarkWidth).map((one, at) => ({ text: `${at === 0 ? '-' : ' '} ${one}` }));
}
