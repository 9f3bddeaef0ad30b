/** The first half of opening: whether an SDC is for us, and what is in it; not whether it is to be believed. */
import type { KeyObject } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { LruMap } from '../core/lru.ts';
import { hex, type KeyId } from '../core/message.ts';
import type { Closed } from '../core/ports.ts';
import { notAllowed } from './algorithm.ts';
import { type Attempt, attemptAll, attemptNext } from './attempt.ts';
import { isStreamed, toDer } from './ber.ts';
import { readCertificate } from './certificate.ts';
import { decryptContent } from './encrypted-content.ts';
import { type Envelope, readEnvelope } from './envelope.ts';
import { agreedKek, unwrapKey } from './key-agreement.ts';
import { decryptKey } from './key-transport.ts';
import type { CertificateId, RecipientInfo } from './recipient-info.ts';
import { readSignedData, type Signed } from './signed-data.ts';
import { limitOf } from './size-limit.ts';
import { fromText, isText, textRatio } from './text-form.ts';

/** One of our keys. */
export interface RecipientKey {
  readonly keyId: KeyId;
  readonly privateKey: KeyObject;
  /** DER; with it, SDCs are known that name the key as other authorities' certificates do. */
  readonly certificate?: Uint8Array;
}

export interface OpenerOptions {
  /** Several while a renewed certificate and the one before overlap. */
  readonly recipients: readonly RecipientKey[];
  /** Accepts content keys under PKCS #1 v1.5 too, for tools that know no OAEP. Default false. */
  readonly allowPkcs1?: boolean;
}

/** Key-encryption keys remembered: one for each sender of the last hour; 240 bytes each. */
const kekLimit = 50_000;

export interface Unsealed {
  readonly signed: Signed;
  /** The SignedData as it was encrypted. */
  readonly bytes: Buffer;
  readonly recipient: KeyId;
  readonly isBatch: boolean;
  /** Bytes of the SDC as DER. */
  readonly size: number;
  /** A key-encryption key that was not known before, and the name to remember it by. */
  readonly kek?: { readonly name: string; readonly key: string };
}

interface Addressed {
  readonly envelope: Envelope;
  readonly recipient: RecipientKey;
}

interface Keyed extends Addressed {
  readonly key: Buffer;
  readonly kek?: NonNullable<Unsealed['kek']>;
}

export class Unsealer {
  readonly #recipients = new Map<string, RecipientKey>();
  readonly #allowPkcs1: boolean;
  readonly #keks = new LruMap<string, string>(kekLimit);

  constructor({ recipients, allowPkcs1 = false }: OpenerOptions) {
    this.#allowPkcs1 = allowPkcs1;
    for (const recipient of recipients) {
      for (const id of namesOf(recipient)) this.#recipients.set(nameOf(id), recipient);
    }
  }

  unseal(sdcs: readonly Closed[]): Attempt<Unsealed>[] {
    // Within a batch a key is agreed on once, whoever its messages turn out to be from.
    const batch = new Map<string, string>();
    const ders = attemptAll(sdcs, derOf);
    const envelopes = attemptNext(ders, der => this.#addressed(readEnvelope(der)));
    const keyed = attemptNext(envelopes, addressed => this.#keyed(addressed, batch));
    const contents = attemptNext(keyed, one => decryptContent(one.envelope.content, one.key));
    return attemptNext(contents, (bytes, i) => {
      const signed = readSignedData(isStreamed(bytes) ? toDer(bytes) : bytes);
      const { recipient, kek } = (keyed[i] as { value: Keyed }).value;
      return {
        signed,
        bytes,
        recipient: recipient.keyId,
        isBatch: sdcs[i]?.isBatch === true,
        size: (ders[i] as { value: Buffer }).value.length,
        ...(kek ? { kek } : {}),
      };
    });
  }

  /** To be called when the signature was verified: strangers must not push out what is in use. */
  remember({ kek }: Unsealed): void {
    if (kek) this.#keks.set(kek.name, kek.key);
  }

  #addressed(envelope: Envelope): Addressed {
    const recipient = this.#recipients.get(nameOf(idOf(envelope.recipient)));
    if (!recipient) throw new XmError('sdc-not-for-us');
    return { envelope, recipient };
  }

  #keyed({ envelope, recipient }: Addressed, batch: Map<string, string>): Keyed {
    const info = envelope.recipient;
    const { privateKey, keyId } = recipient;
    if (privateKey.asymmetricKeyType !== (info.kind === 'agreement' ? 'ec' : 'rsa')) {
      throw notAllowed('kind of recipient');
    }
    if (info.kind === 'transport') {
      if (info.padding === 'pkcs1' && !this.#allowPkcs1) throw notAllowed('PKCS #1 v1.5');
      return { envelope, recipient, key: decryptKey(privateKey, info.padding, info.wrappedKey) };
    }
    const name = `${hex(keyId)}${hex(info.ephemeral)}`;
    const known = this.#keks.get(name);
    if (known) return { envelope, recipient, key: unwrapKey(known, info.wrappedKey) };
    const kek = batch.get(name) ?? agreedKek(privateKey, info.ephemeral);
    batch.set(name, kek);
    return { envelope, recipient, key: unwrapKey(kek, info.wrappedKey), kek: { name, key: kek } };
  }
}

function derOf({ sdc, isBatch }: Closed): Buffer {
  const isTextual = isText(sdc);
  if (sdc.length > limitOf(isBatch).der * (isTextual ? textRatio : 1)) {
    throw new XmError('sdc-too-large', { size: sdc.length });
  }
  const bytes = isTextual ? fromText(sdc) : Buffer.from(sdc.buffer, sdc.byteOffset, sdc.byteLength);
  return isStreamed(bytes) ? toDer(bytes) : bytes;
}

function idOf(recipient: RecipientInfo): CertificateId {
  return recipient.kind === 'agreement' ? { keyId: recipient.keyId } : recipient.id;
}

function nameOf(id: CertificateId): string {
  return 'keyId' in id ? `key ${hex(id.keyId)}` : `certificate ${hex(id.issuerAndSerial)}`;
}

function namesOf({ keyId, certificate }: RecipientKey): CertificateId[] {
  if (!certificate) return [{ keyId }];
  const { issuerAndSerial, subjectKeyId } = readCertificate(Buffer.from(certificate));
  return [{ keyId }, { issuerAndSerial }, ...(subjectKeyId ? [{ keyId: subjectKeyId }] : [])];
}
