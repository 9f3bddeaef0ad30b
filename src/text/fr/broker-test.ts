/** Ce que le test du broker montre : une ligne par capacité, puis le verdict. */
import type {
  Announced,
  Capability,
  Findings,
  Largest,
  RemarkCode,
  RoundTrips,
} from '../../core/broker-test.ts';
import { grouped } from '../format.ts';

const yesNo = (yes: boolean) => (yes ? 'oui' : 'non');
const visible = (characters: string) => characters.replace(' ', '␣');
const number = (value: number) => grouped(value, 'fr');
const ms = (value: number) => `${value < 10 ? value.toFixed(1).replace('.', ',') : number(value)} ms`;

const largest =
  (unit: string, longest?: number) =>
  ({ worked, failed }: Largest): string => {
    if (failed === undefined)
      return worked === longest ? `${number(worked)} ${unit}` : `${number(worked)} ${unit} au moins`;
    return failed - worked === 1
      ? `${number(worked)} ${unit}, pas davantage`
      : `${number(worked)} ${unit} au moins, moins de ${number(failed)}`;
  };

const roundTrips = ({ sent, received, duplicates, p50Ms, p95Ms, p99Ms }: RoundTrips): string => {
  if (sent === 0) return 'non offert';
  const times =
    p50Ms === undefined || p95Ms === undefined || p99Ms === undefined
      ? ''
      : ` ; p50 ${ms(p50Ms)}, p95 ${ms(p95Ms)}, p99 ${ms(p99Ms)}`;
  return `${received}/${sent} reçus${duplicates > 0 ? `, ${duplicates} en double` : ''}${times}`;
};

const announced = (found: Announced): readonly string[] => [
  `QoS ${found.maximumQos} au plus ; retain ${yesNo(found.retain)} ; jokers ${yesNo(found.wildcards)}`,
  `partage ${yesNo(found.shared)} ; identifiants d’abonnement ${yesNo(found.subscriptionIds)}`,
  `receive maximum ${number(found.receiveMaximum)} ; alias de sujet ${number(found.topicAliasMaximum)}`,
  `paquet ${found.maximumPacketSize === undefined ? 'sans limite' : `de ${number(found.maximumPacketSize)} octets au plus`}`,
  `session ${found.sessionExpiryS === undefined ? 'comme le client la demande' : `de ${number(found.sessionExpiryS)} s`} ; keep-alive ${found.serverKeepAliveS === undefined ? 'du client' : `de ${number(found.serverKeepAliveS)} s`}`,
];

/** Une ligne, ou plusieurs. */
type Shown<T> = (finding: T) => string | readonly string[];

const found: { readonly [C in Capability]: Shown<Findings[C]> } = {
  tls: ({ trusted, problem, version, cipher, resumed, chain, daysLeft }) => [
    `${version}, ${cipher} ; reprise ${yesNo(resumed)}`,
    trusted ? `certificat reconnu, encore ${daysLeft} jours` : `certificat NON reconnu : ${problem}`,
    ...chain.map(({ subject, notAfter }) => `${subject}, jusqu’au ${notAfter.slice(0, 10)}`),
  ],
  connection: ({ tcpMs, tlsMs, connackMs }) =>
    `TCP ${ms(tcpMs)}${tlsMs === undefined ? '' : `, TLS ${ms(tlsMs)}`}, CONNACK ${ms(connackMs)}`,
  announced,
  access: ({ subscribe, publish }) =>
    subscribe && publish ? 'permis' : `s’abonner : ${yesNo(subscribe)} ; publier : ${yesNo(publish)}`,
  qos0: roundTrips,
  qos1: roundTrips,
  qos2: roundTrips,
  retain: ({ kept, removed }) => (kept ? `oui${removed ? '' : ', mais ne s’enlève pas'}` : 'non'),
  wildcards: ({ plus, hash }) => `+ ${yesNo(plus)} ; # ${yesNo(hash)}`,
  subscriptionIds: ({ works }) => yesNo(works),
  shared: ({ granted, sent, received, members }) =>
    granted ? `${received}/${sent} reçus, répartis ${members.join(' · ')}` : 'non',
  payload: largest('octets'),
  topicLength: largest('octets', 65_535),
  clientIdLength: largest('octets', 65_535),
  characters: ({ clientId, topic }) =>
    clientId === '' && topic === ''
      ? 'tous admis'
      : `refusés : client ${clientId === '' ? 'aucun' : visible(clientId)} ; sujet ${topic === '' ? 'aucun' : visible(topic)}`,
  session: ({ resumed, delivered }) => `reprise ${yesNo(resumed)} ; messages remis ${yesNo(delivered)}`,
  queue: ({ sent, kept }) =>
    kept === sent
      ? `${number(kept)} messages au moins`
      : `${number(kept)} messages gardés sur ${number(sent)}`,
  takeOver: ({ ended, code }) =>
    `première connexion ${ended ? 'fermée' : 'laissée ouverte'}${code === undefined ? '' : ` (0x${code.toString(16)})`}`,
  will: ({ delivered, ms: after }) =>
    delivered ? `remis${after === undefined ? '' : ` en ${ms(after)}`}` : 'non remis',
  expiry: ({ expired, others }) =>
    `${expired ? 'respectée' : 'ignorée'}${others ? '' : ' ; un message sans délai s’est perdu'}`,
  receiveMaximum: ({ asked, live, queued }) =>
    Math.max(live, queued) <= asked
      ? `respecté (${asked})`
      : `NON respecté : ${asked} demandés, ${live} reçus au fil de l’eau, ${queued} à la reprise`,
  denial: ({ refused, told }) => (refused ? `refusé${told ? '' : ', sans le dire'}` : 'NON refusé'),
  sys: ({ topics, version }) =>
    topics === 0 ? 'non offert' : `${topics} sujets${version ? ` ; ${version}` : ''}`,
};

export const brokerTest = {
  title: (url: string) => `Test du broker ${url}`,
  names: {
    tls: 'TLS',
    connection: 'connexion',
    announced: 'annoncé',
    access: 'sujets du test',
    qos0: 'QoS 0',
    qos1: 'QoS 1',
    qos2: 'QoS 2',
    retain: 'message retenu',
    wildcards: 'jokers',
    subscriptionIds: 'id. d’abonnement',
    shared: 'abonnement partagé',
    payload: 'taille du contenu',
    topicLength: 'longueur du sujet',
    clientIdLength: 'longueur de l’id.',
    characters: 'caractères',
    session: 'session',
    queue: 'file d’un absent',
    takeOver: 'prise de relais',
    will: 'testament',
    expiry: 'délai d’un message',
    receiveMaximum: 'receive maximum',
    denial: 'droits (ACL)',
    sys: '$SYS',
  } satisfies Record<Capability, string>,
  found,
  failed: (sentence: string) => `ÉCHEC : ${sentence}`,
  untested: {
    time: 'non testé : le temps n’a pas suffi',
    interrupted: 'non testé : interrompu',
    'no-access': 'non testé : sujets du test interdits à ce compte',
    'no-second-account': 'non testé : pas de second compte (--other-user)',
  },
  fitness: {
    fit: 'APTE pour XMServer',
    'one-engine': 'APTE pour XMServer avec UN SEUL MOTEUR à la fois',
    unfit: 'INAPTE pour XMServer',
    unknown: 'INDÉCIS : le test n’a pas tout vu',
  },
  verdict: (fitness: string, seconds: number) =>
    `Verdict : ${fitness} (${seconds.toFixed(1).replace('.', ',')} s)`,
  versionUnknown: '--mqtt : 3, 5 ou both',
  /** `{…}` : un nombre de la remarque, ou le nom de la capacité. */
  remarks: {
    unreachable:
      'Le broker n’a laissé entrer personne : voyez la ligne en échec, puis vérifiez adresse, port, nom et mot de passe.',
    'certificate-untrusted':
      'Le certificat du broker n’est pas reconnu : donnez celui de son autorité (--ca FICHIER), ou changez-le.',
    'topics-denied':
      'Le compte ne peut pas utiliser les sujets du test : donnez-lui lecture et écriture sous xms/test/#, ou testez avec un autre compte (--user).',
    'no-qos1':
      'En QoS 1, {received} messages sur {sent} sont arrivés : le broker doit offrir QoS 1 et remettre chaque message ; voyez ses limites.',
    'no-wildcard': 'Le joker « + » ne marche pas : les moteurs s’abonnent à xms/u/+ ; autorisez les jokers.',
    'payload-small':
      'Le plus grand contenu qui passe est de {found} octets : un SDC en a jusqu’à {least} ; relevez la taille maximale des paquets.',
    'topic-short':
      'Le plus long sujet qui passe est de {found} octets : il en faut {least} ; relevez cette limite.',
    'client-id-short':
      'Le plus long identifiant de client admis est de {found} octets : celui d’un moteur en a jusqu’à {least} ; relevez cette limite.',
    'no-session':
      'Une session n’est pas reprise avec ses messages : permettez les sessions persistantes (clean start = 0).',
    'no-queue':
      'La file d’un client absent n’a gardé que {kept} messages : permettez-lui d’en garder 1 000 au moins.',
    'no-take-over':
      'Une seconde connexion du même identifiant ne ferme pas la première : un moteur ne pourrait pas reprendre la session d’un autre ; choisissez un broker conforme.',
    'step-failed':
      '« {capability} » a échoué, et XMServer en a besoin : voyez cette ligne et le journal du broker.',
    'not-proven':
      '« {capability} » n’a pas été testé, et XMServer en a besoin : recommencez, au besoin avec --timeout.',
    'no-mqtt5':
      'MQTT 5 n’a pas été vu : sans lui, les moteurs ne partagent pas le travail, un seul travaille à la fois ; activez MQTT 5 pour en avoir plusieurs.',
    'no-shared':
      'Pas d’abonnement partagé : un seul moteur travaille à la fois ; permettez $share/… pour en avoir plusieurs.',
    'shared-lossy':
      'Le groupe partagé a reçu {received} messages pour {sent} envoyés : n’employez qu’un moteur, ou changez de broker.',
    'shared-unbalanced':
      'Un membre du groupe partagé n’a rien reçu : plusieurs moteurs n’iraient pas plus vite ; réglez la répartition (round-robin).',
    'queue-short':
      'La file d’un client absent garde {kept} messages, puis jette : les postes renverront ; relevez la limite si les moteurs s’arrêtent longtemps.',
    'session-short':
      'Le broker oublie une session après {found} s, un moteur en demande {least} : relevez cette durée.',
    'receive-maximum-ignored':
      'Le broker envoie jusqu’à {found} messages d’avance quand on en permet {asked} : XMServer borne sa mémoire lui-même ; une version récente du broker le corrige.',
    'not-denied':
      'Le second compte a pu publier sur les sujets du premier : limitez chaque compte à ses sujets (ACL). Les SDC restent signés.',
    'certificate-ends': 'Un certificat du broker finit dans {days} jours : renouvelez-le.',
    'certificate-unchecked':
      'Le certificat du broker n’a pas été exigé (--insecure) : ne l’omettez pas en service.',
    'no-tls': 'Liaison sans TLS : le mot de passe du broker passe en clair ; prenez mqtts://.',
  } satisfies Record<RemarkCode, string>,
};

export type BrokerTestTexts = typeof brokerTest;
