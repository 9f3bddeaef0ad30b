/** "Recharge", and the corrections of what was entered wrong. */
import { randomUUID } from 'node:crypto';
import { type Currency, parseAmount } from '../../core/money/amount.ts';
import { correct, recharge } from '../../core/money/entry.ts';
import type { Entered } from '../../core/money/ports.ts';
import { money } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { blaming, checkedBy, EntryScreen, type Saved } from '../form/entry.ts';
import type { FieldOptions } from '../form/form.ts';
import { aboutClient, clientField, named, sheetAndCurrency } from './named.ts';

type Sheet = Awaited<ReturnType<typeof sheetAndCurrency>>['sheet'];

const blame = blaming({
  'amount-invalid': 'amount',
  'reference-invalid': 'reference',
  'reference-taken': 'reference',
  'reason-missing': 'reason',
  'reason-invalid': 'reason',
});

export function rechargeEntry(desk: Desk, matricule: number): EntryScreen {
  const { texts, session } = desk;
  const { clients } = texts;
  return new EntryScreen(desk, async () => {
    const { sheet, currency } = await sheetAndCurrency(desk, matricule);
    return {
      about: aboutClient(sheet),
      title: texts.acts['client-recharge'].name,
      fields: [
        ...accountFields(desk, sheet, currency),
        amountField(desk, currency, clients.amountHint),
        {
          id: 'reference',
          label: clients.reference,
          limit: 64,
          required: true,
          hint: clients.referenceHint,
        },
      ],
      blame,
      save: async ({ amount = '', reference = '' }) => {
        const entered = await recharge(session.installation.accounts, session.operator, {
          client: matricule,
          amount: parseAmount(amount, currency),
          reference,
        });
        return told(desk, sheet, currency, entered);
      },
    };
  });
}

export function correctionEntry(desk: Desk, matricule: number): EntryScreen {
  const { texts, session } = desk;
  const { clients } = texts;
  // Of this form: saved again after a lost connection, it is the same correction.
  const reference = randomUUID();
  return new EntryScreen(desk, async () => {
    const { sheet, currency } = await sheetAndCurrency(desk, matricule);
    return {
      about: aboutClient(sheet),
      title: texts.acts['client-correct'].name,
      fields: [
        ...accountFields(desk, sheet, currency),
        amountField(desk, currency, clients.correctionHint),
        { id: 'reason', label: clients.reason, limit: 200, required: true },
      ],
      blame,
      save: async ({ amount = '', reason = '' }) => {
        const entered = await correct(session.installation.accounts, session.operator, {
          client: matricule,
          amount: parseAmount(amount, currency),
          reason,
          reference,
        });
        return told(desk, sheet, currency, entered);
      },
    };
  });
}

function accountFields(desk: Desk, sheet: Sheet, currency: Currency): FieldOptions[] {
  return [
    clientField(desk, sheet),
    {
      id: 'balance',
      label: desk.texts.clients.balance,
      value: money(BigInt(sheet.balance), currency, desk.language),
      readOnly: true,
    },
  ];
}

function amountField(desk: Desk, currency: Currency, hint: string): FieldOptions {
  return {
    id: 'amount',
    label: desk.texts.clients.amount(currency.code),
    limit: 24,
    required: true,
    hint,
    check: checkedBy(desk, value => parseAmount(value, currency)),
  };
}

function told(desk: Desk, sheet: Sheet, currency: Currency, { movement, balance, repeated }: Entered): Saved {
  const { clients } = desk.texts;
  const words = (amount: bigint) => money(amount, currency, desk.language);
  if (repeated) return { told: clients.repeated(words(balance)) };
  const say = movement.kind === 'recharge' ? clients.recharged : clients.corrected;
  return { told: say(words(movement.amount), named(desk, sheet), words(balance)) };
}
