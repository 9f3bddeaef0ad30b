/**
 * The inside of an SDC: SignedData (RFC 5652 §5) with one signature by one signer. Two kinds, by the signer's key, and
 * no key has both: an attribute-signed message can be stripped into another that verifies.
 *
 * - plain (EC): over the payload itself; the signer by key id; no certificate.
 * - attributed (RSA): over signed attributes that hold the payload's digest; with the signer's certificate.
 */

import { keyIdOf } from '../core/key-id.ts';
import type { KeyId } from '../core/message.ts';
import {
  contentType,
  ecdsaWithSha256,
  readAlgorithm,
  readOid,
  rsaEncryption,
  sha256,
  sha256WithNull,
  sha256WithRsa,
} from './algorithm.ts';
import { isNamed, readCertificate } from './certificate.ts';
import { checkShape, DerReader, malformed, small, Tag } from './der.ts';
import { DerWriter } from './der-writer.ts';
import { type CertificateId, readCertificateId, writeCertificateId } from './recipient-info.ts';
import { requireDigest } from './signed-attributes.ts';

interface PlainSigned {
  readonly kind: 'plain';
  readonly payload: Uint8Array;
  readonly signer: KeyId;
  /** ECDSA-Sig-Value, DER. */
  readonly signature: Uint8Array;
}

interface AttributedSigned {
  readonly kind: 'attributed';
  readonly payload: Uint8Array;
  /** Of the key in the certificate that the signer names. */
  readonly signer: KeyId;
  readonly id: CertificateId;
  /** DER: the certificate that the signer names, and all that are there. */
  readonly certificate: Uint8Array;
  readonly certificates: Uint8Array;
  /** Contents of the SET of signed attributes. */
  readonly attributes: Uint8Array;
  readonly signature: Uint8Array;
  /** AlgorithmIdentifiers as they stand: there are two ways to name each. */
  readonly digestAlgorithms: readonly [ofData: Uint8Array, ofSigner: Uint8Array];
  readonly signatureAlgorithm: Uint8Array;
}

export type Signed = PlainSigned | AttributedSigned;

/** A certificate alone has about 60, the attributes that other tools add 30 and more. */
const maxNodes = 256;
/** Bytes around payload, certificates and attributes; some signatures are longer. */
const usualOverhead = 400;

const contentTypes = [contentType.signedData];
const payloadTypes = [contentType.data];
const digestAlgorithms = [sha256, sha256WithNull];
const ecAlgorithms = [ecdsaWithSha256];
const rsaAlgorithms = [rsaEncryption, sha256WithRsa];
const version1 = small(1);
const version3 = small(3);

export function writeSignedData(signed: Signed): Buffer {
  const isPlain = signed.kind === 'plain';
  const id: CertificateId = isPlain ? { keyId: signed.signer } : signed.id;
  // RFC 5652 §5.1 and §5.3: 3 where the signer is named by key id, else 1.
  const version = 'keyId' in id ? version3 : version1;
  const [ofData, ofSigner] = isPlain ? [sha256, sha256] : signed.digestAlgorithms;
  const certified = isPlain ? 0 : signed.certificates.length + signed.attributes.length;
  const writer = new DerWriter(signed.payload.length + certified + usualOverhead);
  const info = writer.open();
  writer.put(contentType.signedData);
  const explicit = writer.open();
  const data = writer.open();
  writer.put(version);
  writer.value(Tag.set, ofData);
  const encapsulated = writer.open();
  writer.put(contentType.data);
  const payload = writer.open();
  writer.value(Tag.octetString, signed.payload);
  writer.close(Tag.explicit0, payload);
  writer.close(Tag.sequence, encapsulated);
  if (!isPlain) writer.value(Tag.explicit0, signed.certificates);
  const signers = writer.open();
  const signer = writer.open();
  writer.put(version);
  writeCertificateId(writer, id);
  writer.put(ofSigner);
  if (!isPlain) writer.value(Tag.explicit0, signed.attributes);
  writer.put(isPlain ? ecdsaWithSha256 : signed.signatureAlgorithm);
  writer.value(Tag.octetString, signed.signature);
  writer.close(Tag.sequence, signer);
  writer.close(Tag.set, signers);
  writer.close(Tag.sequence, data);
  writer.close(Tag.explicit0, explicit);
  writer.close(Tag.sequence, info);
  return writer.end();
}

/** Strict: what is returned writes back to the same bytes. Refuses with `sdc-malformed` or `sdc-algorithm`. */
export function readSignedData(bytes: Buffer): Signed {
  checkShape(bytes, maxNodes);
  const info = new DerReader(bytes).enter(Tag.sequence, 'signed ContentInfo');
  readOid(info, contentTypes, 'signed content type');
  const data = info.enter(Tag.explicit0, 'signed content').enter(Tag.sequence, 'SignedData');
  data.skip(Tag.integer, 'SignedData version');
  const digests = data.enter(Tag.set, 'digest algorithms');
  const ofData = readAlgorithm(digests, digestAlgorithms, 'digest');
  const encapsulated = data.enter(Tag.sequence, 'encapsulated content');
  readOid(encapsulated, payloadTypes, 'encapsulated content type');
  const payload = encapsulated.enter(Tag.explicit0, 'payload').bytes(Tag.octetString, 'payload');
  const certificates = data.peek === Tag.explicit0 ? data.bytes(Tag.explicit0, 'certificates') : undefined;
  const signers = data.enter(Tag.set, 'signers');
  const signer = signers.enter(Tag.sequence, 'signer');
  signers.done('exactly one signer');
  signer.skip(Tag.integer, 'signer version');
  const id = readCertificateId(signer, 'signer');
  const ofSigner = readAlgorithm(signer, digestAlgorithms, 'digest');
  const attributes = signer.peek === Tag.explicit0 ? signer.bytes(Tag.explicit0, 'attributes') : undefined;
  const signatureAlgorithm = readAlgorithm(signer, attributes ? rsaAlgorithms : ecAlgorithms, 'signature');
  const signature = signer.bytes(Tag.octetString, 'signature');
  const signed: Signed = attributes
    ? {
        kind: 'attributed',
        payload,
        ...certified(certificates, id),
        id,
        attributes,
        signature,
        digestAlgorithms: [ofData, ofSigner],
        signatureAlgorithm,
      }
    : { kind: 'plain', payload, signer: plainSigner(id), signature };
  if (!writeSignedData(signed).equals(bytes)) throw malformed('signed content not canonical');
  if (attributes) requireDigest(attributes, payload);
  return signed;
}

function plainSigner(id: CertificateId): KeyId {
  if ('keyId' in id && id.keyId.length === 8) return id.keyId;
  throw malformed('signer key id');
}

/** The certificate that the signer is named by: it must be there, once. */
function certified(
  certificates: Buffer | undefined,
  id: CertificateId,
): Pick<AttributedSigned, 'signer' | 'certificate' | 'certificates'> {
  if (!certificates) throw malformed('no certificate');
  const reader = new DerReader(certificates);
  const named: Pick<AttributedSigned, 'signer' | 'certificate' | 'certificates'>[] = [];
  while (reader.peek !== undefined) {
    const certificate = reader.element(Tag.sequence, 'certificate');
    const read = readCertificate(certificate);
    if (isNamed(read, id)) named.push({ signer: keyIdOf(read.spki), certificate, certificates });
  }
  const [signer] = named;
  if (!signer || named.length > 1) throw malformed("the signer's certificate");
  return signer;
}
