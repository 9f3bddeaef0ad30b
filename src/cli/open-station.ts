/** A station's folder opened: its keys, its server's certificates, its database. */
import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type DataFolder, StationFolder, type StationSettings } from '../config.ts';
import { XmError } from '../core/errors.ts';
import { keyIdOf } from '../core/key-id.ts';
import type { KeyId } from '../core/message.ts';
import type { PublicKeyRef, Sealer } from '../core/ports.ts';
import type { StationStore } from '../core/station-ports.ts';
import { Database } from '../db/database.ts';
import { PostgresStationStore } from '../db/station-store.ts';
import { type Certificate, spkiOf } from '../pki/certificate.ts';
import { accepted, signerOf } from '../pki/generation.ts';
import type { KeyPair } from '../pki/key-file.ts';
import { type KeyGeneration, KeyStore } from '../pki/key-store.ts';
import { createSealer } from '../sdc/sealer.ts';
import { brokerConnection, databaseConnection } from './secure-connection.ts';
import { ownPostgres } from './station/own-postgres.ts';
import { upgradeStation } from './station/upgrade.ts';

/** A key as sealing and opening take it; one that waits for its certificate has none. */
export interface Identity {
  readonly keyId: KeyId;
  readonly privateKey: KeyObject;
  readonly certificate?: Uint8Array;
}

/** What a station is without its link. */
export interface OpenOffice {
  readonly settings: StationSettings;
  readonly store: StationStore;
  close(): Promise<void>;
}

export interface OpenStation extends OpenOffice {
  /** How its broker is reached. */
  readonly broker: ReturnType<typeof brokerConnection>;
  /** What opens, the newest first, as it is now: `enrol` may make a key at any time. */
  readonly identities: () => readonly Identity[];
  /** Signs with the key in use; of a station that enrols, with the one that waits. */
  readonly sealer: Sealer;
  /** The server's certificates, the newest first, as they are now: one may have been kept, or removed. */
  readonly servers: () => readonly [PublicKeyRef, ...PublicKeyRef[]];
  readonly brokerPassword: string;
}

/** Its settings and its database alone: no certificate is needed. Throws `station-not-ready`, and of PostgreSQL. */
export async function openOffice(data: DataFolder): Promise<OpenOffice> {
  const { folder, settings } = readStation(data);
  const { database } = settings;
  const login = database.embedded
    ? await ownPostgres(data)
    : {
        ...databaseConnection(folder, database),
        password: folder.secret('database-password') ?? '',
      };
  const db = new Database({ ...login, database: database.name }, 'xmstation', 3);
  try {
    await upgradeStation(db);
  } catch (error) {
    await db.close();
    throw error;
  }
  return { settings, store: new PostgresStationStore(db), close: () => db.close() };
}

/** As `openOffice`; throws `certificate-missing` or `certificate-expired` where no certificate is in date. */
export async function openStation(data: DataFolder): Promise<OpenStation> {
  const { folder, settings } = readStation(data);
  const keys = new KeyStore(folder.path);
  const generations = keys.generations('station');
  if (generations.length === 0) throw new XmError('certificate-missing');
  // The server has made the certificate, so it knows the key: no lead is needed.
  const signer = signerOf(generations, Date.now(), 0);
  if (!signer) throw new XmError('certificate-expired');
  return withKeys(data, folder, settings, keys, identityOf(signer));
}

/** As `openStation`, for the key that waits: it signs the request of its certificate itself (docs/sdc.md, "ENROL"). */
export async function openEnrolling(data: DataFolder): Promise<OpenStation & { readonly key: KeyPair }> {
  const { folder, settings } = readStation(data);
  const keys = new KeyStore(folder.path);
  const key = keys.pendingKey('station', 'ec');
  return { ...(await withKeys(data, folder, settings, keys, waitingIdentity(key))), key };
}

async function withKeys(
  data: DataFolder,
  folder: StationFolder,
  { broker, sessionKeys = true }: StationSettings,
  keys: KeyStore,
  signer: Identity,
): Promise<OpenStation> {
  const servers = serversOf(keys);
  if (!servers) throw new XmError('station-not-ready', { folder: folder.path });
  return {
    broker: brokerConnection(folder, broker),
    identities: () => identitiesOf(keys),
    sealer: createSealer({ signer, sessionKeys }),
    servers: currentServers(keys, servers),
    brokerPassword: folder.secret('broker-password') ?? '',
    // Last: what fails before has nothing open.
    ...(await openOffice(data)),
  };
}

/** The folder of a station that `init` has set up. Throws `station-not-ready`. */
export function readStation(data: DataFolder): {
  readonly folder: StationFolder;
  readonly settings: StationSettings;
} {
  const place = data.at('station');
  if (!existsSync(place)) throw new XmError('station-not-ready', { folder: place });
  const folder = new StationFolder(place);
  const { matricule, database, broker, ...others } = folder.settings;
  if (!matricule || !database || !broker) throw new XmError('station-not-ready', { folder: place });
  return { folder, settings: { matricule, database, broker, ...others } };
}

type Servers = readonly [Certificate, ...Certificate[]];

function serversOf(keys: KeyStore): Servers | undefined {
  const [newest, ...others] = keys.peerCertificates('server', Date.now());
  return newest && [newest, ...others];
}

/** Where none is left, or a file is being copied there and is not whole yet, those that were known last. */
function currentServers(keys: KeyStore, first: Servers): () => Servers {
  let known = first;
  return () => {
    try {
      known = serversOf(keys) ?? known;
    } catch (error) {
      if (!(error instanceof XmError && error.code === 'certificate-invalid')) throw error;
    }
    return known;
  };
}

/** Those with a certificate; and the key that waits for one, to which it will be sealed. */
function identitiesOf(keys: KeyStore): Identity[] {
  const waiting = keys.waitingKey('station');
  const certified = accepted(keys.generations('station'), Date.now()).map(identityOf);
  return waiting?.privateKey.asymmetricKeyType === 'ec'
    ? [waitingIdentity(waiting), ...certified]
    : certified;
}

function waitingIdentity({ privateKey, publicKey }: KeyPair): Identity {
  return { keyId: keyIdOf(spkiOf(publicKey)), privateKey };
}

export function identityOf({ certificate, privateKey }: KeyGeneration): Required<Identity> {
  return { keyId: certificate.keyId, privateKey, certificate: certificate.der };
}
