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

/** Acts of the console and the least privilege for each. */
export const actPrivileges = {
  'engine-launch': 3,
  'engine-pause': 3,
  'engine-resume': 3,
  'engine-cycle': 3,
  'account-read': 1,
  'account-recharge': 2,
  'account-correct': 3,
  'account-invoice': 2,
  'tariff-set': 3,
  'licence-set': 4,
} as const satisfies Record<string, Privilege>;

/** Throws `privilege-needed` where the operator may not do this; nobody logged in has privilege 0. */
export function demand(operator: Operator | undefined, act: Act): void {
  const [needed, own] = [actPrivileges[act], operator?.privilege ?? 0];
  if (own < needed) throw new XmError('privilege-needed', { needed, own });
}

export type Menu = keyof typeof menuPrivileges;
export type Act = keyof typeof actPrivileges;
