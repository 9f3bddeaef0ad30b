/**
 * Keys and certificates of a server or a station on disk. Below its folder:
 *
 *     secrets/authority.key    certificates/authority.crt    our authority, where this machine has it: its roots,
 *                                                            the newest first, as others are given them
 *     secrets/authority-2.key                                key of its second root, and so on
 *                              certificates/authority-cross.crt   what its keys have signed for each other
 *                              certificates/authority.crl    newest revocation list of the newest root, DER
 *                              certificates/authority-1.crl  that of the first root, where there is a newer one
 *     secrets/server.key       certificates/server.crt       first generation of the server's key
 *     secrets/server-2.key     certificates/server-2.crt     second generation, and so on
 *
 * A station's are `station`, `station-2`… A key is written before its certificate: one that stands alone waits for it
 * (a request is under way, or a program was cut off).
 */
import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { XmError } from '../core/errors.ts';
import { type Authority, createAuthority } from './authority.ts';
import { type Certificate, certificatePem, readCertificate, readCertificates } from './certificate.ts';
import { accepted, type Generation } from './generation.ts';
import { type KeyPair, makeKey, readKeyFile, writeKeyFile } from './key-file.ts';
import { crossesBack, succeed } from './succession.ts';

/** Whose keys they are. */
export type Holder = 'server' | 'station';

interface CertifiedKey {
  readonly certificate: Certificate;
  readonly privateKey: KeyObject;
}

/** For `accepted` and `signerOf`. */
export type KeyGeneration = CertifiedKey & Generation;

export class KeyStore {
  readonly #folder: string;
  readonly #passphrase: string | undefined;

  /** The passphrase is that of all private keys; without one they are written in clear, mode 0600. */
  constructor(folder: string, passphrase?: string) {
    this.#folder = folder;
    this.#passphrase = passphrase;
    for (const name of ['secrets', 'certificates'])
      mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  }

  /** The newest root. Undefined where there is none: a station, or a server whose certificates come from outside. */
  authorityCertificate(): Certificate | undefined {
    return this.authorityCertificates()[0];
  }

  /** All roots, the newest first, those included that have ended. */
  authorityCertificates(): Certificate[] {
    return this.#certificates('authority');
  }

  /** What issues: the newest. Throws `authority-missing`, `authority-key-missing`, `key-passphrase`, `key-invalid`. */
  authority(): Authority {
    const [certificate] = this.authorityCertificates();
    if (!certificate) throw new XmError('authority-missing', { folder: this.#folder });
    return this.#authorityOf(certificate);
  }

  /** Those whose certificates are in date, the newest first: each answers for its own by a revocation list. */
  authorities(now: number): Authority[] {
    const inDate = this.authorityCertificates().filter(({ notAfter }) => now <= notAfter);
    return inDate.map(certificate => this.#authorityOf(certificate));
  }

  /** What goes along with a certificate of ours, for those who know an older root only; none without a renewal. */
  authorityChain(now: number): Certificate[] {
    return crossesBack(this.authorityCertificates(), this.#certificates('authority-cross'), now);
  }

  /**
   * Throws `file-exists` where there is one. A key that stands alone is taken: what it may have signed under the same
   * name stays good.
   */
  createAuthority(options: {
    readonly commonName: string;
    readonly now: number;
    readonly years: number;
  }): Authority {
    const file = this.#certificateFile('authority');
    if (existsSync(file)) throw new XmError('file-exists', { file });
    const authority = createAuthority({ ...options, keys: this.#keyOf('authority', 'ec') });
    this.#keepCertificate('authority', authority.certificate);
    return authority;
  }

  /** A new root beside those before. Throws as `authority` does, and `authority-ended`. */
  renewAuthority(options: { readonly now: number; readonly years: number }): Authority {
    const roots = this.authorityCertificates();
    const keys = this.#keyOf(authorityName(roots.length + 1), 'ec');
    const { authority, crosses } = succeed(this.authority(), { ...options, keys });
    this.#keepCertificate('authority-cross', ...crosses, ...this.#certificates('authority-cross'));
    // Last: cut off before this line, all is as it was, and the key waits for the next call.
    this.#keepCertificate('authority', authority.certificate, ...roots);
    return authority;
  }

  /** The roots that a station trusts; what is given later takes their place. */
  keepAuthority(certificates: readonly Certificate[]): void {
    this.#keepCertificate('authority', ...certificates);
  }

  /** All generations that have a certificate, the first one first. Throws `key-passphrase`, `key-invalid`, `certificate-invalid`. */
  generations(holder: Holder): KeyGeneration[] {
    return this.certificates(holder).map(({ name, certificate }) => ({
      certificate,
      privateKey: readKeyFile(this.#keyFile(name), this.#passphrase),
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
    }));
  }

  /** Their certificates alone: no passphrase needed. */
  certificates(holder: Holder): { readonly name: string; readonly certificate: Certificate }[] {
    return this.#names(holder).flatMap(name => {
      const certificate = this.#certificate(name);
      return certificate ? [{ name, certificate }] : [];
    });
  }

  /**
   * Certificates of a peer, whose private keys are not here, that are in date: the newest first.
   */
  peerCertificates(peer: Holder, now: number): Certificate[] {
    const files = readdirSync(join(this.#folder, 'certificates'));
    return accepted(
      files
        .filter(file => peerFile(peer).test(file))
        .flatMap(file => this.#certificate(file.slice(0, -4)) ?? []),
      now,
    );
  }

  /** Keeps a peer's certificate beside those before it; the same one again changes nothing. */
  keepPeerCertificate(peer: Holder, certificate: Certificate): void {
    const files = readdirSync(join(this.#folder, 'certificates')).filter(file => peerFile(peer).test(file));
    const known = files.map(file => this.#certificate(file.slice(0, -4))?.fingerprint);
    if (known.includes(certificate.fingerprint)) return;
    // After the last, not after as many: one may have been removed because its key had got out.
    const last = Math.max(0, ...files.map(file => Number(peerFile(peer).exec(file)?.[1] ?? 1)));
    this.#keepCertificate(last === 0 ? peer : `${peer}-${last + 1}`, certificate);
  }

  /** The key that waits for its certificate; a new one, of this kind, where none waits. */
  pendingKey(holder: Holder, kind: 'ec' | 'rsa'): KeyPair {
    return this.#keyOf(this.#waiting(holder) ?? this.#nextName(holder), kind);
  }

  /** The key that waits for its certificate; undefined: none does. */
  waitingKey(holder: Holder): KeyPair | undefined {
    const name = this.#waiting(holder);
    return name === undefined ? undefined : this.#keyOf(name, 'ec');
  }

  /** The certificate for the key that waits, and what leads to its authority; false where none waits, or another one. */
  keepCertificate(holder: Holder, certificate: Certificate, chain: readonly Certificate[] = []): boolean {
    const waiting = this.#waiting(holder);
    if (waiting === undefined || !this.#keyOf(waiting, 'ec').publicKey.equals(certificate.publicKey))
      return false;
    this.#keepCertificate(waiting, certificate, ...chain);
    return true;
  }

  /** A key that was made elsewhere, with its certificate. */
  addGeneration(holder: Holder, { certificate, privateKey }: CertifiedKey): void {
    const name = this.#nextName(holder);
    writeKeyFile(this.#keyFile(name), privateKey, this.#passphrase);
    this.#keepCertificate(name, certificate);
  }

  /** Of the newest root, or of this one. Returns the file's path. */
  keepRevocationList(der: Uint8Array, authority?: Certificate): string {
    const newest = !authority || authority.fingerprint === this.authorityCertificate()?.fingerprint;
    const name = newest ? 'authority' : `authority-${this.#rootNumber(authority)}`;
    const file = join(this.#folder, 'certificates', `${name}.crl`);
    replaceFile(file, der);
    return file;
  }

  /** The key of this name; made where there is none. */
  #keyOf(name: string, kind: 'ec' | 'rsa'): KeyPair {
    const file = this.#keyFile(name);
    if (existsSync(file)) {
      const privateKey = readKeyFile(file, this.#passphrase);
      return { privateKey, publicKey: createPublicKey(privateKey) };
    }
    const pair = makeKey(kind);
    writeKeyFile(file, pair.privateKey, this.#passphrase);
    return pair;
  }

  /** `server`, `server-2`…: of every key there is, in the order of the generations. */
  #names(holder: Holder): string[] {
    const names = readdirSync(join(this.#folder, 'secrets')).flatMap(file => {
      const match = /^(server|station)(?:-([1-9]\d{0,3}))?\.key$/.exec(file);
      return match?.[1] === holder ? [{ name: file.slice(0, -4), generation: Number(match[2] ?? 1) }] : [];
    });
    return names.sort((a, b) => a.generation - b.generation).map(({ name }) => name);
  }

  #waiting(holder: Holder): string | undefined {
    return this.#names(holder).findLast(name => !existsSync(this.#certificateFile(name)));
  }

  #nextName(holder: Holder): string {
    const last = this.#names(holder).at(-1);
    if (last === undefined) return holder;
    return `${holder}-${Number(last.split('-')[1] ?? 1) + 1}`;
  }

  #authorityOf(certificate: Certificate): Authority {
    const file = this.#keyFile(authorityName(this.#rootNumber(certificate)));
    if (!existsSync(file)) throw new XmError('authority-key-missing', { folder: this.#folder });
    return { certificate, privateKey: readKeyFile(file, this.#passphrase) };
  }

  /** From 1, the oldest. */
  #rootNumber({ fingerprint }: Certificate): number {
    const roots = this.authorityCertificates();
    return roots.length - roots.findIndex(root => root.fingerprint === fingerprint);
  }

  #certificate(name: string): Certificate | undefined {
    const file = this.#certificateFile(name);
    return existsSync(file) ? readCertificate(readFileSync(file)) : undefined;
  }

  #certificates(name: string): Certificate[] {
    const file = this.#certificateFile(name);
    return existsSync(file) ? readCertificates(readFileSync(file)) : [];
  }

  #keepCertificate(name: string, ...certificates: readonly Certificate[]): void {
    replaceFile(this.#certificateFile(name), certificatePem(...certificates));
  }

  #keyFile(name: string): string {
    return join(this.#folder, 'secrets', `${name}.key`);
  }

  #certificateFile(name: string): string {
    return join(this.#folder, 'certificates', `${name}.crt`);
  }
}

function authorityName(root: number): string {
  return root === 1 ? 'authority' : `authority-${root}`;
}

function peerFile(peer: Holder): RegExp {
  return new RegExp(`^${peer}(?:-([1-9]\\d{0,3}))?\\.crt$`);
}

/** A passphrase from a file (a systemd credential, say): its first line. Throws `file-unreadable`. */
export function readPassphraseFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0] ?? '';
  } catch (error) {
    throw new XmError('file-unreadable', { file, detail: (error as Error).message }, { cause: error });
  }
}

/** Written aside and renamed: who reads meanwhile finds the old one, whole. */
function replaceFile(file: string, content: string | Uint8Array): void {
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  writeFileSync(aside, content);
  renameSync(aside, file);
}
