/** What a service costs: per act, per kilobyte, or both, from a moment on. */
import { XmError } from '../errors.ts';
import { demand, type Operator } from '../operator.ts';
import { largestAmount, plainAmount } from './amount.ts';
import type { AccountStore } from './ports.ts';

export interface Tariff {
  readonly service: string;
  readonly perAct: bigint;
  /** A kilobyte (1 024 bytes) that has begun counts whole. */
  readonly perKilobyte: bigint;
  /** Milliseconds since 1970; absent: since ever, or of one that is being set, from now on. */
  readonly validFrom?: number;
}

/** Services that clients ask for, and can be charged for (sdc.md, "Services"). */
export const chargedServices = [
  'EXPORT',
  'IMPORT',
  'CERTIFY',
  'ACCOUNT',
  'PROFILE',
  'PASSWORD',
  'MESSAGE',
  'ENROL',
] as const;

/** What one act of so many bytes costs, as the ledger charges it. */
export function priceOf({ perAct, perKilobyte }: Tariff, bytes: number): bigint {
  return perAct + perKilobyte * BigInt(Math.ceil(bytes / 1024));
}

/** What was charged before keeps its price. Throws `tariff-service`, `amount-invalid`, `tariff-past`. */
export async function setTariff(store: AccountStore, operator: Operator, tariff: Tariff): Promise<Tariff> {
  demand(operator, 'tariff-set');
  if (!chargedServices.some(service => service === tariff.service)) {
    throw new XmError('tariff-service', { service: tariff.service, services: chargedServices.join(', ') });
  }
  for (const price of [tariff.perAct, tariff.perKilobyte]) {
    if (price >= 0n && price <= largestAmount) continue;
    throw new XmError('amount-invalid', { amount: plainAmount(price, await store.currency()) });
  }
  return store.setTariff(tariff, operator.userName);
}
