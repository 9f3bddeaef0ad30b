/**
 * `xmstation enrol` by files: the station's key and certificate. First a request, whose fingerprint is read out to the operator
 * of the centre; then the certificate that comes back. The same again renews: the old key stays in use until the new
 * certificate is there, and is accepted until its own end.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { type DataFolder, StationFolder } from '../../config.ts';
import { XmError } from '../../core/errors.ts';
import type { Language } from '../../core/language.ts';
import { type Certificate, isSelfSigned, readCertificates, spkiOf } from '../../pki/certificate.ts';
import { verifyChain } from '../../pki/chain.ts';
import { KeyStore } from '../../pki/key-store.ts';
import { makeRequest, requestPem, spokenFingerprint } from '../../pki/request.ts';
import { requireServerCertificate } from '../../pki/suitable-key.ts';
import { programTexts } from '../../text/program.ts';
import { exitCodes, positive } from '../command-line.ts';
import type { StationFlags } from './call.ts';

type EnrolFlags = Pick<
  StationFlags,
  'json' | 'rsa' | 'client' | 'name' | 'out' | 'certificate' | 'server' | 'authority'
>;

export function enrolByFiles(folder: DataFolder, flags: EnrolFlags, language: Language): number {
  const store = new KeyStore(new StationFolder(folder.at('station')).path);
  const { enrol } = programTexts[language];
  if (flags.client !== undefined) {
    const file = flags.out ?? `${flags.client}.csr`;
    const fingerprint = request(store, positive('--client', flags.client, language), file, flags);
    const lines = [enrol.written(file), enrol.readOut, `  ${fingerprint}`];
    console.log(flags.json ? JSON.stringify({ file, fingerprint }) : lines.join('\n'));
    return exitCodes.ok;
  }
  if (!flags.certificate && !flags.server && !flags.authority)
    throw new XmError('usage', { detail: enrol.needs });
  const kept = keepCertificateFiles(store, flags);
  const lines = kept.map(({ subject, notAfter }) =>
    enrol.kept(subject, new Date(notAfter).toISOString().slice(0, 10)),
  );
  const told = kept.map(({ subject, fingerprint, notAfter }) => ({
    subject,
    fingerprint,
    notAfter: new Date(notAfter).toISOString(),
  }));
  console.log(flags.json ? JSON.stringify(told) : lines.join('\n'));
  return exitCodes.ok;
}

/** Returns the fingerprint to be read out. Throws `file-exists`. */
function request(store: KeyStore, matricule: number, file: string, { name, rsa }: EnrolFlags): string {
  const keys = store.pendingKey('station', rsa ? 'rsa' : 'ec');
  const subject = { commonName: name ?? `${matricule}`, serialNumber: `${matricule}` };
  const text = requestPem(makeRequest(keys, subject));
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new XmError('file-exists', { file });
    throw error;
  }
  return spokenFingerprint(spkiOf(keys.publicKey));
}

/**
 * All is checked before anything is kept: where the authority is known, it must vouch for the others.
 */
export function keepCertificateFiles(
  store: KeyStore,
  flags: Partial<Pick<EnrolFlags, 'certificate' | 'server' | 'authority'>>,
): Certificate[] {
  return keepStationCertificates(store, {
    ...(flags.certificate ? { own: read(flags.certificate) } : {}),
    ...(flags.server ? { server: read(flags.server) } : {}),
    ...(flags.authority ? { authority: read(flags.authority) } : {}),
  });
}

/** Each with what leads to its authority behind it. Throws `certificate-other-key`, and as `verifyChain` and `requireServerCertificate` do. */
export function keepStationCertificates(
  store: KeyStore,
  certificates: {
    readonly own?: readonly Certificate[];
    readonly server?: readonly Certificate[];
    readonly authority?: readonly Certificate[];
  },
): Certificate[] {
  const given = certificates.authority;
  // Of a file with a root the others stand between; of one without, all are trusted as they are.
  const roots = given?.some(isSelfSigned)
    ? given.filter(isSelfSigned)
    : (given ?? store.authorityCertificates());
  const [own, ...ownChain] = certificates.own ?? [];
  const [server, ...serverChain] = certificates.server ?? [];
  // What an authority that was renewed hands out leads to its older roots, too.
  const intermediates = [...(given ?? []), ...ownChain, ...serverChain];
  for (const one of [own, server]) {
    if (one && roots.length > 0) {
      verifyChain(one, { anchors: roots, intermediates, revocationLists: [] }, Date.now());
    }
  }
  if (server) requireServerCertificate(server);
  if (own && !store.keepCertificate('station', own)) throw new XmError('certificate-other-key');
  if (server) store.keepPeerCertificate('server', server);
  if (given) store.keepAuthority(roots);
  return [own, server, ...(given ? roots : [])].filter(one => one !== undefined);
}

/** At least one. Throws `file-unreadable` and `certificate-invalid`. */
function read(file: string): Certificate[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new XmError('file-unreadable', { file, detail: (error as Error).message }, { cause: error });
  }
  const certificates = readCertificates(bytes);
  if (certificates.length === 0) throw new XmError('certificate-invalid', { detail: file });
  return certificates;
}
