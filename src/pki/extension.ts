/** X.509 extensions that we write and read (RFC 5280 §4.2, §5.2). */
import {
  type Asn1,
  contentOf,
  decodeBer,
  encode,
  itemsOf,
  octets,
  oid,
  oidOf,
  sequence,
  Tag,
  truth,
} from './asn1.ts';

export const extensionIds = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  certificatePolicies: '2.5.29.32',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
} as const;

/** Bits of KeyUsage (§4.2.1.3). */
export const keyUsage = {
  digitalSignature: 0,
  contentCommitment: 1,
  keyEncipherment: 2,
  keyAgreement: 4,
  keyCertSign: 5,
  crlSign: 6,
} as const;

/** Purposes (§4.2.1.12). `emailProtection` is what `openssl cms -verify` asks of a signer. */
export const purpose = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  emailProtection: '1.3.6.1.5.5.7.3.4',
} as const;

export function extension(name: keyof typeof extensionIds, critical: boolean, value: Asn1): Asn1 {
  // DER leaves out what has its default value: not critical.
  return sequence(oid(extensionIds[name]), ...(critical ? [truth()] : []), octets(encode(value)));
}

export interface Extension {
  readonly critical: boolean;
  /** Of those in `extensionIds`; what others hold need not even be ASN.1. */
  readonly value: Asn1 | undefined;
}

const known: ReadonlySet<string> = new Set(Object.values(extensionIds));

/** By OID; none where the list is absent. Throws an Error for a malformed list, and for one that holds an OID twice. */
export function readExtensions(list: Asn1 | undefined): ReadonlyMap<string, Extension> {
  const found = new Map<string, Extension>();
  for (const item of list ? itemsOf(list) : []) {
    const [id, ...rest] = itemsOf(item);
    const name = oidOf(id);
    if (found.has(name)) throw new Error(`extension ${name} twice`);
    found.set(name, {
      critical: rest.length > 1 && contentOf(rest[0], Tag.BOOLEAN)[0] !== 0,
      value: known.has(name) ? decodeBer(contentOf(rest.at(-1), Tag.OCTETSTRING)) : undefined,
    });
  }
  return found;
}

/** Throws an Error where one that must be understood is not among those that the caller reads (§4.2). */
export function refuseCritical(
  extensions: ReadonlyMap<string, Extension>,
  understood: readonly string[],
): void {
  for (const [id, { critical }] of extensions) {
    if (critical && !understood.includes(id)) throw new Error(`critical extension ${id}`);
  }
}

/** Whether the bit of KeyUsage is set, or all usages are open because there is no such extension. */
export function hasUsage(extensions: ReadonlyMap<string, Extension>, usage: number): boolean {
  const bits = extensions.get(extensionIds.keyUsage)?.value;
  if (!bits) return true;
  const content = contentOf(bits, Tag.BITSTRING).subarray(1);
  return ((content[usage >> 3] ?? 0) & (0x80 >> (usage & 7))) !== 0;
}
