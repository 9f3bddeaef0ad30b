/** Signed attributes (RFC 5652 §5.4, §11): what an RSA signature is over, in place of the payload. */
import { hash } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { contentType } from './algorithm.ts';
import { DerReader, der, malformed, oid, Tag } from './der.ts';

const contentTypeAttribute = oid('1.2.840.113549.1.9.3');
const messageDigestAttribute = oid('1.2.840.113549.1.9.4');

/** Contents of the SET, in DER order: content type and digest. */
export function writeAttributes(payload: Uint8Array): Buffer {
  const digest = der(Tag.octetString, hash('sha256', payload, 'buffer'));
  return Buffer.concat([
    der(Tag.sequence, contentTypeAttribute, der(Tag.set, contentType.data)),
    der(Tag.sequence, messageDigestAttribute, der(Tag.set, digest)),
  ]);
}

/** The bytes that are signed: the attributes under the tag of SET, whatever tag they travel under (§5.4). */
export function signedBytes(attributes: Uint8Array): Buffer {
  return der(Tag.set, attributes);
}

/**
 * Content type and digest must be there, once each, and speak of this payload. Refuses with `sdc-malformed`, or with
 * `sdc-signature` where the digest is another.
 */
export function requireDigest(attributes: Buffer, payload: Uint8Array): void {
  const values = new Map<string, Buffer>();
  const reader = new DerReader(attributes);
  while (reader.peek !== undefined) {
    const attribute = reader.enter(Tag.sequence, 'attribute');
    const type = attribute.element(Tag.oid, 'attribute').toString('hex');
    if (values.has(type)) throw malformed('attribute twice');
    values.set(type, attribute.bytes(Tag.set, 'attribute'));
    attribute.done('attribute');
  }
  if (values.get(contentTypeAttribute.toString('hex'))?.equals(contentType.data) !== true) {
    throw malformed('content type attribute');
  }
  const digest = der(Tag.octetString, hash('sha256', payload, 'buffer'));
  const named = values.get(messageDigestAttribute.toString('hex'));
  if (!named) throw malformed('message digest attribute');
  if (!named.equals(digest)) throw new XmError('sdc-signature');
}
