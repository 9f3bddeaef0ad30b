/** Certificates as `xmserver pki` shows them: a table of many, a page of one, JSON of both. */
import { hex } from '../../core/message.ts';
import type { StoredCertificate } from '../../db/system/certificate.ts';
import type { Role } from '../../pki/authority.ts';
import { type Certificate, readCertificate } from '../../pki/certificate.ts';
import { spokenFingerprint } from '../../pki/request.ts';
import { type Answer, columns, type PkiSession } from './session.ts';

export interface Listed {
  readonly certificate: Certificate;
  /** Undefined: of a file, and not known here. */
  readonly role?: Role | 'authority';
  readonly stored?: StoredCertificate;
}

export function ofStored(stored: StoredCertificate): Listed {
  return { certificate: readCertificate(stored.der), role: stored.role, stored };
}

/** The roots of our authority, the newest first; none where this machine has none. */
export function ofAuthority({ store }: PkiSession): Listed[] {
  return store.authorityCertificates().map(certificate => ({ certificate, role: 'authority' }));
}

export function described(session: PkiSession, { certificate, role, stored }: Listed) {
  return {
    key: hex(certificate.keyId),
    role,
    client: stored?.client,
    subject: certificate.subject,
    issuer: certificate.issuer,
    serial: certificate.serial,
    notBefore: new Date(certificate.notBefore).toISOString(),
    notAfter: new Date(certificate.notAfter).toISOString(),
    sha256: certificate.fingerprint,
    fingerprint: spokenFingerprint(certificate.spki),
    state: stateOf(session, { certificate, ...(stored ? { stored } : {}) }),
    revokedAt: stored?.revokedAt === undefined ? undefined : new Date(stored.revokedAt).toISOString(),
    revocationReason: stored?.revocationReason,
  };
}

export function stateOf(
  { now }: Pick<PkiSession, 'now'>,
  { certificate, stored }: Pick<Listed, 'certificate' | 'stored'>,
): 'valid' | 'future' | 'ended' | 'revoked' {
  if (stored?.revokedAt !== undefined) return 'revoked';
  if (now < certificate.notBefore) return 'future';
  return now > certificate.notAfter ? 'ended' : 'valid';
}

export type Description = ReturnType<typeof described>;

export function tableOf({ texts }: PkiSession, listed: readonly Description[]): Answer {
  const head = [texts.key, texts.role, texts.state, texts.until, texts.subject];
  const rows = listed.map(({ key, role, state, notAfter, subject }) => [
    key,
    role ? texts.roles[role] : '',
    texts.states[state],
    notAfter.slice(0, 10),
    subject,
  ]);
  return { json: listed, lines: rows.length === 0 ? [texts.none] : columns([head, ...rows]) };
}

export function pageOf(session: PkiSession, listed: Listed): Answer & { json: Description } {
  const { texts } = session;
  const json = described(session, listed);
  const revoked = [json.revokedAt?.slice(0, 10), json.revocationReason].filter(part => part !== undefined);
  const rows = [
    [texts.subject, json.subject],
    [texts.issuer, json.issuer],
    [texts.role, json.role ? texts.roles[json.role] : ''],
    [texts.client, json.client === undefined ? '' : String(json.client)],
    [texts.key, json.key],
    [texts.serial, json.serial],
    [texts.from, `${json.notBefore.slice(0, 10)} ${texts.until} ${json.notAfter.slice(0, 10)}`],
    [texts.state, [texts.states[json.state], ...revoked].join(', ')],
    [texts.sha256, json.sha256],
    [texts.fingerprint, json.fingerprint],
  ];
  return { json, lines: columns(rows.filter(([, value]) => value !== '')) };
}
