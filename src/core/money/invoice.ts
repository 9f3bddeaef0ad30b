/** Invoices (Facturation): what a client was charged in a period that has ended, numbered, and final. */
import { XmError } from '../errors.ts';
import { demand, type Operator } from '../operator.ts';
import type { Period } from './period.ts';
import type { AccountStore, Invoice, InvoiceLine } from './ports.ts';

/** The same period again is the same invoice. Throws as `AccountStore.invoice` does. */
export async function invoice(
  store: AccountStore,
  operator: Operator,
  client: number,
  period: Period,
): Promise<Invoice> {
  demand(operator, 'account-invoice');
  return store.invoice(client, period, operator.userName);
}

/** One that has been made. Throws `invoice-unknown`. */
export async function findInvoice(store: AccountStore, operator: Operator, number: number): Promise<Invoice> {
  demand(operator, 'account-read');
  const found = await store.findInvoice(number);
  if (!found) throw new XmError('invoice-unknown', { number });
  return found;
}

/** The lines of all days together, a service each. */
export function byService(lines: readonly InvoiceLine[]): Omit<InvoiceLine, 'day'>[] {
  const sums = new Map<string, Omit<InvoiceLine, 'day'>>();
  for (const { service, count, bytes, amount } of lines) {
    const sum = sums.get(service) ?? { count: 0, bytes: 0n, amount: 0n };
    const added = { count: sum.count + count, bytes: sum.bytes + bytes, amount: sum.amount + amount };
    sums.set(service, { service, ...added });
  }
  return [...sums.values()].sort((a, b) => (a.service < b.service ? -1 : 1));
}
