/** Who may what: client status (guide §4.1, table 3) × service × right to the table. docs/services.md shows this table. */
import type { Request, Service } from './message.ts';
import type { ClientAccess, Reason } from './ports.ts';

/** What a client asks for; a changed profile is another matter than a shown one. */
export type Act = 'EXPORT' | Request['service'] | 'PROFILE-CHANGE';

export interface AccessRule {
  /** By client status, 0 to 3. */
  readonly statuses: readonly [boolean, boolean, boolean, boolean];
  /** The right to the table that the message names. */
  readonly right?: 'write' | 'read';
  /** Also with the password that the client was created with. */
  readonly initially: boolean;
}

const [no, yes] = [false, true];

/**
 * Status 1 is for clients who look after their own affairs only; 2 exchanges records; 3 reads those of the centre too
 * (the SDS), and the Superviseur answers for its profile (guide §4.1, NB).
 */
export const access = {
  EXPORT: { statuses: [no, no, yes, yes], right: 'write', initially: no },
  IMPORT: { statuses: [no, no, no, yes], right: 'read', initially: no },
  CERTIFY: { statuses: [no, no, no, yes], right: 'read', initially: no },
  ACCOUNT: { statuses: [no, yes, yes, yes], initially: no },
  PROFILE: { statuses: [no, yes, yes, yes], initially: no },
  'PROFILE-CHANGE': { statuses: [no, yes, yes, no], initially: no },
  PASSWORD: { statuses: [no, yes, yes, yes], initially: yes },
  MESSAGE: { statuses: [no, yes, yes, yes], initially: no },
  ENROL: { statuses: [no, yes, yes, yes], initially: yes },
} as const satisfies Record<Act, AccessRule>;

export const acts = Object.keys(access) as Act[];

/** What a message asks for; undefined: a service that goes from the server to clients only. */
export function actOf(service: Service, changesProfile: boolean): Act | undefined {
  if (service === 'PROFILE' && changesProfile) return 'PROFILE-CHANGE';
  return acts.find(act => act === service);
}

/**
 * Why this client may not; undefined: it may. A table that is not granted and one that does not exist look alike to
 * those who have no business with either.
 */
export function accessFault(
  act: Act,
  client: Pick<ClientAccess, 'status' | 'hasInitialPassword' | 'writes' | 'reads'>,
  table?: string,
): Reason | undefined {
  const rule: AccessRule = access[act];
  if (client.status === 0) return { code: 'client-suspended', params: {} };
  if (!rule.statuses[client.status]) {
    return act === 'PROFILE-CHANGE'
      ? { code: 'profile-locked', params: {} }
      : { code: 'service-denied', params: { service: act } };
  }
  if (client.hasInitialPassword && !rule.initially) return { code: 'password-initial', params: {} };
  if (rule.right === undefined || table === undefined) return undefined;
  const granted = rule.right === 'write' ? client.writes : client.reads;
  return granted.has(table) ? undefined : { code: 'table-denied', params: { table: table.slice(0, 63) } };
}
