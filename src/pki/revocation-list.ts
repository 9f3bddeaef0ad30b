/** Certificate revocation lists, version 2 (RFC 5280 §5): made by our authority, and read from others. */
import { XmError } from '../core/errors.ts';
import {
  type Asn1,
  contentOf,
  decodeBer,
  encode,
  enumerated,
  integer,
  itemsOf,
  sequence,
  Tag,
  tagged,
  taggedItems,
  taggedOctets,
  time,
  timeOf,
} from './asn1.ts';
import type { Authority } from './authority.ts';
import { type Certificate, extensionsOf, subjectOf } from './certificate.ts';
import { extension, extensionIds, hasUsage, keyUsage, readExtensions, refuseCritical } from './extension.ts';
import { isText, pem, readPem } from './pem.ts';
import { readSigned, signatureAlgorithm, signed } from './signed.ts';

/** CRLReason by its number (RFC 5280 §5.3.1); 7 is not used. */
export const revocationReasons = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const;
export type RevocationReason = NonNullable<(typeof revocationReasons)[number]>;

export interface Revocation {
  /** Of the certificate, as `Certificate.serial`. */
  readonly serial: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly reason: RevocationReason;
}

export interface RevocationList {
  readonly der: Uint8Array;
  /** Milliseconds since 1970. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** Later lists of one authority have higher ones; undefined in version 1. */
  readonly number: bigint | undefined;
  /** By serial. */
  readonly revoked: ReadonlyMap<string, Revocation>;
  /** Whether this authority has issued the list: name, key usage, signature. */
  isOf(issuer: Certificate): boolean;
}

/** DER. `number` grows with each list of the authority (§5.2.3). */
export function makeRevocationList(
  { certificate, privateKey }: Authority,
  list: {
    readonly number: bigint;
    /** Milliseconds since 1970. */
    readonly thisUpdate: number;
    readonly nextUpdate: number;
    readonly revoked: readonly Revocation[];
  },
): Buffer {
  const entries = list.revoked.map(({ serial, at, reason }) =>
    sequence(
      integer(Buffer.from(serial, 'hex')),
      time(at),
      // An unspecified reason is told by its absence (§5.3.1).
      ...(reason === 'unspecified' ? [] : [sequence(reasonCode(reason))]),
    ),
  );
  return signed(
    privateKey,
    sequence(
      integer(1),
      signatureAlgorithm(privateKey),
      subjectOf(certificate),
      time(list.thisUpdate),
      time(list.nextUpdate),
      ...(entries.length === 0 ? [] : [sequence(...entries)]),
      tagged(
        0,
        sequence(
          extension('authorityKeyIdentifier', false, sequence(taggedOctets(0, certificate.keyId))),
          extension('crlNumber', false, integer(bytesOfNumber(list.number))),
        ),
      ),
    ),
  );
}

export function revocationListPem(der: Uint8Array): string {
  return pem('X509 CRL', der);
}

/** Whether these bytes are a list, by their form alone. */
export function isRevocationList(bytes: Buffer): boolean {
  if (isText(bytes)) return bytes.includes('-----BEGIN X509 CRL-----');
  try {
    const [contents] = itemsOf(decodeBer(bytes));
    // version, algorithm, issuer, thisUpdate: a time where a certificate has its validity, a SEQUENCE.
    const fields = itemsOf(contents).filter(({ type }) => type !== Tag.INTEGER);
    return fields[2]?.type === Tag.UTCTIME || fields[2]?.type === Tag.GENERALIZEDTIME;
  } catch {
    return false;
  }
}

/** Reads a list, PEM or DER; whose it is tells `isOf`. Throws `revocation-list-invalid`. */
export function readRevocationList(bytes: Uint8Array | string): RevocationList {
  try {
    const der = isText(bytes) ? readPem(bytes, 'X509 CRL')[0] : Buffer.from(bytes);
    if (!der) throw new Error('no list');
    const list = readSigned(der);
    const fields = itemsOf(list.contents);
    const version2 = fields[0]?.type === Tag.INTEGER;
    const [algorithm, issuer, thisUpdate, nextUpdate, ...rest] = version2 ? fields.slice(1) : fields;
    if (!algorithm || !issuer) throw new Error('no issuer');
    // Named inside and outside of what is signed, and both the same (§5.1.1.2).
    if (!encode(algorithm).equals(encode(list.algorithm))) throw new Error('two signature algorithms');
    const entries = rest.find(({ tagClass, type }) => tagClass === 0 && type === Tag.SEQUENCE);
    const extensions = readExtensions(taggedItems(rest.at(-1), 0)?.[0]);
    // A list of some certificates only (§5.2.5) or of changes only (§5.2.4) says so in a critical extension.
    refuseCritical(extensions, [extensionIds.crlNumber, extensionIds.authorityKeyIdentifier]);
    const number = extensions.get(extensionIds.crlNumber)?.value;
    return {
      der,
      thisUpdate: timeOf(thisUpdate),
      nextUpdate: timeOf(nextUpdate),
      number: number && BigInt(`0x${contentOf(number, Tag.INTEGER).toString('hex')}`),
      revoked: new Map((entries ? itemsOf(entries) : []).map(readEntry).map(one => [one.serial, one])),
      isOf: authority =>
        encode(subjectOf(authority)).equals(encode(issuer)) &&
        hasUsage(extensionsOf(authority), keyUsage.crlSign) &&
        list.verify(authority.publicKey),
    };
  } catch (error) {
    throw new XmError('revocation-list-invalid', { detail: (error as Error).message }, { cause: error });
  }
}

function readEntry(entry: Asn1): Revocation {
  const [serial, at, list] = itemsOf(entry);
  const extensions = readExtensions(list);
  // A list that holds other authorities' certificates says so here (§5.3.3).
  refuseCritical(extensions, [extensionIds.reasonCode]);
  const code = extensions.get(extensionIds.reasonCode)?.value;
  const reason = code && revocationReasons[contentOf(code, Tag.ENUMERATED)[0] ?? 0];
  return {
    serial: serialOf(contentOf(serial, Tag.INTEGER)),
    at: timeOf(at),
    reason: reason ?? 'unspecified',
  };
}

function reasonCode(reason: RevocationReason): Asn1 {
  return extension('reasonCode', false, enumerated(revocationReasons.indexOf(reason)));
}

/** As OpenSSL prints serial numbers: no sign byte. */
function serialOf(content: Buffer): string {
  const digits = content[0] === 0 && content.length > 1 ? content.subarray(1) : content;
  return digits.toString('hex').toUpperCase();
}

function bytesOfNumber(value: bigint): Buffer {
  const digits = value.toString(16);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
}
