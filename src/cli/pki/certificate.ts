/** `pki list`, `show`, `issue`, `warnings`. */
import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { XmError } from '../../core/errors.ts';
import { hex } from '../../core/message.ts';
import {
  endingCertificates,
  findCertificate,
  listCertificates,
  type StoredCertificate,
} from '../../db/system/certificate.ts';
import { readCertificate } from '../../pki/certificate.ts';
import { expiryWarnings, firstWarningMs } from '../../pki/expiry.ts';
import { type KeyPair, makeKey, writeKeyFile } from '../../pki/key-file.ts';
import { readRequest } from '../../pki/request.ts';
import { issuedYears, issueToFile } from './issuance.ts';
import { described, ofAuthority, ofStored, pageOf, tableOf } from './listing.ts';
import {
  type Answer,
  clientOf,
  columns,
  day,
  hostsOf,
  keyIdFrom,
  needed,
  oneOf,
  type PkiSession,
  passphraseOf,
  readInput,
  registryOf,
  requireFree,
  requireSameFingerprint,
  roles,
  yearsOf,
} from './session.ts';

const pageSize = 1_000;

export async function list(session: PkiSession): Promise<Answer> {
  const { system, flags } = session;
  const client = await clientOf(session);
  const role = flags.role === undefined ? undefined : oneOf(session, '--role', flags.role, roles);
  const filter = { client: client?.matricule, role };
  // Described page by page: a hundred thousand certificates are more than their keys would leave room for.
  const listed = client || role ? [] : ofAuthority(session).map(one => described(session, one));
  let after: StoredCertificate | undefined;
  do {
    const rows = await listCertificates(system, filter, pageSize, after);
    for (const row of rows) listed.push(described(session, ofStored(row)));
    after = rows.length === pageSize ? rows.at(-1) : undefined;
  } while (after);
  return tableOf(session, listed);
}

export async function show(session: PkiSession, args: readonly string[]): Promise<Answer> {
  const what = needed(session, session.texts.keyOrFile, args[0]);
  const keyId = keyIdFrom(what);
  if (keyId && !existsSync(what)) {
    const stored = await findCertificate(session.system, keyId);
    if (stored) return pageOf(session, ofStored(stored));
    const own = ofAuthority(session).find(({ certificate }) => hex(certificate.keyId) === hex(keyId));
    if (own) return pageOf(session, own);
    throw new XmError('certificate-unknown', { id: what });
  }
  const bytes = readInput(what);
  if (bytes.includes('CERTIFICATE REQUEST-----')) return showRequest(session, bytes);
  const certificate = readCertificate(bytes);
  const stored = await findCertificate(session.system, certificate.keyId);
  const known = stored && Buffer.from(stored.der).equals(certificate.der);
  return pageOf(session, known ? ofStored(stored) : { certificate });
}

function showRequest({ texts }: PkiSession, bytes: Buffer): Answer {
  const { subject, keyId, fingerprint } = readRequest(bytes);
  const rows = [
    [texts.subject, [subject.commonName, subject.serialNumber].filter(Boolean).join(', ')],
    [texts.key, hex(keyId)],
    [texts.fingerprint, fingerprint],
  ];
  return { json: { subject, key: hex(keyId), fingerprint }, lines: columns(rows) };
}

/** A certificate for somebody whose key is made here, or who brought a request. */
export async function issue(session: PkiSession): Promise<Answer> {
  const { flags, texts } = session;
  const role = oneOf(session, '--role', flags.role, roles);
  const out = needed(session, '--out', flags.out);
  const files = { key: `${out}.key`, certificate: `${out}.crt` };
  const client = await clientOf(session);
  const { name, publicKey, made } = keyToCertify(session);
  const written = made ? [files.key, files.certificate] : [files.certificate];
  written.forEach(requireFree);
  const order = {
    publicKey,
    name: needed(session, '--name', flags.name ?? client?.name ?? name),
    owner: { client: client?.matricule, role },
    hosts: hostsOf(session),
    years: yearsOf(session, issuedYears),
    out: files.certificate,
  };
  // Before the key is written: without the authority's there is nothing to write it for.
  session.store.authority();
  if (made) writeKeyFile(files.key, made.privateKey, passphraseOf(flags));
  const certificate = await issueToFile(registryOf(session), order);
  const { json, lines } = pageOf(session, { certificate, role });
  return {
    json: { ...json, files: written },
    lines: [...lines, ...columns([[texts.files, written.join(', ')]])],
  };
}

interface KeyToCertify {
  readonly publicKey: KeyObject;
  /** As the request names its holder. */
  readonly name?: string;
  readonly made?: KeyPair;
}

function keyToCertify(session: PkiSession): KeyToCertify {
  const { flags } = session;
  if (flags.request === undefined) {
    const made = makeKey(flags.rsa ? 'rsa' : 'ec');
    return { publicKey: made.publicKey, made };
  }
  const request = readRequest(readInput(flags.request));
  requireSameFingerprint(session, flags.request, request.fingerprint);
  return { publicKey: request.publicKey, name: request.subject.commonName };
}

/** The authority's own end counts, too, of each root: a station that was not given the newest one trusts the older. */
export async function warnings(session: PkiSession): Promise<Answer> {
  const { system, texts, now } = session;
  const ending = await endingCertificates(system, now + firstWarningMs);
  const roots = ofAuthority(session).filter(({ certificate }, at) => at === 0 || now <= certificate.notAfter);
  const listed = [...roots, ...ending.map(ofStored)].map(({ certificate, role, stored }) => ({
    owner: `${role} ${role === 'authority' ? hex(certificate.keyId) : (stored?.client ?? certificate.subject)}`,
    notAfter: certificate.notAfter,
    certificate,
    role,
    client: stored?.client,
  }));
  const due = expiryWarnings(listed, now);
  return {
    json: due.map(({ certificate: { certificate, role, client }, daysLeft, week }) => ({
      key: hex(certificate.keyId),
      role,
      client,
      subject: certificate.subject,
      notAfter: new Date(certificate.notAfter).toISOString(),
      daysLeft,
      week,
    })),
    lines:
      due.length === 0
        ? [texts.none]
        : columns(
            due.map(({ certificate: { certificate, role }, daysLeft }) => [
              hex(certificate.keyId),
              role ? texts.roles[role] : '',
              day(certificate.notAfter),
              texts.daysLeft(daysLeft),
              certificate.subject,
            ]),
          ),
  };
}
