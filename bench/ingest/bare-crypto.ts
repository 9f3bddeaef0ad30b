/**
 * Opening and sealing without any cryptography, so that the rest of the engine can be measured: a bare message is the
 * signer's key id and the payload, in no envelope, and everybody is believed.
 */
import { hash } from 'node:crypto';
import type { Message } from '../../src/core/message.ts';
import type { OpenResult } from '../../src/core/ports.ts';
import { decodePayload, deflatePayload, encodePayload, inflatePayload } from '../../src/sdc/payload.ts';
import type { SdcPool } from '../../src/sdc/pool.ts';

const keyIdLength = 8;
const mapLimit = 65_536;

export function bareMessage(signer: Uint8Array, message: Message): Buffer {
  return Buffer.concat([signer, deflatePayload(encodePayload(message))]);
}

export const bareCrypto: SdcPool = {
  async open(sdcs, signers) {
    const bare = sdcs.map(({ sdc }) => Buffer.from(sdc.buffer, sdc.byteOffset, sdc.byteLength));
    await signers(bare.map(bytes => bytes.subarray(0, keyIdLength)));
    return bare.map((bytes): OpenResult => {
      const payload = bytes.subarray(keyIdLength);
      return {
        ok: true,
        signer: bytes.subarray(0, keyIdLength),
        message: decodePayload(inflatePayload(payload, mapLimit)),
        signed: payload,
        digest: hash('sha256', payload, 'buffer'),
      };
    });
  },
  async seal(messages) {
    return messages.map(({ message, recipient }) => {
      const sdc = bareMessage(recipient.keyId, message);
      return { sdc, digest: hash('sha256', sdc, 'buffer') };
    });
  },
  ended: new Promise(() => undefined),
  close: async () => undefined,
};
