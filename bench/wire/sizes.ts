/** Bytes of SDCs. The largest of a number of seals counts, for a signature is 70 to 72 bytes long. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { keyIdOf } from '../../src/core/key-id.ts';
import type { Message, ReceiptMessage } from '../../src/core/message.ts';
import type { PublicKeyRef } from '../../src/core/ports.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import { acts, birthMessage } from '../acts.ts';

const seals = 50;

export interface SdcSizes {
  /** The largest SDC of each act. */
  readonly births: readonly Uint8Array[];
  /** Bytes of an SDC with `count` receipts. */
  readonly receipts: number;
}

export async function sealSizes(receiptCount: number): Promise<SdcSizes> {
  const [server, client] = [party(), party()];
  const births: Uint8Array[] = [];
  for (const act of acts.keys())
    births.push(await largest(() => birthMessage(server.keyId, act), client, server));
  const receipts = await largest(() => receiptMessage(client, receiptCount), server, client);
  return { births, receipts: receipts.length };
}

async function largest(
  message: () => Message,
  signer: ReturnType<typeof party>,
  recipient: PublicKeyRef,
): Promise<Uint8Array> {
  const messages = Array.from({ length: seals }, () => ({ message: message(), recipient }));
  const sealed = (await createSealer({ signer }).seal(messages)).map(({ sdc }) => sdc);
  return sealed.reduce((most, sdc) => (sdc.length > most.length ? sdc : most));
}

/** Records of one office among those of others, after ten million. */
function receiptMessage(recipient: PublicKeyRef, count: number): ReceiptMessage {
  return {
    service: 'RECEIPT',
    id: randomBytes(8),
    recipient: recipient.keyId,
    at: Math.floor(Date.now() / 1000),
    receipts: Array.from({ length: count }, (_, i) => ({
      about: randomBytes(8),
      outcome: 'filed',
      numero: 10_000_000n + BigInt(i * 97),
    })),
    digest: randomBytes(32),
  };
}

function party() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return { privateKey, spki, keyId: keyIdOf(spki) };
}
