/**
 * Whether the broker keeps to the Receive Maximum that it was given ([MQTT-3.3.4-9]). Messages that had waited are
 * another way through a broker's code than those that come while the client is there: Mosquitto 2.0.11 sends too many.
 */
import type { Findings } from '../../core/broker-test.ts';
import type { Bench } from './bench.ts';
import type { Client } from './client.ts';
import { volley } from './volley.ts';

const asked = 5;
const count = 30;

export async function probeReceiveMaximum(bench: Bench): Promise<Findings['receiveMaximum']> {
  const topic = bench.topic('receive-maximum');
  const holding = { persistent: true, receiveMaximum: asked, holds: true };
  const publisher = await bench.connect('b');
  const first = await bench.connect('a', holding);
  await first.subscribe(topic);
  await volley(bench, publisher, topic, count);
  const live = await mostInFlight(first);
  first.cut();
  await volley(bench, publisher, topic, count);
  const back = await bench.connect('a', holding);
  return { asked, live, queued: await mostInFlight(back) };
}

/** Unacknowledged at the same time, at most; some are acknowledged in between, so that more may come. */
async function mostInFlight(client: Client): Promise<number> {
  let most = 0;
  for (let round = 0; round < asked; round++) {
    // What the broker sends upon our acknowledgements stands before its answer to this.
    await client.ping();
    most = Math.max(most, client.inbox.length);
    for (const message of client.inbox.splice(0, 2)) client.acknowledge(message);
  }
  return most;
}
