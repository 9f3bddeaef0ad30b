/** Bytes on the TCP stream between the station's link and Mosquitto: TLS 1.3 and MQTT 5, counted by a wire between. */
import { readFileSync } from 'node:fs';
import { topics } from '../../src/core/message.ts';
import type { Link } from '../../src/core/ports.ts';
import { type LinkOptions, openLink } from '../../src/mqtt/link.ts';
import { stationLink } from '../../src/station/link-options.ts';
import { Events } from '../../test/events.ts';
import type { Mosquitto } from '../../test/site/mosquitto.ts';
import { type Tamper, Wire } from '../../test/site/wire.ts';

export interface Bytes {
  readonly up: number;
  readonly down: number;
}

export interface StreamSizes {
  /** PUBLISH up, PUBACK down; the first act of a connection names the topic. */
  readonly firstAct: Bytes;
  readonly acts: readonly Bytes[];
  readonly keepAlive: Bytes;
  /** From the first byte to SUBACK: a station's; with Node's own groups; with the TLS session of the one before. */
  readonly connection: { readonly station: Bytes; readonly node: Bytes; readonly resumed: Bytes };
}

const matricule = 1024;
const topic = topics.up(matricule);

export async function streamSizes(
  { secure }: Mosquitto,
  births: readonly Uint8Array[],
): Promise<StreamSizes> {
  if (!secure) throw new Error('a broker with TLS is needed');
  const wire = await Wire.to(Number(new URL(secure.url).port));
  const counter = new Counter(wire);
  const options = stationLink({
    matricule,
    url: wire.url.replace('mqtt:', 'mqtts:'),
    ca: readFileSync(secure.authority, 'utf8'),
  });
  try {
    const { groups: _, ...withNodes } = options;
    const node = await withLink(withNodes, async (_link, ready) => counter.of(ready));
    return await withLink(options, async (link, ready) => {
      const station = await counter.of(ready);
      const acts: Bytes[] = [];
      for (const sdc of births) acts.push(await counter.of(() => link.publish(topic, sdc)));
      const firstAct = acts.shift() as Bytes;
      const keepAlive = await counter.of(() => link.roundTrip());
      // Another one under its name: the broker ends the connection, and it comes back by itself.
      await withLink({ ...options, url: secure.url }, (_other, ousted) => ousted());
      const resumed = await counter.of(ready);
      return { firstAct, acts, keepAlive, connection: { station, node, resumed } };
    });
  } finally {
    await wire.close();
  }
}

/** `ready` resolves at the next time that it is connected. */
async function withLink<T>(
  options: LinkOptions,
  work: (link: Link, ready: () => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const states = new Events<string>();
  const link = openLink(options, {
    onDelivery: delivery => delivery.acknowledge(),
    onStatus: ({ state }) => states.push(state),
  });
  try {
    return await work(link, () => states.until(state => state === 'connected'));
  } finally {
    await link.close();
  }
}

class Counter {
  #up = 0;
  #down = 0;

  constructor(wire: Wire) {
    wire.tamper = this.#tamper;
  }

  /** What passes until `work` is done. */
  async of(work: () => Promise<unknown>): Promise<Bytes> {
    const [up, down] = [this.#up, this.#down];
    await work();
    return { up: this.#up - up, down: this.#down - down };
  }

  readonly #tamper: Tamper =
    ({ from, forward }) =>
    chunk => {
      if (from === 'client') this.#up += chunk.length;
      else this.#down += chunk.length;
      forward(chunk);
    };
}
