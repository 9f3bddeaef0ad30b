/** Brokers and PostgreSQL over TLS: whom an installation or a station believes, and as whom it comes. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { getCACertificates } from 'node:tls';
import type { BrokerConnection, DataFolder, StationFolder } from '../config.ts';
import type { DatabaseServer } from '../core/database-server.ts';
import { XmError } from '../core/errors.ts';
import type { DatabaseSettings } from '../db/database.ts';
import { tlsOptions } from '../db/tls.ts';
import { environmentPassphrase } from '../environment.ts';
import type { LinkOptions } from '../mqtt/link.ts';
import { certificatePem, readCertificates } from '../pki/certificate.ts';
import { readKeyFile } from '../pki/key-file.ts';

type Folder = DataFolder | StationFolder;

/** What a link takes from the settings. Throws `file-unreadable`, `certificate-invalid`, `key-invalid`, `key-passphrase`. */
export function brokerConnection(
  folder: Folder,
  { ca, certificate, key, groups, keepAliveS }: BrokerConnection,
): Pick<LinkOptions, 'ca' | 'certificate' | 'key' | 'groups'> & { readonly keepAliveS?: number } {
  const trusted = trustedAuthorities(folder, ca);
  return {
    ...(trusted === undefined ? {} : { ca: trusted }),
    ...(certificate === undefined ? {} : { certificate: pemOf(folder, certificate).join('') }),
    ...(key === undefined ? {} : { key: keyPem(folder, key) }),
    ...(groups === undefined ? {} : { groups }),
    ...(keepAliveS === undefined ? {} : { keepAliveS }),
  };
}

/** Host, port, user and TLS as the settings have them. Throws `file-unreadable`, `certificate-invalid`. */
export function databaseConnection(
  folder: Folder,
  { host, port, user, sslmode, ca }: DatabaseServer,
): Omit<DatabaseSettings, 'database' | 'password'> {
  // Without a mode PGSSLMODE decides, as for libpq's own programs.
  if (sslmode === undefined) return { host, port, user };
  const verifies = sslmode === 'verify-ca' || sslmode === 'verify-full';
  return {
    host,
    port,
    user,
    ssl: tlsOptions(sslmode, verifies ? trustedAuthorities(folder, ca) : undefined),
  };
}

/**
 * PEM certificates of the authorities that are believed: those of the file, and no others. Without one the system's,
 * and our own authority where it is known here. Undefined: the system's alone.
 */
function trustedAuthorities(folder: Folder, file: string | undefined): string[] | undefined {
  if (file !== undefined) return pemOf(folder, file);
  const own = folder.at('certificates', 'authority.crt');
  return existsSync(own) ? [...getCACertificates('default'), ...pemOf(folder, own)] : undefined;
}

/** Certificates of a file, PEM each; its path is as seen from the folder. */
function pemOf(folder: Folder, file: string): string[] {
  const path = resolve(folder.path, file);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new XmError('file-unreadable', { file: path, detail: (error as Error).message }, { cause: error });
  }
  const certificates = readCertificates(bytes);
  if (certificates.length === 0) throw new XmError('certificate-invalid', { detail: path });
  return certificates.map(one => certificatePem(one));
}

function keyPem(folder: Folder, file: string): string {
  const key = readKeyFile(resolve(folder.path, file), environmentPassphrase());
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Copies certificates into the folder, so that they go where it goes; returns the path as the settings have it. */
export function keepCertificates(folder: Folder, file: string, name: string): string {
  return keepCopy(folder, ['certificates', `${name}.crt`], pemOf(folder, resolve(file)).join(''));
}

/** As `keepCertificates`; the key stays encrypted if it is. Throws `key-invalid`, `key-passphrase`. */
export function keepKey(folder: Folder, file: string, name: string): string {
  readKeyFile(file, environmentPassphrase());
  return keepCopy(folder, ['secrets', `${name}.key`], readFileSync(file));
}

function keepCopy(folder: Folder, place: readonly string[], content: string | Uint8Array): string {
  const file = folder.at(...place);
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return place.join('/');
}
