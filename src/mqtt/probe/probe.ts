/**
 * The broker test: one step after the other (over a slow link several at a time), each with its own limit, all of them
 * within one; whatever happens, what the test has left at the broker is removed.
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
import type { TlsOptions } from '../tls.ts';
import { type Address, addressOf } from './address.ts';
import { announcedBy } from './announced.ts';
import { type Account, Bench, type BenchOptions, type Link } from './bench.ts';
import { leastPatienceMs } from './connection.ts';
import { firstSteps, type Step, steps } from './steps.ts';
import { probeTls } from './tls.ts';

export interface ProbeOptions extends Account, TlsOptions {
  /** `mqtt://host:port` or `mqtts://host:port` */
  readonly url: string;
  /** Goes on with a broker whose certificate cannot be trusted. */
  readonly insecure?: boolean;
  /** Seconds, as engines ask for them. */
  readonly keepAliveS?: number;
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
/** Over a slow link, where a step does nothing but wait, so many run at the same time. */
const lanes = 8;
/** MQTT 5, if it comes first, decides; 3.1.1 is for completeness. */
const firstShare = 0.75;
/** Kept from the whole, so that the last step is tidied within it. */
const reserveMs = 2_000;

/**
 * `onResult` is told each result as soon as it is there. An abort of `signal` ends the test at once, with what is known.
 * Throws `broker-unreachable` where the URL is none of a broker; every other fault is a result.
 */
export async function probeBroker(
  options: ProbeOptions,
  onResult: (result: Result) => void,
  signal: AbortSignal,
): Promise<BrokerTest> {
  const address = addressOf(options.url, options, options.insecure);
  const startedAt = new Date().toISOString();
  const test = new Test(options, address, onResult, signal);
  await test.run();
  const results = inOrder(test.results);
  const verdict = judge(results, {
    tls: address.tls !== undefined,
    loopback: address.isLoopback,
    insecure: address.tls?.insecure ?? false,
  });
  return { url: address.url, startedAt, ms: test.elapsedMs, results, verdict };
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
    this.#limitMs = Math.max(limitMs / 2, limitMs - reserveMs);
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
      if (this.#signal.aborted && i > 0) return;
      const isLast = i === versions.length - 1;
      await this.#runVersion(version, isLast ? this.#limitMs : this.#limitMs * firstShare);
    }
  }

  async #runVersion(version: MqttVersion, untilMs: number): Promise<void> {
    const { userName, password, otherAccount, maxPayload = defaultMaxPayload, keepAliveS } = this.#options;
    const options: BenchOptions = {
      address: this.#address,
      protocol: version === '5' ? 5 : 4,
      account: {
        ...(userName === undefined ? {} : { userName }),
        ...(password === undefined ? {} : { password }),
      },
      ...(otherAccount ? { otherAccount } : {}),
      ...(keepAliveS === undefined ? {} : { keepAliveS }),
      run: this.#run,
      maxPayload,
    };
    const link: Link = { announced: announcedBy({}), patienceMs: leastPatienceMs };
    const course = { version, options, link, untilMs };
    let hasAccess = false;
    for (const step of forVersion(firstSteps, version)) {
      const result = await this.#runStep(step, course, 0, false);
      if (result.capability === 'connection' && result.outcome !== 'found') return;
      if (result.capability === 'access' && result.outcome === 'found') {
        hasAccess = result.finding.subscribe && result.finding.publish;
      }
    }
    const waiting = forVersion(steps, version).values();
    const isSlow = link.patienceMs > leastPatienceMs;
    await Promise.all(
      Array.from({ length: isSlow ? lanes : 1 }, async (_, lane) => {
        // Each takes the next that nobody has taken.
        for (const step of waiting) await this.#runStep(step, course, lane, hasAccess);
      }),
    );
  }

  /** Why a step is not to be tried. */
  #obstacle({ needs }: Step, hasAccess: boolean, untilMs: number): Untested | undefined {
    if (this.#signal.aborted) return 'interrupted';
    if (this.elapsedMs >= untilMs) return 'time';
    if (needs === 'second account' && !this.#options.otherAccount) return 'no-second-account';
    return needs === 'nothing' || hasAccess ? undefined : 'no-access';
  }

  async #runStep(step: Step, course: Course, lane: number, hasAccess: boolean): Promise<Result> {
    const { version, options, link, untilMs } = course;
    const { capability } = step;
    const why = this.#obstacle(step, hasAccess, untilMs);
    if (why !== undefined) {
      return this.#tell({ capability, version, ms: 0, outcome: 'untested', why });
    }
    const limitMs = Math.min(step.limitMs * this.#leisure, untilMs - this.elapsedMs);
    const stop = AbortSignal.any([this.#signal, AbortSignal.timeout(Math.ceil(limitMs))]);
    const bench = new Bench(options, link, lane, stop);
    try {
      return await this.#outcome(capability, version, stop, () => step.run(bench));
    } finally {
      const isHasty = this.#signal.aborted || this.elapsedMs >= untilMs;
      await bench.tidy(AbortSignal.timeout(isHasty ? hastyMs : tidyMs));
    }
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
    return this.#tell({
      capability,
      ...(version === undefined ? {} : { version }),
      ms,
      ...outcome,
    } as Result);
  }

  #tell(result: Result): Result {
    this.results.push(result);
    this.#onResult(result);
    return result;
  }
}

/** Of one version of MQTT. `untilMs`: when its time is over. */
interface Course {
  readonly version: MqttVersion;
  readonly options: BenchOptions;
  readonly link: Link;
  readonly untilMs: number;
}

function forVersion(all: readonly Step[], version: MqttVersion): Step[] {
  return all.filter(({ protocols }) => protocols === 'both' || protocols === version);
}

/** As they stand in the list of steps, whichever was done first. */
function inOrder(results: readonly Result[]): Result[] {
  const order = [...firstSteps, ...steps].map(({ capability }) => capability);
  const versions = [...new Set(results.map(({ version }) => version))];
  return versions.flatMap(version =>
    results
      .filter(result => result.version === version)
      .sort((a, b) => order.indexOf(a.capability) - order.indexOf(b.capability)),
  );
}
