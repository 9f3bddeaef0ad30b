/**
 * The outside of an SDC: ContentInfo with AuthEnvelopedData (RFC 5083) or EnvelopedData (RFC 5652 §6), encrypted to
 * one recipient.
 */
import { contentType, notAllowed, readOid } from './algorithm.ts';
import { checkShape, DerReader, der, malformed, small, Tag } from './der.ts';
import { type EncryptedContent, readEncryptedContent, writeEncryptedContent } from './encrypted-content.ts';
import { type RecipientInfo, readRecipientInfo, writeRecipientInfo } from './recipient-info.ts';

export interface Envelope {
  readonly recipient: RecipientInfo;
  readonly content: EncryptedContent;
}

/** Enough for a recipient whose issuer's name has eight parts; the compact shape has 29. */
const maxNodes = 64;

const version0 = small(0);
const version2 = small(2);

export function writeEnvelope({ recipient, content }: Envelope): Buffer {
  const recipients = der(Tag.set, writeRecipientInfo(recipient));
  const encrypted = writeEncryptedContent(content);
  if (content.cipher === 'gcm') {
    const data = der(Tag.sequence, version0, recipients, encrypted, der(Tag.octetString, content.tag));
    return der(Tag.sequence, contentType.authEnvelopedData, der(Tag.explicit0, data));
  }
  const version = envelopedVersion(recipient);
  const data = der(Tag.sequence, version, recipients, encrypted);
  return der(Tag.sequence, contentType.envelopedData, der(Tag.explicit0, data));
}

/** Strict: what is returned writes back to the same bytes. Refuses with `sdc-malformed` or `sdc-algorithm`. */
export function readEnvelope(bytes: Buffer): Envelope {
  checkShape(bytes, maxNodes);
  const info = new DerReader(bytes).enter(Tag.sequence, 'ContentInfo');
  const allowed = [contentType.authEnvelopedData, contentType.envelopedData];
  const isAuthenticated = readOid(info, allowed, 'content type') === contentType.authEnvelopedData;
  const data = info.enter(Tag.explicit0, 'content').enter(Tag.sequence, 'enveloped data');
  const version = data.element(Tag.integer, 'version');
  const recipients = data.enter(Tag.set, 'recipients');
  const recipient = readRecipientInfo(recipients);
  recipients.done('exactly one recipient');
  if (!version.equals(isAuthenticated ? version0 : envelopedVersion(recipient))) throw malformed('version');
  const { cipher, initial, contents, tagLength } = readEncryptedContent(data);
  if (isAuthenticated !== (cipher === 'gcm')) throw notAllowed('content encryption');
  // CBC is for other tools' RSA; of the compact shape there is one kind.
  if (recipient.kind === 'agreement' && cipher === 'cbc') throw notAllowed('content encryption');
  const envelope: Envelope = {
    recipient,
    content:
      cipher === 'gcm'
        ? { cipher, nonce: initial, contents, tag: readTag(data, tagLength) }
        : { cipher, iv: initial, contents },
  };
  // One encoding of one message: whatever the reading above let pass, the bytes are what we would have written.
  if (!writeEnvelope(envelope).equals(bytes)) throw malformed('not canonical');
  return envelope;
}

function readTag(data: DerReader, length: number): Buffer {
  const tag = data.bytes(Tag.octetString, 'tag');
  if (tag.length !== length) throw notAllowed('tag length');
  return tag;
}

/** RFC 5652 §6.1: 0 where the recipient is named by issuer and serial number, 2 for all other kinds. */
function envelopedVersion(recipient: RecipientInfo): Buffer {
  return recipient.kind === 'transport' && 'issuerAndSerial' in recipient.id ? version0 : version2;
}
