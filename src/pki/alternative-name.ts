/** By what names a host may be called, as TLS clients compare them (subjectAltName, RFC 5280 §4.2.1.6, RFC 6125). */
import { isIP, isIPv4 } from 'node:net';
import { domainToASCII } from 'node:url';
import { XmError } from '../core/errors.ts';
import { type Asn1, sequence, taggedOctets } from './asn1.ts';

/** GeneralNames: a dNSName [2] for each name, an iPAddress [7] for each address. Throws `host-name`. */
export function alternativeNames(hosts: readonly string[]): Asn1 {
  return sequence(
    ...hosts.map(host =>
      isIP(host)
        ? taggedOctets(7, addressBytes(host))
        : taggedOctets(2, Buffer.from(domainName(host), 'latin1')),
    ),
  );
}

/** In ASCII, lower case; `*` only as the whole first label. */
function domainName(host: string): string {
  const wild = host.startsWith('*.') ? '*.' : '';
  const text = host.slice(wild.length);
  // What belongs to no name would be cut off as the rest of a URL.
  const name = /^[\p{L}\p{M}\p{N}.-]+$/u.test(text) ? domainToASCII(text) : '';
  const labels = name.split('.');
  const isName =
    name.length <= 253 &&
    labels.every(label => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label)) &&
    // URLs take numbers for addresses.
    !/^\d+$/.test(labels.at(-1) as string);
  if (!isName) throw new XmError('host-name', { host });
  return wild + name;
}

/** 4 or 16 bytes. */
function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  // A URL writes it in its shortest form, with hexadecimal groups only. A zone (`%eth0`) is none of a certificate's.
  if (address.includes('%')) throw new XmError('host-name', { host: address });
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail ?? '')];
  return Buffer.from(all.map(group => group.padStart(4, '0')).join(''), 'hex');
}
