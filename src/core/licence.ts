/**
 * What an installation may have: the SILVER edition's few clients, or as many as its licence key says (guide §2.10).
 * Asked only when a client or an operator is created: what exists is served, whatever became of the key.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { XmError } from './errors.ts';
import { type Licence, openLicenceKey } from './licence-key.ts';
import { demand, type Operator } from './operator.ts';

export interface LicenceLimits {
  readonly clients: number;
  readonly operators: number;
}

export const silver: LicenceLimits = { clients: 10, operators: 20 };

/** Clients that a key can be made for. */
const licensable = { least: 1_000, most: 100_000 } as const;

export interface LicenceStore {
  /** The vendor's public key: its file, and what stands there (PEM); undefined: there is none. */
  readonly vendor: { readonly file: string; readonly pem: string | undefined };
  /** The id of this installation, which it keeps for ever. */
  installation(): Promise<string>;
  /** The key that was set; undefined: none. */
  key(): Promise<string | undefined>;
  keep(key: string, licence: Licence, operator: string): Promise<void>;
  /** The latest moment that was ever seen here: it does not go back with a clock. Milliseconds since 1970. */
  latestMoment(): Promise<number>;
}

export interface LicenceState {
  readonly installation: string;
  readonly limits: LicenceLimits;
  /** In force. */
  readonly licence?: Licence;
  /** Why the key that was set is not. */
  readonly problem?: XmError;
}

/** Never rejects because of the key: one that is not in force leaves the SILVER edition. */
export async function licenceLimits(store: LicenceStore): Promise<LicenceLimits> {
  return (await licenceState(store)).limits;
}

export async function licenceState(store: LicenceStore): Promise<LicenceState> {
  const installation = await store.installation();
  const key = await store.key();
  if (key === undefined) return { installation, limits: silver };
  try {
    const licence = await verified(store, key);
    // People are not what is sold: as many operators as clients.
    return { installation, licence, limits: { clients: licence.clients, operators: licence.clients } };
  } catch (error) {
    if (!(error instanceof XmError)) throw error;
    return { installation, limits: silver, problem: error };
  }
}

/** Puts a key in force; the one before stays where this one is refused. Throws `licence-…`. */
export async function setLicence(store: LicenceStore, operator: Operator, key: string): Promise<Licence> {
  demand(operator, 'licence-set');
  const licence = await verified(store, key);
  await store.keep(key, licence, operator.userName);
  return licence;
}

async function verified(store: LicenceStore, key: string): Promise<Licence> {
  const [installation, now] = [await store.installation(), await store.latestMoment()];
  return verifyLicence(key, vendorKeyOf(store.vendor), installation, now);
}

/** A key that is the vendor's, this installation's, and in force. Throws `licence-…`. */
export function verifyLicence(key: string, vendorKey: KeyObject, installation: string, now: number): Licence {
  const licence = openLicenceKey(key, vendorKey);
  const { clients, until } = licence;
  if (licence.installation !== installation) {
    throw new XmError('licence-installation', { found: licence.installation, own: installation });
  }
  requireLicensable(clients);
  if (until !== undefined && new Date(now).toISOString().slice(0, 10) > until) {
    throw new XmError('licence-ended', { until });
  }
  return licence;
}

/** Throws `licence-clients`. */
export function requireLicensable(clients: number): void {
  const { least, most } = licensable;
  if (Number.isInteger(clients) && clients >= least && clients <= most) return;
  throw new XmError('licence-clients', { found: clients, least, most });
}

function vendorKeyOf({ file, pem }: LicenceStore['vendor']): KeyObject {
  if (pem === undefined) throw new XmError('licence-vendor', { file });
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told as a missing one: either way the installation was not put together as it should be.
  }
  throw new XmError('licence-vendor', { file });
}
