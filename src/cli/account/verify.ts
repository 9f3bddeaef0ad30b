/** `account verify`: proves that every account, and every invoice, is the sum of its movements. */
import { XmError } from '../../core/errors.ts';
import { money } from '../../text/format.ts';
import { table } from '../../text/table.ts';
import type { Answer } from '../pki/session.ts';
import type { AccountSession } from './session.ts';

export interface Verdict extends Answer {
  /** What does not agree, told after the answer. */
  readonly fault?: XmError;
}

export async function verify({ accounts, currency, language, texts }: AccountSession): Promise<Verdict> {
  const audit = await accounts.audit();
  const { imbalances } = audit;
  const amount = (value: bigint) => money(value, currency, language);
  const [first] = imbalances;
  return {
    json: {
      ...audit,
      imbalances: imbalances.map(({ kept, sum, ...where }) => ({
        ...where,
        kept: Number(kept),
        sum: Number(sum),
      })),
    },
    lines: first
      ? table(
          imbalances.map(({ client, invoice, kept, sum }) => [
            `${texts.client} ${client}`,
            invoice === undefined ? '' : texts.invoice(invoice),
            texts.imbalance(amount(kept), amount(sum)),
          ]),
        )
      : [texts.verified(audit.accounts, audit.invoices)],
    ...(first
      ? { fault: new XmError('account-unbalanced', { count: imbalances.length, client: first.client }) }
      : {}),
  };
}
