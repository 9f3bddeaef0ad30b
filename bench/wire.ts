/**
 * `npm run bench:wire`: bytes of what goes over the wire. The largest of a number of seals counts, for a signature is
 * 70 to 72 bytes long.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Message, ReceiptMessage } from '../src/core/message.ts';
import type { PublicKeyRef } from '../src/core/ports.ts';
import { keyIdOf } from '../src/sdc/key-id.ts';
import { createSealer } from '../src/sdc/sealer.ts';
import { acts, birthMessage, officeMessage } from './acts.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const say = (line: string) => void (values.json || console.log(line));
const receiptCount = 10;
const seals = 50;
const batches = [10, 50] as const;

const server = party();
const client = party();
const births: number[] = [];
for (const act of acts.keys())
  births.push(await largest(() => birthMessage(server.keyId, act), client, server));
const [batchOf10, batchOf50] = await Promise.all(
  batches.map(
    async count => (await largest(() => officeMessage(server.keyId, count), client, server)) / count,
  ),
);
const receipts = await largest(() => receiptMessage(client), server, client);

const result = {
  birth_der_bytes: Math.max(...births),
  birth_in_10_bytes: tenth(batchOf10 ?? 0),
  birth_in_50_bytes: tenth(batchOf50 ?? 0),
  receipt_of_10_bytes: tenth(receipts / receiptCount),
  cores: availableParallelism(),
  node: process.version,
  at: new Date().toISOString(),
};
say(`Birth acts of 20 filled fields: ${births.join(', ')} bytes as DER`);
say(`In one SDC: of 10 acts ${result.birth_in_10_bytes} bytes each, of 50 ${result.birth_in_50_bytes}`);
say(`${receiptCount} receipts together: ${receipts} bytes as DER, ${result.receipt_of_10_bytes} each`);
if (values.json) console.log(JSON.stringify(result));

async function largest(
  message: () => Message,
  signer: ReturnType<typeof party>,
  recipient: PublicKeyRef,
): Promise<number> {
  const messages = Array.from({ length: seals }, () => ({ message: message(), recipient }));
  const sealed = await createSealer({ signer }).seal(messages);
  return Math.max(...sealed.map(({ sdc }) => sdc.length));
}

/** Records of one office among those of others, after ten million. */
function receiptMessage(recipient: PublicKeyRef): ReceiptMessage {
  return {
    service: 'RECEIPT',
    id: randomBytes(8),
    recipient: recipient.keyId,
    at: Math.floor(Date.now() / 1000),
    receipts: Array.from({ length: receiptCount }, (_, i) => ({
      about: randomBytes(8),
      outcomes: [{ kind: 'filed', numero: 10_000_000n + BigInt(i * 97) }],
    })),
    digest: randomBytes(32),
  };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

function party() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return { privateKey, spki, keyId: keyIdOf(spki) };
}
