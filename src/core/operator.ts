/** Operators ("utilisateurs") and what their privilege opens. */

import { XmError } from './errors.ts';

/** 0 suspended, 1 reads, 2 manages clients and signatories, 3 head of centre, 4 Superviseur (product.md). */
export type Privilege = 0 | 1 | 2 | 3 | 4;

export interface Operator {
  readonly id: number;
  readonly userName: string;
  readonly name: string;
  readonly privilege: Privilege;
}

/** Trial data only: the guide's trial user (§3.1). */
export const trialOperator = {
  userName: 'mbome',
  password: 'zzzz',
  name: 'Mbome François',
  privilege: 3,
} as const;

/** The menu bar, and the least privilege that opens each menu. */
export const menuPrivileges = {
  fichier: 1,
  utilisateurs: 3,
  clients: 1,
  signataires: 1,
  transmissions: 1,
  donnees: 1,
  infos: 0,
} as const satisfies Record<string, Privilege>;

/** Acts of the console and of the command line, and the least privilege for each; names as the journal has them. */
export const actPrivileges = {
  'engine-launch': 3,
  'engine-pause': 3,
  'engine-resume': 3,
  'engine-cycle': 3,
  'engine-subscribe': 3,
  'broker-test': 3,
  'message-retry': 3,
  'message-resend': 3,
  't2d-import': 3,
  't2d-export': 3,
  'clients-view': 1,
  'client-create': 2,
  'client-change': 2,
  'client-status': 2,
  'client-rights': 2,
  'client-message': 2,
  'client-message-read': 2,
  'client-password-reset': 2,
  // What a client with status 3 is, who gets it, and who may read (guide §4.1): beside the act itself.
  'client-sds': 4,
  'signatories-view': 1,
  'signatory-create': 2,
  'signatory-change': 2,
  'signatory-end': 2,
  'operators-view': 3,
  'operator-create': 3,
  'operator-change': 3,
  'operator-suspend': 3,
  'operator-password': 3,
  'own-password': 1,
  'settings-view': 3,
  'setting-change': 3,
  'brokers-view': 3,
  'broker-add': 3,
  'broker-change': 3,
  'broker-select': 3,
  'broker-remove': 3,
  'journal-view': 3,
  'account-read': 1,
  'account-recharge': 2,
  'account-correct': 3,
  'account-invoice': 2,
  'tariff-set': 3,
  'licence-view': 3,
  'licence-set': 4,
  'certificates-view': 3,
  'certificate-revoke': 4,
  'request-accept': 4,
  'request-refuse': 4,
  'certificate-import': 4,
  'certificate-issue': 4,
  'authority-trust': 4,
  'authority-distrust': 4,
  'revocation-list-import': 4,
  'server-renew': 4,
  'revocation-list': 4,
} as const satisfies Record<string, Privilege>;

/** Throws `privilege-needed` where the operator may not do this; nobody logged in has privilege 0. */
export function demand(operator: Operator | undefined, act: Act): void {
  const [needed, own] = [actPrivileges[act], operator?.privilege ?? 0];
  if (own < needed) throw new XmError('privilege-needed', { needed, own });
}

export type Menu = keyof typeof menuPrivileges;
export type Act = keyof typeof actPrivileges;
