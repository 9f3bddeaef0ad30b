/** Files that come in by the console's forms: read and found good, shown, and entered as `xmserver pki` enters them. */
import type { KeyObject } from 'node:crypto';
import { basename } from 'node:path';
import { showClient } from '../core/administration/client.ts';
import { nameLimit } from '../core/administration/field.ts';
import { changeOperator, showOperator } from '../core/administration/operator.ts';
import type { Administration } from '../core/administration/ports.ts';
import { changeSignatory, showSignatory } from '../core/administration/signatory.ts';
import type {
  CertificateOwner,
  CertificateToIssue,
  CertificateToRegister,
  Intake,
  OutsideContent,
  SecurityView,
} from '../core/console-ports.ts';
import { XmError } from '../core/errors.ts';
import { hex } from '../core/message.ts';
import type { Act, Operator } from '../core/operator.ts';
import type { Database, Queryable } from '../db/database.ts';
import { administrationStoreWithin } from '../db/system/administration-store.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { KeyStore } from '../pki/key-store.ts';
import { readRequest } from '../pki/request.ts';
import { isRevocationList } from '../pki/revocation-list.ts';
import { authorityRow, detailOf, holderOf } from './console-certificate.ts';
import { issueToFile } from './pki/issuance.ts';
import {
  namedBy,
  type OutsideAuthority,
  readAuthorities,
  readCertified,
  readOutsideList,
  register,
  requireNew,
  requireRegistrable,
  takeInList,
  trustAuthorities,
} from './pki/outside.ts';
import { day, type Owner, type Registry, yearMs } from './pki/session.ts';
import { readTyped, requireWritable, typedPath } from './typed-path.ts';

export interface IntakeParts {
  readonly system: Database;
  readonly store: KeyStore;
  readonly administration: Administration;
  readonly operator: Operator;
  /** For an act; asks again whether the operator may. */
  readonly registry: (act: Act) => Promise<Registry>;
}

/** Whose it is to be, as he stands in the database. */
interface NamedOwner extends Owner {
  /** Absent: the server. */
  readonly name?: string;
  readonly shown?: string;
  /** What else is changed with it, in the same transaction. */
  readonly also?: (connection: Queryable, certificate: Certificate) => Promise<unknown>;
}

type IssueOrder = Parameters<SecurityView['issuance']>[0];

export class ConsoleIntake {
  readonly #parts: IntakeParts;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  async registration(
    file: string,
    passphrase: string,
    owner: CertificateOwner,
  ): Promise<Intake<CertificateToRegister>> {
    const { also, shown, name: _name, ...entered } = await this.#named(owner);
    const { system, store, registry } = this.#parts;
    const bytes = readTyped(file);
    const { privateKey, ...rest } = readCertified(basename(file), bytes, passphrase || undefined, owner.role);
    // That of somebody else has no business here.
    const found = owner.role === 'server' && privateKey ? { ...rest, privateKey } : rest;
    const { certificate } = found;
    const now = Date.now();
    await requireRegistrable({ store, system, now }, found, entered);
    const { keyId, der, notBefore, notAfter } = certificate;
    const { client, role } = entered;
    return {
      content: {
        ...detailOf(
          { keyId, der, notBefore, notAfter, role, ...(client === undefined ? {} : { client }) },
          now,
        ),
        ...(shown === undefined ? {} : { owner: shown }),
        keyKind: keyKind(certificate.publicKey),
        hasPrivateKey: privateKey !== undefined,
      },
      enter: async () => {
        const acting = await registry('certificate-import');
        await system.transaction(async connection => {
          await register(acting, connection, found, entered);
          await also?.(connection, certificate);
        });
      },
    };
  }

  async issuance({ file, out, owner, years }: IssueOrder): Promise<Intake<CertificateToIssue>> {
    const { also, name = '', shown = '', ...entered } = await this.#named(owner);
    const { store, system, registry } = this.#parts;
    const { subject, publicKey, keyId, fingerprint } = readRequest(readTyped(file));
    const path = typedPath(out);
    requireWritable(out);
    const end = store.authority().certificate.notAfter;
    const notAfter = Math.min(end, Date.now() + years * yearMs);
    // Before anybody is called: the key may be somebody else's, or be revoked.
    await requireNew(system, { keyId, subject: subject.commonName, notAfter }, entered);
    return {
      content: {
        owner: shown,
        asked: subject.commonName,
        holder: name,
        keyKind: keyKind(publicKey),
        key: hex(keyId),
        fingerprint,
        notAfter,
        out,
      },
      enter: async () => {
        const acting = await registry('certificate-issue');
        await issueToFile(acting, { publicKey, name, owner: entered, years, out: path }, also);
      },
    };
  }

  async outside(file: string): Promise<Intake<OutsideContent>> {
    const bytes = readTyped(file);
    return isRevocationList(bytes) ? this.#list(bytes) : this.#authorities(basename(file), bytes);
  }

  async #list(bytes: Buffer): Promise<Intake<OutsideContent>> {
    const { system, store, registry } = this.#parts;
    const now = Date.now();
    const list = await readOutsideList({ system, now }, bytes);
    const here = (await namedBy({ store, now }, system, list)).map(({ certificate }) =>
      holderOf(certificate),
    );
    const { issuer, thisUpdate, nextUpdate, revoked } = list;
    return {
      content: {
        kind: 'list',
        list: { issuer: issuer.subject, thisUpdate, nextUpdate, named: revoked.size, here },
      },
      enter: async () => void (await takeInList(await registry('revocation-list-import'), list)),
    };
  }

  async #authorities(file: string, bytes: Buffer): Promise<Intake<OutsideContent>> {
    const found = readAuthorities(file, bytes);
    for (const one of found) requireInDate(one);
    const { registry } = this.#parts;
    return {
      content: { kind: 'authorities', authorities: found.map(authorityRow) },
      enter: async () => trustAuthorities(await registry('authority-trust'), found),
    };
  }

  /** Throws `client-unknown`, `operator-unknown`, `signatory-unknown`. */
  async #named(owner: CertificateOwner): Promise<NamedOwner> {
    const { administration, operator } = this.#parts;
    if (owner.role === 'server') return { role: 'server' };
    if (owner.role === 'station') {
      const { matricule, name } = await showClient(administration, operator, owner.client);
      return { role: 'station', client: matricule, name, shown: `${matricule} ${name}` };
    }
    if (owner.role === 'operator') {
      const { userName, name } = await showOperator(administration, operator, owner.userName);
      const also = (connection: Queryable, certificate: Certificate) =>
        changeOperator(within(administration, connection), operator, userName, {
          certificateName: holderOf(certificate).slice(0, nameLimit),
        });
      return { role: 'operator', name, shown: `${userName} ${name}`, also };
    }
    const { id, client, clientName, name } = await showSignatory(administration, operator, owner.id);
    const also = (connection: Queryable, certificate: Certificate) =>
      changeSignatory(within(administration, connection), operator, id, {
        certificate: hex(certificate.keyId),
      });
    return { role: 'signatory', client, name, shown: `${name} (${client} ${clientName})`, also };
  }
}

/** The rules of administration, in a transaction that is under way. */
function within(administration: Administration, connection: Queryable): Administration {
  return { ...administration, store: administrationStoreWithin(connection) };
}

function keyKind({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  return asymmetricKeyType === 'ec' ? 'EC P-256' : `RSA ${asymmetricKeyDetails?.modulusLength ?? ''}`;
}

/** What has ended vouches for nothing. */
function requireInDate({ subject, notBefore, notAfter }: OutsideAuthority): void {
  const now = Date.now();
  if (now >= notBefore && now <= notAfter) return;
  throw new XmError('certificate-period', { subject, from: day(notBefore), until: day(notAfter) });
}
