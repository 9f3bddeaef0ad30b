/** Links of ours to a broker, and what they bring. */
import type { Delivery, Link, LinkStatus } from '../../src/core/ports.ts';
import { type LinkOptions, openLink } from '../../src/mqtt/link.ts';
import { Events } from '../events.ts';
import { accounts } from './brokers.ts';

export interface Client {
  readonly link: Link;
  readonly deliveries: Events<Delivery>;
  readonly statuses: Events<LinkStatus>;
}

export interface ClientOptions extends Partial<LinkOptions> {
  /** What `onDelivery` returns. */
  readonly room?: (delivery: Delivery) => Promise<void> | void;
}

const open: Link[] = [];

/** A link with one of the accounts, which subscribes to all that this may read. */
export function client(url: string, userName: string, { room, ...options }: ClientOptions = {}): Client {
  const account = accounts.find(one => one.userName === userName);
  const deliveries = new Events<Delivery>();
  const statuses = new Events<LinkStatus>();
  const link = openLink(
    {
      url,
      clientId: `xms-${userName}`,
      userName,
      password: account?.password ?? '',
      keepAliveS: 60,
      sessionExpiryS: 600,
      subscriptions: account?.subscribe ?? [],
      retry: { firstMs: 5, longestMs: 50 },
      ...options,
    },
    {
      onDelivery(delivery) {
        deliveries.push(delivery);
        return room?.(delivery);
      },
      onStatus: statuses.push,
    },
  );
  open.push(link);
  return { link, deliveries, statuses };
}

/** Resolves once it is connected. */
export async function connected(url: string, userName: string, options: ClientOptions = {}): Promise<Client> {
  const made = client(url, userName, options);
  await untilConnected(made);
  return made;
}

export async function untilConnected({ statuses }: Client): Promise<LinkStatus> {
  return statuses.until(({ state }) => state === 'connected');
}

/** Takes this many deliveries. */
export async function take({ deliveries }: Client, count: number): Promise<Delivery[]> {
  const taken: Delivery[] = [];
  while (taken.length < count) taken.push(await deliveries.next());
  return taken;
}

export const textOf = ({ payload }: Delivery) => Buffer.from(payload).toString();

export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map(link => link.close()));
}
