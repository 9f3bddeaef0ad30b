/** A centre in a database of its own, with a Superviseur at its console: what the screens of Fichier work on. */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { administrationOf } from '../../../src/cli/administration/ports.ts';
import { ConsoleSecurity } from '../../../src/cli/console-security.ts';
import type { Administration } from '../../../src/core/administration/ports.ts';
import { type Operator, type Privilege, trialOperator } from '../../../src/core/operator.ts';
import { hashPassword } from '../../../src/core/password.ts';
import { PostgresAccountStore } from '../../../src/db/account-store.ts';
import type { Database } from '../../../src/db/database.ts';
import { fileCertificate } from '../../../src/db/system/certificate.ts';
import { createClient } from '../../../src/db/system/directory.ts';
import { PostgresLicenceStore } from '../../../src/db/system/licence.ts';
import { createOperator } from '../../../src/db/system/operator.ts';
import { fileRequest } from '../../../src/db/system/request.ts';
import { issueCertificate } from '../../../src/pki/authority.ts';
import { type Certificate, readCertificate } from '../../../src/pki/certificate.ts';
import { makeKey } from '../../../src/pki/key-file.ts';
import { KeyStore } from '../../../src/pki/key-store.ts';
import { makeRequest, readRequest } from '../../../src/pki/request.ts';
import { clone } from '../../db/databases.ts';
import { Workspace } from '../../pki/workspace.ts';
import { Stage, type StageOptions } from '../stage.tsx';
import { StandIn } from '../stand-in.ts';

const dayMs = 86_400_000;
const vendor = generateKeyPairSync('ed25519');
export const vendorKey = vendor.privateKey;
export const installation = 'BYZC-V433-W39R-8D2P';

export class Centre {
  readonly system: Database;
  readonly administration: Administration;
  readonly keys: KeyStore;
  readonly #workspace = new Workspace();
  readonly #now: number;

  /** `now`: what the console's clock shows (milliseconds since 1970). Call it while the test file is collected. */
  static async open(now: number): Promise<Centre> {
    const [system, documents] = await Promise.all([clone('XMServerSystem'), clone('XMServerData')]);
    const centre = new Centre(system, documents, now);
    await createOperator(system, {
      ...trialOperator,
      privilege: 4,
      passwordHash: await hashPassword(trialOperator.password),
    });
    await system.query(`insert into setting (name, value) values ('installation', to_jsonb($1::text))`, [
      installation,
    ]);
    for (const [matricule, nom] of [
      [1_000, 'Mbalmayo II'],
      [1_001, 'Kribi'],
      [1_002, 'Ngaoundéré I'],
    ] as const) {
      await createClient(system, { matricule, nom, ville: nom, telephone: '', status: 2 });
    }
    return centre;
  }

  private constructor(system: Database, documents: Database, now: number) {
    this.system = system;
    this.administration = administrationOf(system, documents);
    this.#now = now;
    this.keys = new KeyStore(this.#workspace.folder);
    this.keys.createAuthority({ commonName: 'XMServer CA', now, years: 20 });
  }

  /** A file of its folder. */
  at(name: string): string {
    return this.#workspace.at(name);
  }

  read(name: string): Buffer {
    return this.#workspace.read(name);
  }

  remove(): void {
    this.#workspace.remove();
  }

  /** A console of this centre, and who is logged in at it. */
  ports(privilege: Privilege = 4): StandIn {
    const ports = new StandIn();
    const operator: Operator = {
      id: 1,
      userName: trialOperator.userName,
      name: trialOperator.name,
      privilege,
    };
    const pem = vendor.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    ports.privilege = privilege;
    ports.stores = {
      administration: this.administration,
      accounts: new PostgresAccountStore(this.system),
      licence: new PostgresLicenceStore(this.system, { file: 'vendor.pub', pem }),
      security: new ConsoleSecurity(
        { system: this.system, store: this.keys, administration: this.administration, readOnly: false },
        () => operator,
      ),
    };
    return ports;
  }

  async console(options: StageOptions = {}): Promise<Stage> {
    const stage = new Stage({ ports: this.ports(), ...options });
    await stage.logIn();
    return stage;
  }

  /** One of the vectors', which never changes. */
  async fileVector(name: string, client: number | undefined): Promise<Certificate> {
    const file = new URL(`../../vectors/keys/${name}.crt`, import.meta.url);
    const certificate = readCertificate(readFileSync(file));
    await this.#file(certificate, client);
    return certificate;
  }

  /** A station's that ends in so many days. */
  async issue(client: number, name: string, days: number): Promise<Certificate> {
    const certificate = issueCertificate(this.keys.authority(), {
      subject: { commonName: name, serialNumber: `${client}` },
      publicKey: makeKey('ec').publicKey,
      role: 'station',
      notBefore: this.#now - dayMs,
      notAfter: this.#now + days * dayMs + 1_000,
    });
    await this.#file(certificate, client);
    return certificate;
  }

  /** Returns its fingerprint, or files it under the one that is given. */
  async fileRequest(client: number, given?: string): Promise<string> {
    const { der, keyId, fingerprint } = readRequest(makeRequest(makeKey('ec'), { commonName: 'station' }));
    await fileRequest(this.system, { client, keyId, der, fingerprint: given ?? fingerprint });
    return fingerprint;
  }

  async #file(certificate: Certificate, client: number | undefined): Promise<void> {
    const { keyId, spki, der, subject, notBefore, notAfter } = certificate;
    const role = client === undefined ? 'server' : 'station';
    await fileCertificate(this.system, { keyId, client, role, subject, spki, der, notBefore, notAfter });
  }
}
