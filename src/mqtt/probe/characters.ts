/** Characters that a broker does not take in client ids or topics: the printable ones of ASCII and some beyond it. */
import type { Findings } from '../../core/broker-test.ts';
import { accepts, type Bench } from './bench.ts';
import { Sender } from './sender.ts';

const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i));
const beyond = ['é', 'ŋ', 'ɓ', '漢', '🙂'];
/** Wildcards and the separator are not for topics (§4.7). */
const notInTopics = new Set(['+', '#', '/']);
/** A client id of 23 bytes has room for these beside its prefix. */
const group = 5;

export async function probeCharacters(bench: Bench): Promise<Findings['characters']> {
  const clientId = await refused([...ascii, ...beyond], group, text =>
    accepts(async () => {
      const client = await bench.connect('', { clientId: bench.clientId(text) });
      await client.ping();
      await client.close();
      return true;
    }),
  );
  const stem = bench.topic('c/');
  const sender = new Sender(bench, `${stem}#`);
  const inTopics = [...ascii, ...beyond].filter(character => !notInTopics.has(character));
  const topic = await refused(inTopics, inTopics.length, text =>
    sender.passes(`${stem}${text}`, Buffer.alloc(1), `${stem}after`),
  );
  return { clientId, topic };
}

/** All of a group at once; a group that does not pass is halved. */
async function refused(
  characters: readonly string[],
  size: number,
  passes: (text: string) => Promise<boolean>,
): Promise<string> {
  let found = '';
  for (let at = 0; at < characters.length; at += size) {
    const some = characters.slice(at, at + size);
    if (await passes(some.join(''))) continue;
    found += some.length === 1 ? some.join('') : await refused(some, Math.ceil(some.length / 2), passes);
  }
  return found;
}
