/** Statements (Compte): the movements of a period, between the balances before and after them. */
import { demand, type Operator } from '../operator.ts';
import type { Period } from './period.ts';
import type { AccountStore, Movement, Statement } from './ports.ts';

/** Throws `client-unknown`. */
export async function statement(
  store: AccountStore,
  operator: Operator,
  client: number,
  period: Period,
): Promise<Statement> {
  demand(operator, 'account-read');
  return store.statement(client, period);
}

/** Each movement with the balance after it. */
export function running({ balanceBefore, movements }: Statement): (Movement & { balance: bigint })[] {
  let balance = balanceBefore;
  return movements.map(movement => {
    balance += movement.amount;
    return { ...movement, balance };
  });
}
