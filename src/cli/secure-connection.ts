/** Brokers and PostgreSQL over TLS: whom an installation or a station believes, and as whom it comes. */
import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { getCACertificates } from 'node:tls';
import type { BrokerConnection, DataFolder, StationFolder } from '../config.ts';
import { keyNameOf } from '../core/administration/broker.ts';
import { certificateFacts, subjectsOf } from '../core/administration/broker-certificate.ts';
import type { BrokerTerms } from '../core/administration/ports.ts';
import type { DatabaseServer } from '../core/database-server.ts';
import { XmError } from '../core/errors.ts';
import type { DatabaseSettings } from '../db/database.ts';
import type { BrokerSettings } from '../db/system/setting.ts';
import { tlsOptions } from '../db/tls.ts';
import { environmentPassphrase } from '../environment.ts';
import type { LinkOptions } from '../mqtt/link.ts';
import type { ProbeOptions } from '../mqtt/probe/probe.ts';
import { certificatePem, readCertificates } from '../pki/certificate.ts';
import { readKeyFile } from '../pki/key-file.ts';

type Folder = DataFolder | StationFolder;

/** What a link takes from the settings. Throws `file-unreadable`, `certificate-invalid`, `key-invalid`, `key-passphrase`. */
export function brokerConnection(
  folder: Folder,
  { ca, certificate, key, groups, keepAliveS }: BrokerConnection,
): Pick<LinkOptions, 'ca' | 'authority' | 'certificate' | 'key' | 'groups'> & {
  readonly keepAliveS?: number;
} {
  const trusted = trustedAuthorities(folder, ca);
  return {
    ...(trusted === undefined ? {} : { ca: trusted }),
    ...(ca === undefined || trusted === undefined ? {} : { authority: subjectsOf(trusted.join('')) }),
    ...(certificate === undefined ? {} : { certificate: pemOf(folder, certificate).join('') }),
    ...(key === undefined ? {} : { key: keyPem(folder, key) }),
    ...(groups === undefined ? {} : { groups }),
    ...(keepAliveS === undefined ? {} : { keepAliveS }),
  };
}

/**
 * How this machine speaks to a broker of the database: as the database says, but for what config.json has of its own.
 * Throws as `brokerConnection`.
 */
export function serverConnection(
  folder: DataFolder,
  { mqttVersion, keepAliveS, authority, clientCertificate, clientKey }: BrokerTerms,
): Pick<LinkOptions, 'ca' | 'authority' | 'certificate' | 'key' | 'groups' | 'keepAliveS' | 'mqttVersion'> {
  const own = folder.settings.broker ?? {};
  const key = own.key ?? (clientKey === undefined ? undefined : `secrets/${clientKey}`);
  const isNamed = own.ca === undefined && authority !== undefined;
  return {
    keepAliveS,
    ...(mqttVersion === undefined ? {} : { mqttVersion }),
    ...(clientCertificate === undefined ? {} : { certificate: clientCertificate }),
    ...brokerConnection(folder, { ...own, ...(key === undefined ? {} : { key }) }),
    ...(isNamed ? { ca: [authority], authority: subjectsOf(authority) } : {}),
  };
}

/** As an engine of this machine speaks to it. Throws as `brokerConnection`. */
export function probeOptions(folder: DataFolder, broker: BrokerSettings): ProbeOptions {
  const { url, userName, password } = broker;
  const { mqttVersion, ...connection } = serverConnection(folder, broker);
  return {
    url,
    ...(userName === undefined ? {} : { userName }),
    ...(password === undefined ? {} : { password }),
    ...connection,
    ...(mqttVersion === undefined ? {} : { versions: [mqttVersion] }),
  };
}

/** What config.json has of its own about brokers, which goes before what the database says: by its names there. */
export function ownBrokerSettings(folder: DataFolder): string[] {
  const { ca, certificate, key, keepAliveS } = folder.settings.broker ?? {};
  return Object.entries({ ca, certificate, key, keepAliveS }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
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
  const certificates = readCertificates(bytesOf(path));
  if (certificates.length === 0) throw new XmError('certificate-invalid', { detail: path });
  return certificates.map(one => certificatePem(one));
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new XmError('file-unreadable', { file: path, detail: (error as Error).message }, { cause: error });
  }
}

function keyPem(folder: Folder, file: string): string {
  const key = readKeyFile(resolve(folder.path, file), environmentPassphrase());
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Certificates of a file, as PEM. Throws `file-unreadable`, `certificate-invalid`, `broker-certificate-ended`. */
export function readBrokerCertificates(folder: Folder, file: string, now: number): string {
  const text = pemOf(folder, resolve(file)).join('');
  for (const { subject, notAfter } of certificateFacts(text)) {
    const until = new Date(notAfter).toISOString().slice(0, 10);
    if (notAfter < now) throw new XmError('broker-certificate-ended', { subject, until });
  }
  return text;
}

/**
 * The name under which secrets/ has the key of this certificate: it is there already, or copied from where it is.
 * Never over another file: a key that is overwritten is lost for ever. Throws `file-unreadable`, `key-invalid`,
 * `key-passphrase`, `broker-key-other`, `broker-key-name`, `file-exists`.
 */
export function keepBrokerKey(folder: DataFolder, file: string, certificate: string): string {
  const name = keyNameOf(basename(file));
  const place = folder.at('secrets', name);
  const from = name === file && existsSync(place) ? place : resolve(file);
  const content = bytesOf(from);
  const key = createPublicKey(readKeyFile(from, environmentPassphrase()));
  const [own] = readCertificates(certificate);
  if (own && !own.publicKey.equals(key)) {
    throw new XmError('broker-key-other', { file: from, subject: own.subject });
  }
  if (from === place) return name;
  if (!existsSync(place)) keepCopy(folder, ['secrets', name], content);
  else if (!content.equals(readFileSync(place))) throw new XmError('file-exists', { file: place });
  return name;
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
