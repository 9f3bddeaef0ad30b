/** A client of another make, which tries what src/mqtt never does. */
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { expect } from 'vitest';
import { Events } from '../events.ts';
import type { Site } from './broker-contract.ts';

const open: MqttClient[] = [];

export class Intruder {
  readonly client: MqttClient;
  /** Topics of what it is given. */
  readonly heard = new Events<string>();
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;

  constructor(client: MqttClient) {
    this.client = client;
    this.closed = new Promise(resolve => client.once('close', resolve));
    client.on('message', topic => this.heard.push(topic));
    client.on('error', () => undefined); // and then it closes
  }

  subscribe(filter: string): Promise<'granted' | 'refused'> {
    const { promise, resolve } = Promise.withResolvers<'granted' | 'refused'>();
    void this.closed.then(() => resolve('refused'));
    this.client.subscribe(filter, { qos: 1 }, (error, granted) =>
      resolve(error || granted?.some(({ qos }) => qos > 2) ? 'refused' : 'granted'),
    );
    return promise;
  }

  /** QoS 1. */
  publish(topic: string, retain = false): Promise<'taken' | 'refused'> {
    const { promise, resolve } = Promise.withResolvers<'taken' | 'refused'>();
    void this.closed.then(() => resolve('refused'));
    this.client.publish(topic, 'forged', { qos: 1, retain }, error => resolve(error ? 'refused' : 'taken'));
    return promise;
  }

  /** As when a cable is pulled: the broker publishes the will. */
  vanish(): Promise<void> {
    this.client.stream.destroy();
    return this.closed;
  }
}

/** Comes with the name, password and client id of an account, as far as `options` say nothing else. */
export function intrude(
  site: Site,
  userName: string,
  options: IClientOptions = {},
): Promise<Intruder | 'refused'> {
  const client = mqtt.connect(site.url, {
    ca: site.ca,
    protocolVersion: site.protocol,
    clientId: `xms-${userName}`,
    username: userName,
    password: site.passwords[userName] ?? '',
    clean: true,
    reconnectPeriod: 0,
    ...options,
  });
  open.push(client);
  const intruder = new Intruder(client);
  const { promise, resolve } = Promise.withResolvers<Intruder | 'refused'>();
  client.once('connect', () => resolve(intruder));
  void intruder.closed.then(() => resolve('refused'));
  return promise;
}

/** The same, and the broker lets it in. */
export async function inside(...call: Parameters<typeof intrude>): Promise<Intruder> {
  const one = await intrude(...call);
  return one === 'refused' ? expect.unreachable('not let in') : one;
}

export async function endIntruders(): Promise<void> {
  await Promise.all(open.splice(0).map(client => client.endAsync(true)));
}
