/** Names of certificates and requests (RFC 5280 §4.1.2.4). */
import { type Asn1, itemsOf, oid, oidOf, printable, sequence, setOf, Tag, textOf, utf8 } from './asn1.ts';

export interface SubjectName {
  /** Cut off at 64 characters (ub-common-name): who it is says the serial number. */
  readonly commonName: string;
  /** A client's matricule: letters, digits and `'()+,-./:=?` only (PrintableString). */
  readonly serialNumber?: string;
}

const commonName = '2.5.4.3';
const serialNumber = '2.5.4.5';

export function nameOf(subject: SubjectName): Asn1 {
  const cut = Array.from(subject.commonName.normalize('NFC')).slice(0, 64).join('');
  return sequence(
    setOf(sequence(oid(commonName), utf8(cut))),
    ...(subject.serialNumber === undefined
      ? []
      : [setOf(sequence(oid(serialNumber), printable(subject.serialNumber)))]),
  );
}

/** Other parts of the name are left out. Throws an Error for a name that has no common name. */
export function readName(name: Asn1 | undefined): SubjectName {
  const parts = new Map<string, string>();
  for (const relative of itemsOf(name)) {
    for (const part of itemsOf(relative, Tag.SET)) {
      const [type, value] = itemsOf(part);
      const id = oidOf(type);
      if (id === commonName || id === serialNumber) parts.set(id, textOf(value));
    }
  }
  const common = parts.get(commonName);
  if (!common) throw new Error('no common name');
  const serial = parts.get(serialNumber);
  return { commonName: common, ...(serial === undefined ? {} : { serialNumber: serial }) };
}
