/**
 * A new key of our authority, under the old name: who trusts either of the two roots finds a way to what the other has
 * issued, by certificates that each key has signed for the other (RFC 4210 §4.4). Being self-issued, they count as no
 * further authority below one with pathLenConstraint 0 (RFC 5280 §4.2.1.9).
 */
import { X509Certificate } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { type Authority, certifyAuthority } from './authority.ts';
import { type Certificate, spkiOf, subjectOf } from './certificate.ts';
import { type KeyPair, makeKey } from './key-file.ts';

interface Succession {
  readonly authority: Authority;
  /** The new key signed by the old one, and the old one by the new; both until the old root's end. */
  readonly crosses: readonly [forward: Certificate, back: Certificate];
}

/** Valid from a day before `now`, as a first root is. Throws `authority-ended`: who trusts it would not follow. */
export function succeed(
  old: Authority,
  options: {
    /** Milliseconds since 1970. */
    readonly now: number;
    readonly years: number;
    /** A key that is there already: of a renewal that was cut off. */
    readonly keys?: KeyPair;
  },
): Succession {
  const { now, years, keys = makeKey('ec') } = options;
  const { notBefore, notAfter, spki } = old.certificate;
  if (notAfter <= now) {
    throw new XmError('authority-ended', { until: new Date(notAfter).toISOString().slice(0, 10) });
  }
  const name = subjectOf(old.certificate);
  const end = new Date(now);
  end.setUTCFullYear(end.getUTCFullYear() + years);
  const newSpki = spkiOf(keys.publicKey);
  const from = now - 86_400_000;
  const root = certifyAuthority(keys, { name, spki: newSpki, notBefore: from, notAfter: end.getTime() });
  const until = Math.min(notAfter, root.notAfter);
  const oldKeys = { privateKey: old.privateKey, publicKey: old.certificate.publicKey };
  return {
    authority: { certificate: root, privateKey: keys.privateKey },
    crosses: [
      certifyAuthority(oldKeys, { name, spki: newSpki, notBefore: from, notAfter: until }),
      certifyAuthority(keys, { name, spki, notBefore, notAfter: until }),
    ],
  };
}

/**
 * What goes along with a certificate of the newest root, for those who know only older ones: the crosses that lead
 * back from it, and are in date. `roots`: the newest first.
 */
export function crossesBack(
  roots: readonly Certificate[],
  crosses: readonly Certificate[],
  now: number,
): Certificate[] {
  const age = (cross: Certificate) => roots.findIndex(({ spki }) => Buffer.from(spki).equals(cross.spki));
  return crosses.filter(cross => {
    const issuer = roots.findIndex(({ publicKey }) => new X509Certificate(cross.der).verify(publicKey));
    return now <= cross.notAfter && age(cross) >= 0 && age(cross) < issuer;
  });
}
