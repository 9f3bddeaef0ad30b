/** What a file holds: SDCs as DER, whatever they are wrapped in. */
import PostalMime, { type Attachment } from 'postal-mime';
import { XmError } from '../core/errors.ts';
import { isMail, type Way, wayOf } from '../core/t2d.ts';

export interface Carried {
  /** DER, or BER as `openssl cms -stream` writes it. */
  readonly sdc: Uint8Array;
  /** As the name of the file or of the attachment tells. */
  readonly way?: Way;
}

/** The text form (RFC 7468) of an SDC, read; refuses with `sdc-malformed`. */
export type FromText = (text: Uint8Array) => Uint8Array;

const sequence = 0x30;
/** 1.2.840.113549.1: where the content types of CMS (RFC 5652 §4, RFC 5083) begin. */
const cmsOid = Buffer.from('2a864886f70d01', 'hex');
const byteOrderMark = Buffer.from('efbbbf', 'hex');
const begin = '-----BEGIN CMS-----';
const block = /-----BEGIN CMS-----[^-]*-----END CMS-----/g;
const headerLine = /^[A-Za-z][A-Za-z-]*:/;
/** A mail of ours is flat; what nests deeper is a trap. */
const mailLimits = { maxNestingDepth: 20, maxHeadersSize: 64 << 10, maxRfc822NestingDepth: 3 };

/** Begins as an SDC does, where a certificate begins otherwise. */
export function isCms(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer[0] === sequence) return buffer.subarray(0, 16).includes(cmsOid);
  return buffer.includes(begin);
}

/**
 * The SDCs of a file: DER, text form (several one after the other), or an e-mail with them attached or written into it.
 * Refuses with `device-empty`, `sdc-malformed`.
 */
export async function contentsOf(
  name: string,
  bytes: Uint8Array,
  fromText: FromText,
): Promise<readonly Carried[]> {
  const found = await carriedIn(name, bytes, fromText);
  if (found.length === 0) throw new XmError('device-empty');
  return found;
}

async function carriedIn(name: string, bytes: Uint8Array, fromText: FromText): Promise<readonly Carried[]> {
  if (bytes[0] === sequence) return [carried(bytes, name)];
  const marked = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Editors on Windows put it before what they save.
  const content = marked.subarray(0, 3).equals(byteOrderMark) ? marked.subarray(3) : marked;
  const text = content.toString('latin1');
  // Mail may quote the text form in its body, so headers are asked for first; `openssl cms` writes them, too.
  if (isMail(name) || headerLine.test(text)) return carriedInMail(name, content, fromText);
  return blocksIn(text, fromText).map(sdc => carried(sdc, name));
}

async function carriedInMail(
  name: string,
  content: Uint8Array,
  fromText: FromText,
): Promise<readonly Carried[]> {
  const mail = await PostalMime.parse(content, mailLimits).catch(error => {
    throw new XmError('device-empty', {}, { cause: error });
  });
  const attached = mail.attachments.flatMap(attachment => {
    const bytes = bytesOf(attachment);
    if (!isCms(bytes)) return [];
    const sdcs = bytes[0] === sequence ? [bytes] : blocksIn(Buffer.from(bytes).toString('latin1'), fromText);
    return sdcs.map(sdc => carried(sdc, attachment.filename ?? name, name));
  });
  return attached.length > 0 ? attached : blocksIn(mail.text ?? '', fromText).map(sdc => carried(sdc, name));
}

/** One that has no end is given on, to be refused with its reason. */
function blocksIn(text: string, fromText: FromText): Uint8Array[] {
  const blocks = text.match(block) ?? (text.includes(begin) ? [text] : []);
  return blocks.map(one => fromText(Buffer.from(one, 'latin1')));
}

function bytesOf({ content }: Attachment): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content, 'latin1') : new Uint8Array(content);
}

/** `names`: the first that tells a way. */
function carried(sdc: Uint8Array, ...names: readonly string[]): Carried {
  const way = names.map(wayOf).find(one => one !== undefined);
  return { sdc, ...(way ? { way } : {}) };
}
