/** What CONNACK says (MQTT 5 §3.2.2.3). */
import type { IConnackPacket } from 'mqtt-packet';
import type { Announced } from '../../core/broker-test.ts';
import type { Bench } from './bench.ts';

export function announcedBy({ properties = {} }: Pick<IConnackPacket, 'properties'>): Announced {
  const { maximumPacketSize, sessionExpiryInterval, serverKeepAlive } = properties;
  return {
    retain: properties.retainAvailable ?? true,
    wildcards: properties.wildcardSubscriptionAvailable ?? true,
    shared: properties.sharedSubscriptionAvailable ?? true,
    subscriptionIds: properties.subscriptionIdentifiersAvailable ?? true,
    maximumQos: properties.maximumQoS ?? 2,
    receiveMaximum: properties.receiveMaximum ?? 65_535,
    topicAliasMaximum: properties.topicAliasMaximum ?? 0,
    ...(maximumPacketSize === undefined ? {} : { maximumPacketSize }),
    ...(sessionExpiryInterval === undefined ? {} : { sessionExpiryS: sessionExpiryInterval }),
    ...(serverKeepAlive === undefined ? {} : { serverKeepAliveS: serverKeepAlive }),
  };
}

/** Asks for a session that lasts, and for the keep-alive of engines: only then does a broker with a limit of its own say so. */
export async function probeAnnounced(bench: Bench): Promise<Announced> {
  const { keepAliveS } = bench.options;
  const asked = keepAliveS === undefined ? {} : { keepAliveS };
  const { connack } = await bench.connect('a', { persistent: true, ...asked });
  bench.link.announced = announcedBy(connack);
  return bench.announced;
}
