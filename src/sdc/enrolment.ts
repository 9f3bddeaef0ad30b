/** The key in a certificate request (PKCS #10, RFC 2986 §4.1). Nothing is believed here. */
import { checkShape, DerReader, Tag } from './der.ts';

/** As inside the signature: an RSA request has about 40 values, extensions a few more. */
const maxNodes = 256;

/** DER SubjectPublicKeyInfo. Refuses with `sdc-malformed`. */
export function requestedKey(request: Uint8Array): Buffer {
  const bytes = Buffer.from(request.buffer, request.byteOffset, request.byteLength);
  checkShape(bytes, maxNodes);
  const fields = new DerReader(bytes).enter(Tag.sequence, 'request').enter(Tag.sequence, 'request');
  fields.skip(Tag.integer, 'request version');
  fields.skip(Tag.sequence, 'request subject');
  return fields.element(Tag.sequence, 'request key');
}
