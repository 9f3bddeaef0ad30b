/** A station's folder opened: its keys, its server's certificates, its database. */
import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type DataFolder, StationFolder, type StationSettings } from '../config.ts';
import { XmError } from '../core/errors.ts';
import type { KeyId } from '../core/message.ts';
import type { PublicKeyRef } from '../core/ports.ts';
import type { StationStore } from '../core/station-ports.ts';
import { Database } from '../db/database.ts';
import { PostgresStationStore } from '../db/station-store.ts';
import { accepted, signerOf } from '../pki/generation.ts';
import { type KeyGeneration, KeyStore } from '../pki/key-store.ts';
import { brokerConnection, databaseConnection } from './secure-connection.ts';

/** A key with its certificate, as sealing and opening take it. */
export interface Identity {
  readonly keyId: KeyId;
  readonly privateKey: KeyObject;
  readonly certificate: Uint8Array;
}

export interface OpenStation {
  readonly settings: StationSettings;
  /** How its broker is reached. */
  readonly broker: ReturnType<typeof brokerConnection>;
  /** What opens, the newest first, and what signs. */
  readonly identities: readonly Identity[];
  readonly signer: Identity;
  /** The server's certificates, the newest first. */
  readonly servers: readonly [PublicKeyRef, ...PublicKeyRef[]];
  readonly store: StationStore;
  readonly brokerPassword: string;
  close(): Promise<void>;
}

/** Throws `station-not-ready` where a part is missing; `certificate-expired` where no certificate is in date. */
export function openStation(data: DataFolder): OpenStation {
  const place = data.at('station');
  if (!existsSync(place)) throw new XmError('station-not-ready', { folder: place });
  const folder = new StationFolder(place);
  const { matricule, database, broker } = folder.settings;
  const keys = new KeyStore(place);
  const generations = keys.generations('station');
  const [server, ...formerServers] = keys.peerCertificates('server', Date.now());
  if (!matricule || !database || !broker || generations.length === 0 || !server) {
    throw new XmError('station-not-ready', { folder: place });
  }
  // The server has made the certificate, so it knows the key: no lead is needed.
  const signer = signerOf(generations, Date.now(), 0);
  if (!signer) throw new XmError('certificate-expired');
  const connection = databaseConnection(folder, database);
  const password = folder.secret('database-password') ?? '';
  const db = new Database({ ...connection, database: database.name, password }, 'xmstation', 3);
  return {
    settings: { matricule, database, broker },
    broker: brokerConnection(folder, broker),
    identities: accepted(generations, Date.now()).map(identityOf),
    signer: identityOf(signer),
    servers: [server, ...formerServers],
    store: new PostgresStationStore(db),
    brokerPassword: folder.secret('broker-password') ?? '',
    close: () => db.close(),
  };
}

export function identityOf({ certificate, privateKey }: KeyGeneration): Identity {
  return { keyId: certificate.keyId, privateKey, certificate: certificate.der };
}
