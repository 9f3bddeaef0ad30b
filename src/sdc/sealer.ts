/** Seals messages in this thread: payload, signature, encryption, one SDC each. For many at a time there is the pool. */
import { createPublicKey, hash, type KeyObject, sign } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { LruMap } from '../core/lru.ts';
import { hex, type KeyId } from '../core/message.ts';
import type { PublicKeyRef, Sealed, Sealer } from '../core/ports.ts';
import { rsaEncryption, sha256 } from './algorithm.ts';
import { readCertificate } from './certificate.ts';
import { encryptContent } from './encrypted-content.ts';
import { writeEnvelope } from './envelope.ts';
import { freshBytes } from './fresh-bytes.ts';
import { type Agreement, agree, wrapKey } from './key-agreement.ts';
import { encryptKey } from './key-transport.ts';
import { deflatePayload, type EncodedMessage, encodePayload } from './payload.ts';
import type { CertificateId, RecipientInfo } from './recipient-info.ts';
import { signedBytes, writeAttributes } from './signed-attributes.ts';
import { writeSignedData } from './signed-data.ts';

/**
 * A bounded deviation from one-time ephemeral keys, twice as fast: the key-encryption key serves one recipient for
 * this many messages or this long. Content keys and nonces are always fresh.
 */
const sessionMessages = 1_000;
const sessionMs = 3_600_000;
/** Recipients remembered; about 2 KB each. */
const recipientLimit = 10_000;

export interface SealerOptions {
  readonly signer: {
    readonly keyId: KeyId;
    readonly privateKey: KeyObject;
    /** DER; needed with an RSA key, which signs as other tools do. */
    readonly certificate?: Uint8Array;
  };
  /** Default true; false: a fresh ephemeral key for each message. */
  readonly sessionKeys?: boolean;
}

interface Recipient {
  readonly key: KeyObject;
  readonly id: CertificateId;
  session?: Session;
}

interface Session extends Agreement {
  readonly since: number;
  messages: number;
}

export function createSealer(options: SealerOptions): Sealer {
  const seal = sealing(options);
  return {
    seal: async messages =>
      seal(messages.map(({ message, recipient }) => ({ encoded: encodePayload(message), recipient }))),
  };
}

/** A message that is encoded already. */
export interface Sealable {
  readonly encoded: EncodedMessage;
  readonly recipient: PublicKeyRef;
}

/** Seals what is encoded already, step by step for a whole batch (see attempt.ts); synchronous, for a worker. */
export function sealing(options: SealerOptions): (messages: readonly Sealable[]) => Sealed[] {
  const { signer, sessionKeys = true } = options;
  const signed = signer.privateKey.asymmetricKeyType === 'ec' ? signPlain(signer) : signAttributed(signer);
  const recipients = new LruMap<string, Recipient>(recipientLimit);

  function recipientOf(ref: PublicKeyRef): Recipient {
    const name = hex(ref.keyId);
    const known = recipients.get(name);
    if (known) return known;
    const key = createPublicKey({ key: Buffer.from(ref.spki), format: 'der', type: 'spki' });
    const certificate = ref.certificate && readCertificate(Buffer.from(ref.certificate));
    const id = certificate ? { issuerAndSerial: certificate.issuerAndSerial } : { keyId: ref.keyId };
    const recipient = { key, id };
    recipients.set(name, recipient);
    return recipient;
  }

  function agreement(recipient: Recipient): Agreement {
    if (!sessionKeys) return agree(recipient.key);
    const { session } = recipient;
    if (session && session.messages < sessionMessages && performance.now() - session.since < sessionMs) {
      session.messages++;
      return session;
    }
    recipient.session = { ...agree(recipient.key), since: performance.now(), messages: 1 };
    return recipient.session;
  }

  function recipientInfo(ref: PublicKeyRef, contentKey: Uint8Array): RecipientInfo {
    const recipient = recipientOf(ref);
    if (recipient.key.asymmetricKeyType === 'rsa') {
      const wrappedKey = encryptKey(recipient.key, contentKey);
      return { kind: 'transport', id: recipient.id, padding: 'oaep-sha256', wrappedKey };
    }
    const { ephemeral, kek } = agreement(recipient);
    return { kind: 'agreement', ephemeral, keyId: ref.keyId, wrappedKey: wrapKey(kek, contentKey) };
  }

  return messages => {
    const payloads = messages.map(({ encoded }) => deflatePayload(encoded));
    const insides = payloads.map(signed);
    const keys = messages.map(() => freshBytes(32));
    const contents = insides.map((inside, i) => encryptContent(inside, keys[i] as Buffer));
    const infos = messages.map(({ recipient }, i) => recipientInfo(recipient, keys[i] as Buffer));
    return contents.map((content, i) => ({
      sdc: writeEnvelope({ recipient: infos[i] as RecipientInfo, content }),
      digest: hash('sha256', payloads[i] as Buffer, 'buffer'),
    }));
  };
}

function signPlain({ keyId, privateKey }: SealerOptions['signer']): (payload: Buffer) => Buffer {
  return payload =>
    writeSignedData({
      kind: 'plain',
      payload,
      signer: keyId,
      signature: sign('sha256', payload, privateKey),
    });
}

function signAttributed(signer: SealerOptions['signer']): (payload: Buffer) => Buffer {
  if (!signer.certificate) {
    throw new XmError('certificate-invalid', { detail: 'an RSA signer needs its certificate' });
  }
  const certificates = Buffer.from(signer.certificate);
  const { issuerAndSerial } = readCertificate(certificates);
  return payload => {
    const attributes = writeAttributes(payload);
    return writeSignedData({
      kind: 'attributed',
      payload,
      signer: signer.keyId,
      id: { issuerAndSerial },
      certificate: certificates,
      certificates,
      attributes,
      signature: sign('sha256', signedBytes(attributes), signer.privateKey),
      digestAlgorithms: [sha256, sha256],
      signatureAlgorithm: rsaEncryption,
    });
  };
}
