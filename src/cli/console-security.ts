/** Certificates and requests, as the console's screens see them and act on them. */

import type { Administration } from '../core/administration/ports.ts';
import type {
  AuthorityRow,
  CertificateDetail,
  CertificateOwner,
  CertificateRequestRow,
  CertificateRow,
  CertificateToIssue,
  CertificateToRegister,
  Intake,
  OutsideContent,
  PublishedList,
  RevocationChoice,
  SecurityOverview,
  SecurityView,
} from '../core/console-ports.ts';
import { XmError } from '../core/errors.ts';
import { hex } from '../core/message.ts';
import { type Act, demand, type Operator } from '../core/operator.ts';
import type { Page, PageRequest } from '../core/page.ts';
import type { Database } from '../db/database.ts';
import { countEnding, findCertificate } from '../db/system/certificate.ts';
import { certificatePage, countWaitingRequests, requestPage } from '../db/system/certificate-page.ts';
import { privilegeOf } from '../db/system/operator-sheet.ts';
import { firstWarningMs } from '../pki/expiry.ts';
import type { KeyStore } from '../pki/key-store.ts';
import { revocationListPem } from '../pki/revocation-list.ts';
import { authorityRow, detailOf, holderOf } from './console-certificate.ts';
import type { ConsoleIntake } from './console-intake.ts';
import { newServerKey, serverName } from './pki/issuance.ts';
import { outsideAuthorities, removeAuthority } from './pki/outside.ts';
import { acceptWaiting, publishLists, refuseWaiting, withdraw } from './pki/registry.ts';
import { fileOwnCertificates, keyIdFrom, type Registry, writeOutput } from './pki/session.ts';
import { requireWritable, typedPath } from './typed-path.ts';

interface SecurityParts {
  readonly system: Database;
  readonly store: KeyStore;
  readonly administration: Administration;
  readonly readOnly: boolean;
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

  async demandAuthority(): Promise<void> {
    demand(this.#operator(), 'certificates-view');
    this.#parts.store.authority();
  }

  async registration(
    file: string,
    passphrase: string,
    owner: CertificateOwner,
  ): Promise<Intake<CertificateToRegister>> {
    return (await this.#intake('certificate-import')).registration(file, passphrase, owner);
  }

  async issuance(order: Parameters<SecurityView['issuance']>[0]): Promise<Intake<CertificateToIssue>> {
    return (await this.#intake('certificate-issue')).issuance(order);
  }

  async authorities(): Promise<readonly AuthorityRow[]> {
    demand(this.#operator(), 'certificates-view');
    return (await outsideAuthorities(this.#parts.system)).map(authorityRow);
  }

  async outside(file: string): Promise<Intake<OutsideContent>> {
    return (await this.#intake('authority-trust')).outside(file);
  }

  async distrust(sha256: string): Promise<void> {
    await removeAuthority(await this.#registry('authority-distrust'), sha256);
  }

  async renewServerKey(kind: 'ec' | 'rsa', years: number): Promise<string> {
    const registry = await this.#registry('server-renew');
    const commonName = serverName(registry.store);
    return hex((await newServerKey(registry, 'server-renew', { kind, commonName, years })).keyId);
  }

  async publishLists(days: number, file: string): Promise<readonly PublishedList[]> {
    const registry = await this.#registry('revocation-list');
    const out = file === '' ? undefined : typedPath(file);
    if (out !== undefined) requireWritable(file);
    const lists = await publishLists(registry, days);
    if (out !== undefined) writeOutput(out, lists.map(({ der }) => revocationListPem(der)).join(''));
    return lists.map(({ number, revoked, nextUpdate, file: kept }) => ({
      number: Number(number),
      revoked,
      nextUpdate,
      file: file || kept,
    }));
  }

  /** What reads foreign files is loaded when it is used: a console is to open at once. */
  async #intake(act: Act): Promise<ConsoleIntake> {
    await this.#registry(act);
    const { ConsoleIntake } = await import('./console-intake.ts');
    const operator = this.#operator() as Operator;
    return new ConsoleIntake({ ...this.#parts, operator, registry: one => this.#registry(one) });
  }

  /** As the operator stands now: who has been suspended since he logged in acts no more. */
  async #registry(act: Act): Promise<Registry> {
    const { system, store, readOnly } = this.#parts;
    if (readOnly) throw new XmError('read-only');
    const operator = this.#operator();
    const privilege = operator && (await privilegeOf(system, operator.id));
    const actor = operator && { ...operator, privilege: privilege ?? 0 };
    demand(actor, act);
    return { store, system, now: Date.now(), operator: actor?.userName ?? '' };
  }
}
