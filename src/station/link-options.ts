/** How a station is linked to its broker. Each byte costs an office: what is sent by the day or the connection is here. */
import { topics } from '../core/message.ts';
import type { LinkOptions } from '../mqtt/link.ts';

export interface StationAccess {
  readonly matricule: number;
  readonly url: string;
  readonly userName?: string;
  readonly password?: string;
  /** PEM; absent: the system's authorities. */
  readonly ca?: string;
  readonly tlsGroups?: string;
}

/** An exchange is 204 bytes with all layers. Networks forget a connection after half an hour at best. */
export const keepAliveS = 600;
/** How long the broker keeps the receipts of a station that is off. */
const sessionExpiryS = 7 * 86_400;
/**
 * Node's own list begins with X25519MLKEM768, whose share adds 1 216 bytes to every ClientHello. What it protects is
 * sealed once more inside.
 */
const smallGroups = 'X25519:P-256';

export function stationLink({ matricule, tlsGroups = smallGroups, ...access }: StationAccess): LinkOptions {
  return {
    ...access,
    tlsGroups,
    clientId: `xms-${matricule}`,
    keepAliveS,
    sessionExpiryS,
    subscriptions: [topics.down(matricule)],
  };
}
