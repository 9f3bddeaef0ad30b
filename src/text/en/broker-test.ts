/** What the broker test shows: a line for each capability, then the verdict. */
import type { Announced, Largest, RoundTrips } from '../../core/broker-test.ts';
import { grouped } from '../format.ts';
import type { BrokerTestTexts } from '../fr/broker-test.ts';

const yesNo = (yes: boolean) => (yes ? 'yes' : 'no');
const visible = (characters: string) => characters.replace(' ', '␣');
const number = (value: number) => grouped(value, 'en');
const ms = (value: number) => `${value < 10 ? value.toFixed(1) : number(value)} ms`;

const largest =
  (unit: string, longest?: number) =>
  ({ worked, failed }: Largest): string => {
    if (failed === undefined)
      return worked === longest ? `${number(worked)} ${unit}` : `at least ${number(worked)} ${unit}`;
    return failed - worked === 1
      ? `${number(worked)} ${unit}, no more`
      : `at least ${number(worked)} ${unit}, less than ${number(failed)}`;
  };

const roundTrips = ({ sent, received, duplicates, p50Ms, p95Ms, p99Ms }: RoundTrips): string => {
  if (sent === 0) return 'not offered';
  const times =
    p50Ms === undefined || p95Ms === undefined || p99Ms === undefined
      ? ''
      : `; p50 ${ms(p50Ms)}, p95 ${ms(p95Ms)}, p99 ${ms(p99Ms)}`;
  return `${received}/${sent} received${duplicates > 0 ? `, ${duplicates} twice` : ''}${times}`;
};

const announced = (found: Announced): readonly string[] => [
  `QoS ${found.maximumQos} at most; retain ${yesNo(found.retain)}; wildcards ${yesNo(found.wildcards)}`,
  `shared ${yesNo(found.shared)}; subscription identifiers ${yesNo(found.subscriptionIds)}`,
  `receive maximum ${number(found.receiveMaximum)}; topic aliases ${number(found.topicAliasMaximum)}`,
  `packet ${found.maximumPacketSize === undefined ? 'without limit' : `of ${number(found.maximumPacketSize)} bytes at most`}`,
  `session ${found.sessionExpiryS === undefined ? 'as the client asks' : `of ${number(found.sessionExpiryS)} s`}; keep-alive ${found.serverKeepAliveS === undefined ? 'of the client' : `of ${number(found.serverKeepAliveS)} s`}`,
];

export const brokerTest: BrokerTestTexts = {
  title: url => `Test of the broker ${url}`,
  names: {
    tls: 'TLS',
    connection: 'connection',
    announced: 'announced',
    access: 'topics of the test',
    qos0: 'QoS 0',
    qos1: 'QoS 1',
    qos2: 'QoS 2',
    retain: 'retained message',
    wildcards: 'wildcards',
    subscriptionIds: 'subscription ids',
    shared: 'shared subscription',
    payload: 'payload size',
    topicLength: 'topic length',
    clientIdLength: 'client id length',
    characters: 'characters',
    session: 'session',
    queue: 'offline queue',
    takeOver: 'take-over',
    will: 'will',
    expiry: 'message expiry',
    receiveMaximum: 'receive maximum',
    denial: 'rights (ACL)',
    sys: '$SYS',
  },
  found: {
    tls: ({ trusted, problem, version, cipher, resumed, chain, daysLeft }) => [
      `${version}, ${cipher}; resumption ${yesNo(resumed)}`,
      trusted ? `certificate trusted, ${daysLeft} days left` : `certificate NOT trusted: ${problem}`,
      ...chain.map(({ subject, notAfter }) => `${subject}, until ${notAfter.slice(0, 10)}`),
    ],
    connection: ({ tcpMs, tlsMs, connackMs }) =>
      `TCP ${ms(tcpMs)}${tlsMs === undefined ? '' : `, TLS ${ms(tlsMs)}`}, CONNACK ${ms(connackMs)}`,
    announced,
    access: ({ subscribe, publish }) =>
      subscribe && publish ? 'allowed' : `subscribe: ${yesNo(subscribe)}; publish: ${yesNo(publish)}`,
    qos0: roundTrips,
    qos1: roundTrips,
    qos2: roundTrips,
    retain: ({ kept, removed }) => (kept ? `yes${removed ? '' : ', but cannot be removed'}` : 'no'),
    wildcards: ({ plus, hash }) => `+ ${yesNo(plus)}; # ${yesNo(hash)}`,
    subscriptionIds: ({ works }) => yesNo(works),
    shared: ({ granted, sent, received, members }) =>
      granted ? `${received}/${sent} received, split ${members.join(' · ')}` : 'no',
    payload: largest('bytes'),
    topicLength: largest('bytes', 65_535),
    clientIdLength: largest('bytes', 65_535),
    characters: ({ clientId, topic }) =>
      clientId === '' && topic === ''
        ? 'all accepted'
        : `refused: client id ${clientId === '' ? 'none' : visible(clientId)}; topic ${topic === '' ? 'none' : visible(topic)}`,
    session: ({ resumed, delivered }) => `resumed ${yesNo(resumed)}; messages delivered ${yesNo(delivered)}`,
    queue: ({ sent, kept }) =>
      kept === sent
        ? `at least ${number(kept)} messages`
        : `${number(kept)} messages kept of ${number(sent)}`,
    takeOver: ({ ended, code }) =>
      `first connection ${ended ? 'closed' : 'left open'}${code === undefined ? '' : ` (0x${code.toString(16)})`}`,
    will: ({ delivered, ms: after }) =>
      delivered ? `delivered${after === undefined ? '' : ` in ${ms(after)}`}` : 'not delivered',
    expiry: ({ expired, others }) =>
      `${expired ? 'kept' : 'ignored'}${others ? '' : '; a message without expiry was lost'}`,
    receiveMaximum: ({ asked, live, queued }) =>
      Math.max(live, queued) <= asked
        ? `kept (${asked})`
        : `NOT kept: ${asked} asked for, ${live} received as they come, ${queued} on resumption`,
    denial: ({ refused, told }) => (refused ? `refused${told ? '' : ', without a word'}` : 'NOT refused'),
    sys: ({ topics, version }) =>
      topics === 0 ? 'not offered' : `${topics} topics${version ? `; ${version}` : ''}`,
  },
  failed: sentence => `FAILED: ${sentence}`,
  untested: {
    time: 'not tested: there was no time left',
    interrupted: 'not tested: interrupted',
    'no-access': 'not tested: the account may not use the topics of the test',
    'no-second-account': 'not tested: no second account (--other-user)',
  },
  fitness: {
    fit: 'FIT for XMServer',
    'one-engine': 'FIT for XMServer with ONE ENGINE at a time',
    unfit: 'NOT FIT for XMServer',
    unknown: 'UNDECIDED: the test has not seen everything',
  },
  verdict: (fitness, seconds) => `Verdict: ${fitness} (${seconds.toFixed(1)} s)`,
  versionUnknown: '--mqtt: 3, 5 or both',
  remarks: {
    unreachable:
      'The broker let nobody in: see the line that failed, then check address, port, name and password.',
    'certificate-untrusted':
      "The broker's certificate is not trusted: give that of its authority (--ca FILE), or replace it.",
    'topics-denied':
      'The account may not use the topics of the test: allow it to read and write below xms/test/#, or test with another account (--user).',
    'no-qos1':
      'At QoS 1, {received} messages of {sent} came: the broker must offer QoS 1 and deliver every message; see its limits.',
    'no-wildcard': 'The wildcard "+" does not work: engines subscribe to xms/u/+; allow wildcards.',
    'payload-small':
      'The largest payload that passes has {found} bytes: an SDC has up to {least}; raise the maximum packet size.',
    'topic-short': 'The longest topic that passes has {found} bytes: {least} are needed; raise that limit.',
    'client-id-short':
      "The longest client id accepted has {found} bytes: an engine's has up to {least}; raise that limit.",
    'no-session': 'A session is not resumed with its messages: allow persistent sessions (clean start = 0).',
    'no-queue': 'The queue of an absent client kept {kept} messages only: allow it to keep at least 1,000.',
    'no-take-over':
      'A second connection with the same client id does not close the first: no engine could take over the session of another; choose a broker that follows the standard.',
    'step-failed': '"{capability}" failed, and XMServer needs it: see that line, and the log of the broker.',
    'not-proven':
      '"{capability}" was not tested, and XMServer needs it: test again, with --timeout if need be.',
    'no-mqtt5':
      'MQTT 5 was not seen: without it engines do not share the work, one works at a time; enable MQTT 5 to have several.',
    'no-shared': 'No shared subscription: one engine works at a time; allow $share/… to have several.',
    'shared-lossy':
      'The shared group was given {received} messages for {sent} sent: use one engine only, or another broker.',
    'shared-unbalanced':
      'A member of the shared group was given nothing: several engines would be no faster; set the strategy of sharing to round robin.',
    'queue-short':
      'The queue of an absent client keeps {kept} messages and throws away the rest: stations will send again; raise the limit if engines stand still for long.',
    'session-short':
      'The broker forgets a session after {found} s, an engine asks for {least}: raise that time.',
    'receive-maximum-ignored':
      'The broker sends up to {found} messages ahead where {asked} are allowed: XMServer bounds its memory by itself; a recent version of the broker mends it.',
    'not-denied':
      'The second account could publish on the topics of the first: restrict each account to its own topics (ACL). SDCs remain signed.',
    'certificate-ends': 'A certificate of the broker ends in {days} days: renew it.',
    'certificate-unchecked':
      'The certificate of the broker was not insisted on (--insecure): do not do so in service.',
    'no-tls': "No TLS: the broker's password crosses the network in clear; use mqtts://.",
  },
};
