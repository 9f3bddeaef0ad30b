/** Parties of a test, and SDCs as somebody makes them who knows the recipient's public key and means no good. */
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import type { ExportMessage, KeyId, Message } from '../../src/core/message.ts';
import type { Closed, OpenResult } from '../../src/core/ports.ts';
import type { Value } from '../../src/core/record.ts';
import { encryptContent } from '../../src/sdc/encrypted-content.ts';
import { writeEnvelope } from '../../src/sdc/envelope.ts';
import { agree, wrapKey } from '../../src/sdc/key-agreement.ts';
import { createOpener } from '../../src/sdc/opener.ts';
import { deflatePayload, encodePayload } from '../../src/sdc/payload.ts';
import { writeSignedData } from '../../src/sdc/signed-data.ts';

export interface Identity {
  readonly privateKey: KeyObject;
  readonly spki: Buffer;
  readonly keyId: KeyId;
}

export function identity(): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return { privateKey, spki, keyId: createHash('sha256').update(spki).digest().subarray(0, 8) };
}

export function message(recipient: Identity, record: Record<string, Value> = { Status: 2 }): ExportMessage {
  return {
    service: 'EXPORT',
    id: randomBytes(8),
    recipient: recipient.keyId,
    at: 1_767_225_600,
    table: 'Naissance',
    records: [new Map(Object.entries(record))],
  };
}

/** As the sealer makes it. */
export function payloadOf(message: Message): Buffer {
  return deflatePayload(encodePayload(message));
}

/** A payload to the recipient with this deflate stream, and with what `head` has instead of the right one. */
export function payload(
  recipient: Identity,
  deflated: Uint8Array,
  head: { readonly dictionary?: number; readonly id?: Uint8Array } = {},
): Buffer {
  const { dictionary = 0, id = randomBytes(8) } = head;
  const time = Buffer.alloc(4, 1);
  return Buffer.concat([
    Uint8Array.of(1, dictionary),
    recipient.keyId,
    time,
    Uint8Array.of(id.length),
    id,
    deflated,
  ]);
}

export function signed(payload: Uint8Array, { keyId, privateKey }: Identity): Buffer {
  const signature = sign('sha256', payload, privateKey);
  return writeSignedData({ kind: 'plain', payload, signer: keyId, signature });
}

/** Any bytes, encrypted to the recipient. */
export function encrypted(contents: Uint8Array, { spki, keyId }: Identity): Buffer {
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const { ephemeral, kek } = agree(key);
  const contentKey = randomBytes(32);
  const recipient = { kind: 'agreement', ephemeral, keyId, wrappedKey: wrapKey(kek, contentKey) } as const;
  return writeEnvelope({ recipient, content: encryptContent(contents, contentKey) });
}

export async function open(
  sdc: Uint8Array,
  recipient: Identity,
  ...signers: Identity[]
): Promise<OpenResult> {
  const [result] = await createOpener({ recipients: [recipient] }).open(closed(sdc), async () => signers);
  return result as OpenResult;
}

/** SDCs that hold one record at most. */
export function closed(...sdcs: readonly Uint8Array[]): Closed[] {
  return sdcs.map(sdc => ({ sdc, isBatch: false }));
}

/** The code of the refusal; `opened` where there is none. */
export function verdict(result: OpenResult | undefined): string {
  return result?.ok ? 'opened' : (result?.reason.code ?? 'nothing');
}
