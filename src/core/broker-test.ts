/**
 * The broker test: what it finds out, and whether the broker will do. Rules only; src/mqtt/probe asks the broker.
 * XMServer speaks MQTT 5 where the broker does, 3.1.1 otherwise: it is the better one that is judged.
 */
import type { Reason } from './ports.ts';

export type MqttVersion = '5' | '3.1.1';

/** Found by trying sizes: the largest that worked, and the smallest that did not where one was tried. */
export interface Largest {
  readonly worked: number;
  readonly failed?: number;
}

/**
 * Messages sent one after the other, each awaited. Milliseconds from PUBLISH to delivery; absent: none came. None sent:
 * the broker does not offer this QoS.
 */
export interface RoundTrips {
  readonly sent: number;
  readonly received: number;
  readonly duplicates: number;
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  readonly p99Ms?: number;
}

export interface ChainLink {
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601. */
  readonly notAfter: string;
}

/** What CONNACK says of the broker (MQTT 5 §3.2.2.3); what it leaves out stands with the value that the clause gives. */
export interface Announced {
  readonly retain: boolean;
  readonly wildcards: boolean;
  readonly shared: boolean;
  readonly subscriptionIds: boolean;
  readonly maximumQos: number;
  readonly receiveMaximum: number;
  /** Bytes; absent: no limit. */
  readonly maximumPacketSize?: number;
  readonly topicAliasMaximum: number;
  /** Seconds; absent: as the client asks. */
  readonly sessionExpiryS?: number;
  readonly serverKeepAliveS?: number;
}

/** By capability, what its step finds. */
export interface Findings {
  readonly tls: {
    readonly trusted: boolean;
    /** Why it is not, in OpenSSL's words. */
    readonly problem?: string;
    readonly version: string;
    readonly cipher: string;
    /** A second connection was spared the certificates. */
    readonly resumed: boolean;
    /** From the broker's own up, as far as it is known here. */
    readonly chain: readonly ChainLink[];
    /** Whole days until the first of the chain ends. */
    readonly daysLeft: number;
  };
  readonly connection: { readonly tcpMs: number; readonly tlsMs?: number; readonly connackMs: number };
  readonly announced: Announced;
  /** Whether the account may use the topics of the test. */
  readonly access: { readonly subscribe: boolean; readonly publish: boolean };
  readonly qos0: RoundTrips;
  readonly qos1: RoundTrips;
  readonly qos2: RoundTrips;
  readonly retain: { readonly kept: boolean; readonly removed: boolean };
  readonly wildcards: { readonly plus: boolean; readonly hash: boolean };
  readonly subscriptionIds: { readonly works: boolean };
  /** `members`: messages that each member of the group was given. */
  readonly shared: {
    readonly granted: boolean;
    readonly sent: number;
    readonly received: number;
    readonly members: readonly number[];
  };
  /** Bytes. */
  readonly payload: Largest;
  readonly topicLength: Largest;
  readonly clientIdLength: Largest;
  /** Characters that do not pass: the printable ones of ASCII and some beyond it. */
  readonly characters: { readonly clientId: string; readonly topic: string };
  readonly session: { readonly resumed: boolean; readonly delivered: boolean };
  /** QoS 1 messages for a session whose client is away. */
  readonly queue: { readonly sent: number; readonly kept: number };
  /** `code`: of the DISCONNECT that the first connection was given (MQTT 5). */
  readonly takeOver: { readonly ended: boolean; readonly code?: number };
  readonly will: { readonly delivered: boolean; readonly ms?: number };
  readonly expiry: { readonly expired: boolean; readonly others: boolean };
  /** Unacknowledged at the same time: of messages as they come, and of those that had waited. */
  readonly receiveMaximum: { readonly asked: number; readonly live: number; readonly queued: number };
  /** `told`: the broker said no, and did not just throw the message away. */
  readonly denial: { readonly refused: boolean; readonly told: boolean };
  readonly sys: { readonly topics: number; readonly version?: string };
}

export type Capability = keyof Findings;

export type Untested =
  /** The time ran out. */
  | 'time'
  | 'interrupted'
  /** The account may not use the topics of the test. */
  | 'no-access'
  | 'no-second-account';

export type Outcome<C extends Capability = Capability> =
  | { readonly outcome: 'found'; readonly finding: Findings[C] }
  | { readonly outcome: 'failed'; readonly fault: Reason }
  | { readonly outcome: 'untested'; readonly why: Untested };

export type FoundResult<C extends Capability> = {
  [P in C]: { readonly capability: P; readonly finding: Findings[P] };
}[C];

/** `ms`: how long it took. TLS has no version of MQTT. */
export type Result = {
  [C in Capability]: {
    readonly capability: C;
    readonly version?: MqttVersion;
    readonly ms: number;
  } & Outcome<C>;
}[Capability];

/** What stands against the broker, or should be known; the sentences are in src/text. */
export type RemarkCode =
  | 'unreachable'
  | 'certificate-untrusted'
  | 'topics-denied'
  | 'no-qos1'
  | 'no-wildcard'
  | 'payload-small'
  | 'topic-short'
  | 'client-id-short'
  | 'no-session'
  | 'no-queue'
  | 'no-take-over'
  | 'step-failed'
  | 'not-proven'
  | 'no-mqtt5'
  | 'no-shared'
  | 'shared-lossy'
  | 'shared-unbalanced'
  | 'queue-short'
  | 'session-short'
  | 'receive-maximum-ignored'
  | 'not-denied'
  | 'certificate-ends'
  | 'certificate-unchecked'
  | 'no-tls';

/** `unknown`: something needed was not tested; `advice` stands in nobody's way. */
type Weight = 'unfit' | 'unknown' | 'one-engine' | 'advice';

export interface Remark {
  readonly code: RemarkCode;
  readonly weight: Weight;
  readonly capability?: Capability;
  readonly params: Params;
}

type Params = Readonly<Record<string, number>>;

export interface Verdict {
  readonly fitness: 'fit' | 'one-engine' | 'unfit' | 'unknown';
  /** Gravest first. */
  readonly remarks: readonly Remark[];
}

export interface BrokerTest {
  readonly url: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly ms: number;
  readonly results: readonly Result[];
  readonly verdict: Verdict;
}

/** Of the broker: whether passwords cross a network in clear, and whether its certificate was to be checked. */
export interface Circumstances {
  readonly tls: boolean;
  readonly loopback: boolean;
  readonly insecure: boolean;
}

/** What XMServer cannot do without, in bytes, messages, seconds and days. */
export const needs = {
  /** An SDC of 16 KB. */
  payload: 16_384,
  /** `$share/xms/xms/u/+` and `xms/u/<9 digits>`, with room to spare. */
  topicLength: 32,
  /** `xms-` and the name of an engine. */
  clientIdLength: 36,
  /** Less is no queue. */
  queueLeast: 100,
  queueAdvised: 2_000,
  /** What an engine asks for. */
  sessionExpiryS: 900,
  certificateDays: 60,
} as const;

/** `version`: the one that is judged. */
type Known = Circumstances & { readonly version: MqttVersion | undefined };

interface Rule {
  readonly of: Capability;
  readonly code: RemarkCode;
  readonly weight: Weight;
  /** The parameters of the remark where the rule is broken; undefined where it holds, or was not tested. */
  readonly broken: (result: Result, known: Known) => Params | undefined;
}

function rule<C extends Capability>(
  of: C,
  code: RemarkCode,
  weight: Weight,
  broken: (finding: Findings[C], known: Known) => boolean | Params | undefined,
): Rule {
  return {
    of,
    code,
    weight,
    broken(result, known) {
      if (result.capability !== of || result.outcome !== 'found') return undefined;
      const found = broken(result.finding as Findings[C], known);
      return found === true ? {} : found || undefined;
    },
  };
}

/** The size was tried, and too small a one failed. */
const under = (least: number) => (found: Largest) =>
  found.failed !== undefined && found.failed <= least && { found: found.worked, least };

const rules: readonly Rule[] = [
  rule('tls', 'certificate-untrusted', 'unfit', ({ trusted }, { insecure }) => !trusted && !insecure),
  rule('access', 'topics-denied', 'unfit', ({ subscribe, publish }) => !subscribe || !publish),
  rule(
    'qos1',
    'no-qos1',
    'unfit',
    ({ sent, received }) => received < Math.max(sent, 1) && { sent, received },
  ),
  rule('wildcards', 'no-wildcard', 'unfit', ({ plus }) => !plus),
  rule('payload', 'payload-small', 'unfit', under(needs.payload)),
  rule('topicLength', 'topic-short', 'unfit', under(needs.topicLength)),
  rule('clientIdLength', 'client-id-short', 'unfit', under(needs.clientIdLength)),
  rule('session', 'no-session', 'unfit', ({ resumed, delivered }) => !resumed || !delivered),
  rule('queue', 'no-queue', 'unfit', ({ sent, kept }) => kept < Math.min(sent, needs.queueLeast) && { kept }),
  rule('takeOver', 'no-take-over', 'unfit', ({ ended }) => !ended),
  rule('shared', 'no-shared', 'one-engine', ({ granted }, { version }) => version === '5' && !granted),
  rule(
    'shared',
    'shared-lossy',
    'one-engine',
    ({ granted, sent, received }) => granted && sent !== received && { sent, received },
  ),
  rule(
    'shared',
    'shared-unbalanced',
    'one-engine',
    ({ granted, sent, received, members }) => granted && sent === received && members.includes(0),
  ),
  rule(
    'queue',
    'queue-short',
    'advice',
    ({ sent, kept }) => kept >= needs.queueLeast && kept < sent && { kept },
  ),
  rule(
    'announced',
    'session-short',
    'advice',
    ({ sessionExpiryS: found = needs.sessionExpiryS }) =>
      found < needs.sessionExpiryS && { found, least: needs.sessionExpiryS },
  ),
  rule('receiveMaximum', 'receive-maximum-ignored', 'advice', ({ asked, live, queued }) => {
    const found = Math.max(live, queued);
    return found > asked && { asked, found };
  }),
  rule('denial', 'not-denied', 'advice', ({ refused }) => !refused),
  rule(
    'tls',
    'certificate-ends',
    'advice',
    ({ daysLeft, trusted }) => trusted && daysLeft < needs.certificateDays && { days: daysLeft },
  ),
  rule('tls', 'certificate-unchecked', 'advice', (_tls, { insecure }) => insecure),
  rule('connection', 'no-tls', 'advice', (_connection, { tls, loopback }) => !tls && !loopback),
];

const gravest: readonly Weight[] = ['unfit', 'unknown', 'one-engine', 'advice'];

/** Capabilities that must be found out before the broker can be called fit. */
const needed = new Set(rules.filter(({ weight }) => weight === 'unfit').map(({ of }) => of));

/** `results`: of all that was done, in any order. */
export function judge(results: readonly Result[], circumstances: Circumstances): Verdict {
  const version = bestVersion(results);
  const judged = results.filter(result => result.version === undefined || result.version === version);
  const remarks = rules.flatMap(({ of, code, weight, broken }): Remark[] => {
    const result = judged.find(({ capability }) => capability === of);
    const params = result && broken(result, { ...circumstances, version });
    return params ? [{ code, weight, params }] : [];
  });
  const isUntrusted = remarks.some(({ code }) => code === 'certificate-untrusted');
  if (version === undefined) {
    if (!isUntrusted) remarks.push(isInterrupted(results) ? notProven('connection') : unreachable);
  } else {
    remarks.push(...judged.flatMap(result => unproven(result)));
    if (version === '3.1.1') remarks.push({ code: 'no-mqtt5', weight: 'one-engine', params: {} });
  }
  remarks.sort((a, b) => gravest.indexOf(a.weight) - gravest.indexOf(b.weight));
  const weight = remarks[0]?.weight ?? 'advice';
  return { fitness: weight === 'advice' ? 'fit' : weight, remarks };
}

const unreachable: Remark = { code: 'unreachable', weight: 'unfit', params: {} };

/** Undefined where the broker let nobody in. */
function bestVersion(results: readonly Result[]): MqttVersion | undefined {
  const spoken = results.filter(
    ({ capability, outcome }) => capability === 'connection' && outcome === 'found',
  );
  return spoken.map(({ version }) => version).find(version => version === '5') ?? spoken[0]?.version;
}

function isInterrupted(results: readonly Result[]): boolean {
  return results.some(result => result.outcome === 'untested' && result.why !== 'no-second-account');
}

/** What is needed and was not seen; where the account has no access, that is said once. */
function unproven(result: Result): Remark[] {
  const { capability, outcome } = result;
  if (outcome === 'found' || (outcome === 'untested' && result.why === 'no-access')) return [];
  // Several engines are for a broker that was seen to share.
  if (capability === 'shared' && result.version === '5') return [notProven(capability, 'one-engine')];
  if (!needed.has(capability)) return [];
  if (outcome === 'failed') return [{ code: 'step-failed', weight: 'unfit', capability, params: {} }];
  return [notProven(capability)];
}

function notProven(capability: Capability, weight: Weight = 'unknown'): Remark {
  return { code: 'not-proven', weight, capability, params: {} };
}
