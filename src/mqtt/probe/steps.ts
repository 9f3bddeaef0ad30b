/** The steps of the broker test, in the order of its results. */
import type { Capability, Findings } from '../../core/broker-test.ts';
import { probeAccess } from './access.ts';
import { probeAnnounced } from './announced.ts';
import type { Bench } from './bench.ts';
import { probeCharacters } from './characters.ts';
import { probeClientIdLength } from './client-id-length.ts';
import { probeConnection } from './connection.ts';
import { probeDenial } from './denial.ts';
import { probeExpiry } from './expiry.ts';
import { probePayload } from './payload.ts';
import { probeQos } from './qos.ts';
import { probeQueue } from './queue.ts';
import { probeReceiveMaximum } from './receive-maximum.ts';
import { probeRetain } from './retain.ts';
import { probeSession } from './session.ts';
import { probeShared } from './shared.ts';
import { probeSubscriptionIds } from './subscription-ids.ts';
import { probeSys } from './sys.ts';
import { probeTakeOver } from './take-over.ts';
import { probeTopicLength } from './topic-length.ts';
import { probeWildcards } from './wildcards.ts';
import { probeWill } from './will.ts';

/** What a step cannot do without. */
type Need = 'nothing' | 'topics' | 'second account';

export interface Step<C extends Capability = Capability> {
  readonly capability: C;
  readonly protocols: 'both' | '5';
  readonly needs: Need;
  /** Of a test of 60 s; a longer one gives each step more. */
  readonly limitMs: number;
  readonly run: (bench: Bench) => Promise<Findings[C]>;
}

function step<C extends Capability>(
  capability: C,
  protocols: Step['protocols'],
  needs: Need,
  limitS: number,
  run: Step<C>['run'],
): Step<C> {
  return { capability, protocols, needs, limitMs: limitS * 1_000, run };
}

/** One after the other: the rest goes by what they find. */
export const firstSteps: readonly Step[] = [
  step('connection', 'both', 'nothing', 10, probeConnection),
  step('announced', '5', 'nothing', 10, probeAnnounced),
  step('access', 'both', 'nothing', 12, probeAccess),
];

/** What XMServer cannot do without comes first: over a slow link the time may not suffice for the rest. */
export const steps: readonly Step[] = [
  step('qos1', 'both', 'topics', 10, probeQos(1)),
  step('wildcards', 'both', 'topics', 12, probeWildcards),
  step('session', 'both', 'topics', 15, probeSession),
  step('takeOver', 'both', 'nothing', 10, probeTakeOver),
  step('shared', 'both', 'topics', 20, probeShared),
  step('queue', 'both', 'topics', 20, probeQueue),
  step('payload', 'both', 'topics', 20, probePayload),
  step('topicLength', 'both', 'topics', 12, probeTopicLength),
  step('clientIdLength', 'both', 'nothing', 12, probeClientIdLength),
  step('receiveMaximum', '5', 'topics', 20, probeReceiveMaximum),
  step('denial', 'both', 'second account', 8, probeDenial),
  step('qos0', 'both', 'topics', 8, probeQos(0)),
  step('qos2', 'both', 'topics', 15, probeQos(2)),
  step('characters', 'both', 'topics', 8, probeCharacters),
  step('expiry', '5', 'topics', 15, probeExpiry),
  step('will', 'both', 'topics', 8, probeWill),
  step('retain', 'both', 'topics', 15, probeRetain),
  step('subscriptionIds', '5', 'topics', 8, probeSubscriptionIds),
  step('sys', 'both', 'nothing', 8, probeSys),
];
