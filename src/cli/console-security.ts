/** Certificates and requests, as the console's screens see them and act on them. */
import type {
  CertificateDetail,
  CertificateRequestRow,
  CertificateRow,
  RevocationChoice,
  SecurityOverview,
  SecurityView,
} from '../core/console-ports.ts';
import { XmError } from '../core/errors.ts';
import { hex } from '../core/message.ts';
import { type Act, demand, type Operator } from '../core/operator.ts';
import type { Page, PageRequest } from '../core/page.ts';
import type { Database } from '../db/database.ts';
import { countEnding, findCertificate, type StoredCertificate } from '../db/system/certificate.ts';
import { certificatePage, countWaitingRequests, requestPage } from '../db/system/certificate-page.ts';
import { privilegeOf } from '../db/system/operator-sheet.ts';
import { type Certificate, readCertificate, subjectOf } from '../pki/certificate.ts';
import { firstWarningMs } from '../pki/expiry.ts';
import type { KeyStore } from '../pki/key-store.ts';
import { readName } from '../pki/name.ts';
import { spokenFingerprint } from '../pki/request.ts';
import { stateOf } from './pki/listing.ts';
import { acceptWaiting, refuseWaiting, withdraw } from './pki/registry.ts';
import { fileOwnCertificates, keyIdFrom, type Registry } from './pki/session.ts';

interface SecurityParts {
  readonly system: Database;
  readonly store: KeyStore;
}

export class ConsoleSecurity implements SecurityView {
  readonly #parts: SecurityParts;
  readonly #operator: () => Operator | undefined;

  /** `operator`: who is logged in. */
  constructor(parts: SecurityParts, operator: () => Operator | undefined) {
    this.#parts = parts;
    this.#operator = operator;
  }

  async overview(): Promise<SecurityOverview> {
    demand(this.#operator(), 'certificates-view');
    const { system, store } = this.#parts;
    await fileOwnCertificates({ store, system });
    const authority = store.authorityCertificate();
    const ending = await countEnding(system, Date.now() + firstWarningMs);
    return {
      ...(authority ? { authority: { holder: holderOf(authority), notAfter: authority.notAfter } } : {}),
      ...(ending ? { ending } : {}),
      waiting: await countWaitingRequests(system),
    };
  }

  async certificates(request: PageRequest, all: boolean): Promise<Page<CertificateRow>> {
    demand(this.#operator(), 'certificates-view');
    const now = Date.now();
    const rows = await certificatePage(this.#parts.system, request, { now, all });
    return { rows: rows.map(row => detailOf(row, now)) };
  }

  async certificate(key: string): Promise<CertificateDetail> {
    demand(this.#operator(), 'certificates-view');
    const stored = await findCertificate(this.#parts.system, Buffer.from(key, 'hex'));
    if (!stored) throw new XmError('certificate-unknown', { id: key });
    return detailOf(stored, Date.now());
  }

  async requests(request: PageRequest): Promise<Page<CertificateRequestRow>> {
    demand(this.#operator(), 'certificates-view');
    const rows = await requestPage(this.#parts.system, request);
    return { rows: rows.map(({ der: _der, ...row }) => ({ ...row, key: `${row.id}` })) };
  }

  async accept(id: number, fingerprint: string): Promise<void> {
    await acceptWaiting(await this.#registry('request-accept'), id, fingerprint);
  }

  async refuse(id: number, reason: string): Promise<void> {
    await refuseWaiting(await this.#registry('request-refuse'), id, reason);
  }

  async revoke(key: string, reason: RevocationChoice): Promise<void> {
    const keyId = keyIdFrom(key);
    if (!keyId) throw new XmError('certificate-unknown', { id: key });
    await withdraw(await this.#registry('certificate-revoke'), keyId, reason);
  }

  /** As the operator stands now: who has been suspended since he logged in acts no more. */
  async #registry(act: Act): Promise<Registry> {
    const { system, store } = this.#parts;
    const operator = this.#operator();
    const privilege = operator && (await privilegeOf(system, operator.id));
    const actor = operator && { ...operator, privilege: privilege ?? 0 };
    demand(actor, act);
    return { store, system, now: Date.now(), operator: actor?.userName ?? '' };
  }
}

/** The common name where it has one: role and client stand beside it. */
function holderOf(certificate: Certificate): string {
  try {
    return readName(subjectOf(certificate)).commonName;
  } catch {
    return certificate.subject;
  }
}

function detailOf(stored: StoredCertificate, now: number): CertificateDetail {
  const { role, client, revokedAt, revocationReason } = stored;
  const certificate = readCertificate(stored.der);
  const { keyId, issuer, serial, spki, notBefore, notAfter, fingerprint } = certificate;
  return {
    key: hex(keyId),
    role,
    holder: holderOf(certificate),
    issuer,
    serial,
    notBefore,
    notAfter,
    sha256: fingerprint,
    fingerprint: spokenFingerprint(spki),
    state: stateOf({ now }, { certificate, stored }),
    ...(client === undefined ? {} : { client }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
    ...(revocationReason === undefined ? {} : { revocationReason }),
  };
}
