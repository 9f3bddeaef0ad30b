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
import { type DerReader, der, malformed, small, Tag } from './der.ts';

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

const version0 = small(0);
const version2 = small(2);
const version3 = small(3);
const noUnusedBits = Uint8Array.of(0);

export function writeRecipientInfo(recipient: RecipientInfo): Buffer {
  return recipient.kind === 'agreement' ? writeAgreement(recipient) : writeTransport(recipient);
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

function writeAgreement({ ephemeral, keyId, wrappedKey }: AgreementRecipient): Buffer {
  const originator = der(Tag.explicit1, ecPublicKey, der(Tag.bitString, noUnusedBits, ephemeral));
  const key = der(
    Tag.sequence,
    der(Tag.explicit0, der(Tag.octetString, keyId)),
    der(Tag.octetString, wrappedKey),
  );
  return der(Tag.explicit1, version3, der(Tag.explicit0, originator), ecdhSha256Wrap, der(Tag.sequence, key));
}

function readAgreement(recipient: DerReader): AgreementRecipient {
  recipient.expect(version3, 'recipient version');
  const originator = recipient.enter(Tag.explicit0, 'originator').enter(Tag.explicit1, 'originator key');
  readAlgorithm(originator, [ecPublicKey], 'originator key');
  const point = originator.bytes(Tag.bitString, 'originator point');
  if (point[0] !== 0) throw malformed('originator point');
  readAlgorithm(recipient, [ecdhSha256Wrap], 'key agreement');
  const keys = recipient.enter(Tag.sequence, 'recipient keys');
  recipient.done('recipient');
  const key = keys.enter(Tag.sequence, 'recipient key');
  keys.done('exactly one recipient');
  const keyId = key.enter(Tag.explicit0, 'rKeyId').bytes(Tag.octetString, 'recipient key id');
  const wrappedKey = key.bytes(Tag.octetString, 'wrapped key');
  if (wrappedKey.length !== 40) throw notAllowed('wrapped key length');
  return { kind: 'agreement', ephemeral: point.subarray(1), keyId, wrappedKey };
}

function writeTransport({ id, padding, wrappedKey }: TransportRecipient): Buffer {
  const [, algorithm] = paddings.find(([name]) => name === padding) as (typeof paddings)[number];
  return der(
    Tag.sequence,
    'keyId' in id ? version2 : version0,
    writeCertificateId(id),
    algorithm,
    der(Tag.octetString, wrappedKey),
  );
}

function readTransport(recipient: DerReader): TransportRecipient {
  const version = recipient.bytes(Tag.integer, 'recipient version')[0];
  const id = readCertificateId(recipient, 'recipient');
  if (version !== ('keyId' in id ? 2 : 0)) throw malformed('recipient version');
  const algorithm = readAlgorithm(
    recipient,
    paddings.map(([, algorithm]) => algorithm),
    'key encryption',
  );
  const [padding] = paddings.find(([, known]) => known === algorithm) as (typeof paddings)[number];
  const wrappedKey = recipient.bytes(Tag.octetString, 'wrapped key');
  recipient.done('recipient');
  return { kind: 'transport', id, padding, wrappedKey };
}

/** RecipientIdentifier and SignerIdentifier alike (RFC 5652 §5.3, §6.2.1). */
export function writeCertificateId(id: CertificateId): Buffer {
  return 'keyId' in id ? der(Tag.implicit0, id.keyId) : Buffer.from(id.issuerAndSerial);
}

export function readCertificateId(reader: DerReader, what: string): CertificateId {
  return reader.peek === Tag.implicit0
    ? { keyId: reader.bytes(Tag.implicit0, what) }
    : { issuerAndSerial: reader.element(Tag.sequence, what) };
}
