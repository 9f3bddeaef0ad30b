/** How a station is linked to its broker. Each byte costs an office: what is sent by the day or the connection is here. */
import { topics } from '../core/message.ts';
import type { LinkOptions } from '../mqtt/link.ts';
import type { TlsOptions } from '../mqtt/tls.ts';

export interface StationAccess extends TlsOptions {
  readonly matricule: number;
  readonly url: string;
  readonly userName?: string;
  readonly password?: string;
  /** Seconds. */
  readonly keepAliveS?: number;
  readonly topicAlias?: boolean;
}

/** An exchange is 204 bytes with all layers. What Mosquitto grants at most as deploy/ sets it up. */
const usualKeepAliveS = 1_200;
/**
 * A PUBACK of its own is 130 bytes with all layers, 4 in company. The broker keeps the receipt meanwhile, and brings it
 * again after a lost connection, which changes nothing. RabbitMQ sends 10 ahead, others more: they must not run out.
 */
const waitingAcknowledgements = 5;
/** How long the broker keeps the receipts of a station that is off. */
const sessionExpiryS = 7 * 86_400;
/**
 * Node's own list begins with X25519MLKEM768, whose share adds 1 232 bytes to every ClientHello. What it protects is
 * sealed once more inside.
 */
const smallGroups = 'X25519:P-256';

export function stationLink({ matricule, ...access }: StationAccess): LinkOptions {
  return {
    groups: smallGroups,
    keepAliveS: usualKeepAliveS,
    ...access,
    clientId: `xms-${matricule}`,
    sessionExpiryS,
    waitingAcknowledgements,
    publishesEarly: true,
    subscriptions: [topics.down(matricule)],
  };
}
