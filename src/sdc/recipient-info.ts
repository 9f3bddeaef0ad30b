/**
 * RecipientInfo (RFC 5652 §6.2): for whom an SDC is, and how its content key is wrapped for him. Key agreement for EC
 * (RFC 5753), with the recipient by key id; key transport for RSA, with the recipient by key id or as certificates
 * name each other.
 */
import {
  ecdhSha256Wrap,
  ecPublicKey,
  notAllowed,
  oaepSha1,
  oaepSha256,
  readAlgorithm,
  rsaEncryption,
} from './algorithm.ts';
import { type DerReader, malformed, small, Tag } from './der.ts';
import type { DerWriter } from './der-writer.ts';

interface AgreementRecipient {
  readonly kind: 'agreement';
  /** The originator's ephemeral point on P-256 (SEC 1): 33 bytes compressed, or 65. */
  readonly ephemeral: Uint8Array;
  readonly keyId: Uint8Array;
  /** 40 bytes: the content key under AES key wrap (RFC 3394). */
  readonly wrappedKey: Uint8Array;
}

interface TransportRecipient {
  readonly kind: 'transport';
  readonly id: CertificateId;
  readonly padding: Padding;
  readonly wrappedKey: Uint8Array;
}

export type RecipientInfo = AgreementRecipient | TransportRecipient;

/** How CMS names a certificate: by SubjectKeyIdentifier, or by the DER IssuerAndSerialNumber. */
export type CertificateId = { readonly keyId: Uint8Array } | { readonly issuerAndSerial: Uint8Array };

export type Padding = 'oaep-sha256' | 'oaep-sha1' | 'pkcs1';

const paddings: readonly (readonly [Padding, Buffer])[] = [
  ['oaep-sha256', oaepSha256],
  ['oaep-sha1', oaepSha1],
  ['pkcs1', rsaEncryption],
];

const paddingAlgorithms = paddings.map(([, algorithm]) => algorithm);
const originatorAlgorithms = [ecPublicKey];
const agreementAlgorithms = [ecdhSha256Wrap];

const version0 = small(0);
const version2 = small(2);
const version3 = small(3);
const noUnusedBits = Uint8Array.of(0);

export function writeRecipientInfo(writer: DerWriter, recipient: RecipientInfo): void {
  if (recipient.kind === 'agreement') writeAgreement(writer, recipient);
  else writeTransport(writer, recipient);
}

/** Refuses with `sdc-malformed` or `sdc-algorithm`. */
export function readRecipientInfo(reader: DerReader): RecipientInfo {
  switch (reader.peek) {
    case Tag.explicit1:
      return readAgreement(reader.enter(Tag.explicit1, 'recipient'));
    case Tag.sequence:
      return readTransport(reader.enter(Tag.sequence, 'recipient'));
    default:
      throw notAllowed('kind of recipient');
  }
}

function writeAgreement(writer: DerWriter, { ephemeral, keyId, wrappedKey }: AgreementRecipient): void {
  const info = writer.open();
  writer.put(version3);
  const originator = writer.open();
  const originatorKey = writer.open();
  writer.put(ecPublicKey);
  const point = writer.open();
  writer.put(noUnusedBits);
  writer.put(ephemeral);
  writer.close(Tag.bitString, point);
  writer.close(Tag.explicit1, originatorKey);
  writer.close(Tag.explicit0, originator);
  writer.put(ecdhSha256Wrap);
  const keys = writer.open();
  const key = writer.open();
  const rKeyId = writer.open();
  writer.value(Tag.octetString, keyId);
  writer.close(Tag.explicit0, rKeyId);
  writer.value(Tag.octetString, wrappedKey);
  writer.close(Tag.sequence, key);
  writer.close(Tag.sequence, keys);
  writer.close(Tag.explicit1, info);
}

function readAgreement(recipient: DerReader): AgreementRecipient {
  recipient.expect(version3, 'recipient version');
  const originator = recipient.enter(Tag.explicit0, 'originator').enter(Tag.explicit1, 'originator key');
  readAlgorithm(originator, originatorAlgorithms, 'originator key');
  const point = originator.bytes(Tag.bitString, 'originator point');
  if (point[0] !== 0) throw malformed('originator point');
  readAlgorithm(recipient, agreementAlgorithms, 'key agreement');
  const keys = recipient.enter(Tag.sequence, 'recipient keys');
  recipient.done('recipient');
  const key = keys.enter(Tag.sequence, 'recipient key');
  keys.done('exactly one recipient');
  const keyId = key.enter(Tag.explicit0, 'rKeyId').bytes(Tag.octetString, 'recipient key id');
  const wrappedKey = key.bytes(Tag.octetString, 'wrapped key');
  if (wrappedKey.length !== 40) throw notAllowed('wrapped key length');
  return { kind: 'agreement', ephemeral: point.subarray(1), keyId, wrappedKey };
}

function writeTransport(writer: DerWriter, { id, padding, wrappedKey }: TransportRecipient): void {
  const [, algorithm] = paddings.find(([name]) => name === padding) as (typeof paddings)[number];
  const info = writer.open();
  writer.put('keyId' in id ? version2 : version0);
  writeCertificateId(writer, id);
  writer.put(algorithm);
  writer.value(Tag.octetString, wrappedKey);
  writer.close(Tag.sequence, info);
}

function readTransport(recipient: DerReader): TransportRecipient {
  const version = recipient.bytes(Tag.integer, 'recipient version')[0];
  const id = readCertificateId(recipient, 'recipient');
  if (version !== ('keyId' in id ? 2 : 0)) throw malformed('recipient version');
  const algorithm = readAlgorithm(recipient, paddingAlgorithms, 'key encryption');
  const [padding] = paddings.find(([, known]) => known === algorithm) as (typeof paddings)[number];
  const wrappedKey = recipient.bytes(Tag.octetString, 'wrapped key');
  recipient.done('recipient');
  return { kind: 'transport', id, padding, wrappedKey };
}

/** RecipientIdentifier and SignerIdentifier alike (RFC 5652 §5.3, §6.2.1). */
export function writeCertificateId(writer: DerWriter, id: CertificateId): void {
  if ('keyId' in id) writer.value(Tag.implicit0, id.keyId);
  else writer.put(id.issuerAndSerial);
}

export function readCertificateId(reader: DerReader, what: string): CertificateId {
  return reader.peek === Tag.implicit0
    ? { keyId: reader.bytes(Tag.implicit0, what) }
    : { issuerAndSerial: reader.element(Tag.sequence, what) };
}
