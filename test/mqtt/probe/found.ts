/** What a broker test has found. */
import type { BrokerTest, Capability, Findings, MqttVersion, Result } from '../../../src/core/broker-test.ts';
import { type ProbeOptions, probeBroker } from '../../../src/mqtt/probe/probe.ts';

export function probe(
  options: ProbeOptions,
  onResult: (result: Result) => void = () => undefined,
  signal: AbortSignal = new AbortController().signal,
): Promise<BrokerTest> {
  return probeBroker(options, onResult, signal);
}

/** Fails where it was not found out. */
export function found<C extends Capability>(
  test: BrokerTest,
  capability: C,
  version?: MqttVersion,
): Findings[C] {
  const result = resultOf(test, capability, version);
  if (result?.outcome !== 'found') throw new Error(`${capability}: ${JSON.stringify(result)}`);
  return result.finding as Findings[C];
}

export function resultOf(
  test: BrokerTest,
  capability: Capability,
  version?: MqttVersion,
): Result | undefined {
  return test.results.find(
    result =>
      result.capability === capability &&
      (result.version === undefined || result.version === (version ?? '5')),
  );
}

export const remarksOf = ({ verdict }: BrokerTest) => verdict.remarks.map(({ code }) => code);
