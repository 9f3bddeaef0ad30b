/**
 * Whether a broker can be spoken to as its settings say, as far as that is told before anybody logs in: whether it is
 * vouched for, whether it takes our certificate, whether it speaks the version. No account is shown to it.
 */
import { randomBytes } from 'node:crypto';
import type { MqttVersion } from '../core/broker-test.ts';
import { XmError } from '../core/errors.ts';
import type { Reason } from '../core/ports.ts';
import { type Address, addressOf } from './probe/address.ts';
import { Client } from './probe/client.ts';
import type { TlsOptions } from './tls.ts';

export interface TryOptions extends TlsOptions {
  readonly url: string;
  /** Absent: whichever it speaks. */
  readonly mqttVersion?: MqttVersion | undefined;
}

const limitMs = 5_000;

/** What the settings are to blame for; all else may be otherwise tomorrow. */
const faults = new Set(['broker-authority', 'broker-untrusted', 'broker-client-certificate']);

/**
 * Resolves with why it could not be tried; undefined: it can be spoken to. Rejects with `broker-version`,
 * `broker-authority`, `broker-untrusted`, `broker-client-certificate`, and `broker-unreachable` where the URL is none.
 */
export async function tryBroker({ url, mqttVersion, ...tls }: TryOptions): Promise<Reason | undefined> {
  const address = addressOf(url, tls);
  const stop = AbortSignal.timeout(limitMs);
  const asked = mqttVersion ?? '5';
  const answer = await answerOf(address, asked, stop);
  if (answer === 'takes') return undefined;
  if (answer !== 'refuses') {
    // Not every broker that lacks a version says so: it has to answer the other one.
    const isSpeechless = answer.code === 'link-closed';
    const other = isSpeechless && (await answerOf(address, asked === '5' ? '3.1.1' : '5', stop));
    if (other !== 'takes') return { code: answer.code, params: answer.params };
  }
  if (mqttVersion === undefined) return undefined;
  throw new XmError('broker-version', { url, version: mqttVersion });
}

/** `refuses`: the version. */
async function answerOf(
  address: Address,
  version: MqttVersion,
  stop: AbortSignal,
): Promise<'takes' | 'refuses' | XmError> {
  const options = {
    protocol: version === '5' ? 5 : 4,
    clientId: `xmst${randomBytes(5).toString('hex')}`,
  } as const;
  try {
    await (await Client.connect(address, options, stop)).close();
    return 'takes';
  } catch (error) {
    if (stop.aborted) return new XmError('broker-unreachable', { url: address.url, detail: 'no answer' });
    if (!(error instanceof XmError) || faults.has(error.code)) throw error;
    // A CONNACK in the version: it asks for an account.
    if (error.code !== 'broker-refused') return error;
    return `${error.params.detail}`.includes('protocol version') ? 'refuses' : 'takes';
  }
}
