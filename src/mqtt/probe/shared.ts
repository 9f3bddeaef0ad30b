/** A shared subscription: each message to one member of the group, and to which (MQTT 5 §4.8.2). */
import type { Findings } from '../../core/broker-test.ts';
import { accepts, type Bench } from './bench.ts';
import { type Client, firstRefusal } from './client.ts';
import { volley } from './volley.ts';

const memberNames = ['b', 'c', 'd'];
const count = 60;

export async function probeShared(bench: Bench): Promise<Findings['shared']> {
  const none = { granted: false, sent: 0, received: 0, members: [] };
  if (!bench.announced.shared) return none;
  const topic = bench.topic('shared');
  const members = await Promise.all(memberNames.map(name => bench.connect(name)));
  const isGranted = await accepts(async () => {
    const filter = `$share/xms-test/${topic}`;
    const codes = await Promise.all(members.map(member => member.subscribe(filter)));
    return codes.every(code => code < firstRefusal);
  });
  if (!isGranted) return none;
  const publisher = await bench.connect('a');
  await volley(bench, publisher, topic, count);
  const given = await Promise.all(members.map(member => takeAll(member, bench.patienceMs)));
  const shares = given.map(({ length }) => length);
  // A broker of MQTT 3.1.1 may take `$share/…` for a topic like any other.
  if (shares.every(share => share === 0)) return none;
  // `received` counts copies: a group in which each member is given all of them shares nothing.
  return { granted: true, sent: count, received: given.flat().length, members: shares };
}

/** What has come when the broker has answered everything before it, and nothing more is on its way. */
async function takeAll(member: Client, patienceMs: number): Promise<string[]> {
  await member.ping();
  const taken: string[] = [];
  for (let ms = patienceMs; ; ms = patienceMs / 4) {
    const message = await member.next(ms);
    if (!message) return taken;
    taken.push(message.payload.toString());
  }
}
