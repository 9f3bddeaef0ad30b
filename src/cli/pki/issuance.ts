/** Certificates that our authority makes, as `xmserver pki` and the console's screens have them made, each with its journal. */
import type { KeyObject } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Queryable } from '../../db/database.ts';
import { issueCertificate } from '../../pki/authority.ts';
import { type Certificate, certificatePem, subjectOf } from '../../pki/certificate.ts';
import type { KeyStore } from '../../pki/key-store.ts';
import { readName } from '../../pki/name.ts';
import { clockMs, fileWithJournal, type Owner, type Registry, writeOutput, yearMs } from './session.ts';

export const issuedYears = 2;
export const serverYears = 5;
export const defaultName = 'XMServer';

export interface IssueOrder {
  readonly publicKey: KeyObject;
  readonly name: string;
  readonly owner: Owner;
  readonly hosts?: readonly string[];
  readonly years: number;
  /** A new file for the certificate and what leads to its authority. */
  readonly out: string;
}

/**
 * The certificate is filed and written, or neither. `also` is still of the transaction. Throws `file-exists`,
 * `file-unwritable`, `certificate-known`, and what the authority's key may throw.
 */
export async function issueToFile(
  registry: Registry,
  { publicKey, name, owner, hosts = [], years, out }: IssueOrder,
  also?: (connection: Queryable, made: Certificate) => Promise<unknown>,
): Promise<Certificate> {
  const { store, system, now, operator } = registry;
  const certificate = issueCertificate(store.authority(), {
    subject: {
      commonName: name,
      ...(owner.client === undefined ? {} : { serialNumber: `${owner.client}` }),
    },
    publicKey,
    role: owner.role,
    hosts,
    notBefore: now - clockMs,
    notAfter: now + years * yearMs,
  });
  let isWritten = false;
  try {
    await system.transaction(async connection => {
      await fileWithJournal(connection, 'certificate-issue', certificate, owner, operator);
      await also?.(connection, certificate);
      writeOutput(out, certificatePem(certificate, ...store.authorityChain(now)));
      isWritten = true;
    });
  } catch (error) {
    if (isWritten) rmSync(out, { force: true });
    throw error;
  }
  return certificate;
}

export interface Generation {
  readonly kind: 'ec' | 'rsa';
  readonly commonName: string;
  readonly years: number;
}

/** A further generation of the server's key. The older ones stay, and are accepted until their end. */
export async function newServerKey(
  { store, system, now, operator }: Registry,
  act: 'server-key' | 'server-renew',
  { kind, commonName, years }: Generation,
): Promise<Certificate> {
  const authority = store.authority();
  const certificate = issueCertificate(authority, {
    subject: { commonName },
    publicKey: store.pendingKey('server', kind).publicKey,
    role: 'server',
    notBefore: now - clockMs,
    notAfter: now + years * yearMs,
  });
  await system.transaction(connection =>
    fileWithJournal(connection, act, certificate, { role: 'server' }, operator),
  );
  // Cut off before this line, the key waits, and the next call gives it a certificate anew.
  store.keepCertificate('server', certificate, store.authorityChain(now));
  return certificate;
}

/** The name of the generation before: the end of one that has a successor of its name is not warned of. */
export function serverName(store: KeyStore): string {
  const last = store.certificates('server').at(-1);
  return (last && readName(subjectOf(last.certificate)).commonName) || defaultName;
}
