/**
 * The broker test: one step after the other, each with its own limit, all of them within one; whatever happens, what
 * the test has left at the broker is removed.
 */
import { randomBytes } from 'node:crypto';
import {
  type BrokerTest,
  type Capability,
  judge,
  type MqttVersion,
  type Outcome,
  type Result,
  type Untested,
} from '../../core/broker-test.ts';
import { XmError } from '../../core/errors.ts';
import { type Address, addressOf } from './address.ts';
import { type Account, Bench } from './bench.ts';
import { type Step, steps } from './steps.ts';
import { probeTls } from './tls.ts';

export interface ProbeOptions extends Account {
  /** `mqtt://host:port` or `mqtts://host:port` */
  readonly url: string;
  /** PEM certificates of the authorities that may vouch for the broker; absent: the system's. */
  readonly ca?: string;
  /** Goes on with a broker whose certificate cannot be trusted. */
  readonly insecure?: boolean;
  /** One after the other; by default 5 and 3.1.1. */
  readonly versions?: readonly MqttVersion[];
  /** An account that has no right to the topics of the test. */
  readonly otherAccount?: Account;
  /** Bytes; by default 1 MiB. */
  readonly maxPayload?: number;
  /** Of the whole; by default 60 s. */
  readonly limitMs?: number;
}

const defaultMaxPayload = 1 << 20;
const defaultLimitMs = 60_000;
const tlsMs = 8_000;
/** For sessions and retained messages, after each step; and where somebody waits for the end. */
const tidyMs = 5_000;
const hastyMs = 1_500;
/** Kept from the whole, so that the last step is tidied within it. */
const reserveMs = 1_000;

/**
 * `onResult` is told each result as soon as it is there. An abort of `signal` ends the test at once, with what is known.
 * Throws `broker-unreachable` where the URL is none of a broker; every other fault is a result.
 */
export async function probeBroker(
  options: ProbeOptions,
  onResult: (result: Result) => void,
  signal: AbortSignal,
): Promise<BrokerTest> {
  const address = addressOf(options.url, options.ca, options.insecure ?? false);
  const startedAt = new Date().toISOString();
  const test = new Test(options, address, onResult, signal);
  await test.run();
  const verdict = judge(test.results, {
    tls: address.tls !== undefined,
    loopback: address.isLoopback,
    insecure: address.tls?.insecure ?? false,
  });
  return { url: address.url, startedAt, ms: test.elapsedMs, results: test.results, verdict };
}

class Test {
  readonly results: Result[] = [];
  readonly #options: ProbeOptions;
  readonly #address: Address;
  readonly #onResult: (result: Result) => void;
  readonly #signal: AbortSignal;
  readonly #startedAt = performance.now();
  readonly #limitMs: number;
  /** How much longer than usual each step may take. */
  readonly #leisure: number;
  readonly #run = randomBytes(5).toString('hex');

  constructor(
    options: ProbeOptions,
    address: Address,
    onResult: (result: Result) => void,
    signal: AbortSignal,
  ) {
    this.#options = options;
    this.#address = address;
    this.#onResult = onResult;
    this.#signal = signal;
    const { limitMs = defaultLimitMs } = options;
    this.#limitMs = Math.max(0, limitMs - reserveMs);
    this.#leisure = Math.max(1, limitMs / defaultLimitMs);
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  async run(): Promise<void> {
    const { insecure = false, versions = ['5', '3.1.1'] } = this.#options;
    if (this.#address.tls) {
      const limit = AbortSignal.timeout(Math.min(tlsMs, this.#limitMs));
      const stop = AbortSignal.any([this.#signal, limit]);
      const result = await this.#outcome('tls', undefined, stop, () => probeTls(this.#address, stop));
      const isTrusted = result.capability === 'tls' && result.outcome === 'found' && result.finding.trusted;
      // No password for somebody who cannot be trusted with it.
      if (!isTrusted && !insecure) return;
    }
    for (const [i, version] of versions.entries()) {
      // What one version leaves of its share is the next one's.
      const share = (this.#limitMs - this.elapsedMs) / (versions.length - i);
      await this.#runVersion(version, this.elapsedMs + share);
    }
  }

  async #runVersion(version: MqttVersion, untilMs: number): Promise<void> {
    const { userName, password, otherAccount, maxPayload = defaultMaxPayload } = this.#options;
    const bench = new Bench({
      address: this.#address,
      protocol: version === '5' ? 5 : 4,
      account: {
        ...(userName === undefined ? {} : { userName }),
        ...(password === undefined ? {} : { password }),
      },
      ...(otherAccount ? { otherAccount } : {}),
      run: this.#run,
      maxPayload,
    });
    let hasAccess = false;
    for (const step of steps) {
      if (step.protocols === '5' && version !== '5') continue;
      const why = this.#obstacle(step, hasAccess, untilMs);
      if (why !== undefined) {
        this.#tell({ capability: step.capability, version, ms: 0, outcome: 'untested', why });
        continue;
      }
      const result = await this.#runStep(step, bench, version, untilMs);
      if (result.capability === 'connection' && result.outcome !== 'found') return;
      if (result.capability === 'access' && result.outcome === 'found') {
        hasAccess = result.finding.subscribe && result.finding.publish;
      }
    }
  }

  /** Why a step is not to be tried. */
  #obstacle({ needs }: Step, hasAccess: boolean, untilMs: number): Untested | undefined {
    if (this.#signal.aborted) return 'interrupted';
    if (this.elapsedMs >= untilMs) return 'time';
    if (needs === 'second account' && !this.#options.otherAccount) return 'no-second-account';
    return needs === 'nothing' || hasAccess ? undefined : 'no-access';
  }

  async #runStep(step: Step, bench: Bench, version: MqttVersion, untilMs: number): Promise<Result> {
    const limit = AbortSignal.timeout(
      Math.ceil(Math.min(step.limitMs * this.#leisure, untilMs - this.elapsedMs)),
    );
    bench.signal = AbortSignal.any([this.#signal, limit]);
    const result = await this.#outcome(step.capability, version, bench.signal, () => step.run(bench));
    const isHasty = this.#signal.aborted || this.elapsedMs >= untilMs;
    await bench.tidy(AbortSignal.timeout(isHasty ? hastyMs : tidyMs));
    return result;
  }

  /** A fault of ours is thrown; one of the broker or of time is a result. */
  async #outcome<C extends Capability>(
    capability: C,
    version: MqttVersion | undefined,
    stop: AbortSignal,
    run: () => Promise<Extract<Outcome<C>, { outcome: 'found' }>['finding']>,
  ): Promise<Result> {
    const startedAt = performance.now();
    let outcome: Outcome<C>;
    try {
      outcome = { outcome: 'found', finding: await run() };
    } catch (error) {
      if (stop.aborted) outcome = { outcome: 'untested', why: this.#signal.aborted ? 'interrupted' : 'time' };
      else if (error instanceof XmError)
        outcome = { outcome: 'failed', fault: { code: error.code, params: error.params } };
      else throw error;
    }
    const ms = performance.now() - startedAt;
    const result = { capability, ...(version === undefined ? {} : { version }), ms, ...outcome } as Result;
    this.#tell(result);
    return result;
  }

  #tell(result: Result): void {
    this.results.push(result);
    this.#onResult(result);
  }
}
