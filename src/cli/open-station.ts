/** A station's folder opened: its keys, its server's certificate, its database. */
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type DataFolder, StationFolder, type StationSettings } from '../config.ts';
import { XmError } from '../core/errors.ts';
import type { KeyId } from '../core/message.ts';
import type { PublicKeyRef } from '../core/ports.ts';
import type { StationStore } from '../core/station-ports.ts';
import { Database } from '../db/database.ts';
import { PostgresStationStore } from '../db/station-store.ts';
import { readCertificate } from '../pki/certificate.ts';
import { readKeyFile } from '../pki/key-file.ts';

export interface OpenStation {
  readonly settings: StationSettings;
  readonly keys: { readonly keyId: KeyId; readonly privateKey: KeyObject };
  readonly server: PublicKeyRef;
  readonly store: StationStore;
  readonly brokerPassword: string;
  close(): Promise<void>;
}

/** Throws `station-not-ready` where a part is missing. */
export function openStation(data: DataFolder): OpenStation {
  const place = data.at('station');
  if (!existsSync(place)) throw new XmError('station-not-ready', { folder: place });
  const folder = new StationFolder(place);
  const { matricule, database, broker } = folder.settings;
  const files = {
    key: folder.at('secrets', 'station.key'),
    own: folder.at('certificates', 'station.crt'),
    server: folder.at('certificates', 'server.crt'),
  };
  if (!matricule || !database || !broker || !Object.values(files).every(file => existsSync(file))) {
    throw new XmError('station-not-ready', { folder: folder.path });
  }
  const { keyId } = readCertificate(readFileSync(files.own));
  const server = readCertificate(readFileSync(files.server));
  const { name, ...rest } = database;
  const password = folder.secret('database-password') ?? '';
  const db = new Database({ ...rest, database: name, password }, 'xmstation', 3);
  return {
    settings: { matricule, database, broker },
    keys: { keyId, privateKey: readKeyFile(files.key) },
    server: { keyId: server.keyId, spki: server.spki },
    store: new PostgresStationStore(db),
    brokerPassword: folder.secret('broker-password') ?? '',
    close: () => db.close(),
  };
}
