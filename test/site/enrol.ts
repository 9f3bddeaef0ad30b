/** Clients with accounts, certificates and the right to write births: in a few statements, for there are many. */
import type { KeyObject } from 'node:crypto';
import type { Database } from '../../src/db/database.ts';
import { registerCertificate } from '../../src/db/system/directory.ts';
import { issueCertificate } from '../../src/pki/authority.ts';
import { makeKey } from '../../src/pki/key-file.ts';

export interface Office {
  readonly matricule: number;
  readonly keyId: Uint8Array;
  readonly privateKey: KeyObject;
  /** DER; an RSA signer sends it along. */
  readonly certificate: Uint8Array;
}

const firstMatricule = 10_000;

export async function enrol(
  system: Database,
  count: number,
  kind: 'ec' | 'rsa',
  authority: Parameters<typeof issueCertificate>[0],
): Promise<Office[]> {
  // RSA keys take a second each to make: fewer offices then, which no step of the engine can tell.
  const pairs = Array.from({ length: kind === 'ec' ? count : 20 }, () => makeKey(kind));
  const now = Date.now();
  await system.query(
    `insert into client (matricule, nom, status)
     select $1::int + i, 'Centre ' || i, 2 from generate_series(0, $2::int - 1) i`,
    [firstMatricule, count],
  );
  await system.query('insert into account (client) select matricule from client');
  await system.query(
    `insert into access_right (client, table_name, may_write) select matricule, 'Naissance', true from client`,
  );
  const offices: Office[] = [];
  for (const [i, { publicKey, privateKey }] of pairs.entries()) {
    const matricule = firstMatricule + i;
    const certificate = issueCertificate(authority, {
      subject: { commonName: `Centre ${i}`, serialNumber: `${matricule}` },
      publicKey,
      role: 'station',
      notBefore: now - 3_600_000,
      notAfter: now + 1_000 * 86_400_000,
    });
    await registerCertificate(system, matricule, certificate);
    offices.push({ matricule, keyId: certificate.keyId, privateKey, certificate: certificate.der });
  }
  return offices;
}
