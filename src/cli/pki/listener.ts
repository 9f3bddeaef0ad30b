/** `pki broker-cert`: key and certificate for a TLS listener of another program, Mosquitto's or PostgreSQL's. */
import { issueCertificate } from '../../pki/authority.ts';
import { certificatePem } from '../../pki/certificate.ts';
import { makeKey, writeKeyFile } from '../../pki/key-file.ts';
import { pageOf } from './listing.ts';
import {
  type Answer,
  clockMs,
  columns,
  fileWithJournal,
  hostsOf,
  needed,
  type PkiSession,
  passphraseOf,
  requireFree,
  writeOutput,
  yearMs,
  yearsOf,
} from './session.ts';

const listenerYears = 5;

/** Named after its first host. Filed among the server's: its end is warned of, and it can be revoked. */
export async function makeListenerCertificate(session: PkiSession): Promise<Answer> {
  const { store, system, flags, texts, now } = session;
  const [commonName, ...others] = hostsOf(session);
  const host = needed(session, '--host', commonName);
  const out = needed(session, '--out', flags.out);
  const files = { key: `${out}.key`, certificate: `${out}.crt` };
  Object.values(files).forEach(requireFree);
  const { publicKey, privateKey } = makeKey(flags.rsa ? 'rsa' : 'ec');
  const certificate = issueCertificate(store.authority(), {
    subject: { commonName: host },
    hosts: [host, ...others],
    publicKey,
    role: 'listener',
    notBefore: now - clockMs,
    notAfter: now + yearsOf(session, listenerYears) * yearMs,
  });
  writeKeyFile(files.key, privateKey, passphraseOf(flags));
  await system.transaction(connection =>
    fileWithJournal(connection, 'certificate-issue', certificate, { role: 'server' }),
  );
  writeOutput(files.certificate, certificatePem(certificate, ...store.authorityChain(now)));
  const { json, lines } = pageOf(session, { certificate, role: 'server' });
  const written = Object.values(files);
  return {
    json: { ...json, hosts: [host, ...others], files: written },
    lines: [...lines, ...columns([[texts.files, written.join(', ')]])],
  };
}
