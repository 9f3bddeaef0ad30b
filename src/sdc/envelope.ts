/**
 * The outside of an SDC: ContentInfo with AuthEnvelopedData (RFC 5083) or EnvelopedData (RFC 5652 §6), encrypted to
 * one recipient.
 */
import { contentType, notAllowed, readOid } from './algorithm.ts';
import { checkShape, DerReader, malformed, small, Tag } from './der.ts';
import { DerWriter } from './der-writer.ts';
import { type EncryptedContent, readEncryptedContent, writeEncryptedContent } from './encrypted-content.ts';
import { type RecipientInfo, readRecipientInfo, writeRecipientInfo } from './recipient-info.ts';

export interface Envelope {
  readonly recipient: RecipientInfo;
  readonly content: EncryptedContent;
}

/** Enough for a recipient whose issuer's name has eight parts; the compact shape has 29. */
const maxNodes = 64;
/** Bytes around the contents; some shapes have more. */
const usualOverhead = 300;

const contentTypes = [contentType.authEnvelopedData, contentType.envelopedData];
const version0 = small(0);
const version2 = small(2);

export function writeEnvelope({ recipient, content }: Envelope): Buffer {
  const isAuthenticated = content.cipher === 'gcm';
  const writer = new DerWriter(content.contents.length + usualOverhead);
  const info = writer.open();
  writer.put(isAuthenticated ? contentType.authEnvelopedData : contentType.envelopedData);
  const explicit = writer.open();
  const data = writer.open();
  writer.put(isAuthenticated ? version0 : envelopedVersion(recipient));
  const recipients = writer.open();
  writeRecipientInfo(writer, recipient);
  writer.close(Tag.set, recipients);
  writeEncryptedContent(writer, content);
  if (isAuthenticated) writer.value(Tag.octetString, content.tag);
  writer.close(Tag.sequence, data);
  writer.close(Tag.explicit0, explicit);
  writer.close(Tag.sequence, info);
  return writer.end();
}

/** Strict: what is returned writes back to the same bytes. Refuses with `sdc-malformed` or `sdc-algorithm`. */
export function readEnvelope(bytes: Buffer): Envelope {
  checkShape(bytes, maxNodes);
  const info = new DerReader(bytes).enter(Tag.sequence, 'ContentInfo');
  const isAuthenticated = readOid(info, contentTypes, 'content type') === contentType.authEnvelopedData;
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
