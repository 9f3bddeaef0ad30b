/** "Facturation": the invoice of a period, made once, shown, printed. */
import { showClient } from '../../core/administration/client.ts';
import { invoice as makeInvoice } from '../../core/money/invoice.ts';
import { monthBefore, parsePeriod } from '../../core/money/period.ts';
import type { Invoice } from '../../core/money/ports.ts';
import { calendarDay, localDay, money } from '../../text/format.ts';
import { invoiceLines } from '../../text/invoice.ts';
import type { Desk } from '../desk.ts';
import { agreed, checkedBy, EntryScreen } from '../form/entry.ts';
import { PaperScreen } from '../pager/paper.ts';
import { aboutClient, clientField, named } from './named.ts';

export function billing(desk: Desk, matricule: number): EntryScreen {
  const { texts, session, language } = desk;
  const { clients } = texts;
  const { administration, accounts } = session.installation;
  return new EntryScreen(desk, async () => {
    const sheet = await showClient(administration, session.operator, matricule);
    return {
      about: aboutClient(sheet),
      title: texts.acts['client-invoice'].name,
      fields: [
        clientField(desk, sheet),
        {
          id: 'period',
          label: clients.period,
          value: monthBefore(localDay(Date.now()), 1).first.slice(0, 7),
          limit: 24,
          required: true,
          hint: clients.periodHint,
          check: checkedBy(desk, parsePeriod),
        },
      ],
      notes: [clients.invoiceFinal],
      blame: ({ code }) => (/^(period|invoice)-/.test(code) ? 'period' : undefined),
      confirm: ({ period = '' }) => {
        const { first, last } = parsePeriod(period);
        const [from, until] = [calendarDay(first, language), calendarDay(last, language)];
        return agreed(desk, clients.makeInvoice(named(desk, sheet), from, until));
      },
      save: async ({ period = '' }) => {
        const made = await makeInvoice(accounts, session.operator, matricule, parsePeriod(period));
        return {
          told: clients.invoiced(made.number, money(made.total, made.currency, language)),
          next: () => desk.open('client-paper', made),
        };
      },
    };
  });
}

export function invoiceScreen(desk: Desk, invoice: Invoice): PaperScreen {
  const { clients } = desk.texts;
  const lines = invoiceLines(invoice, false, desk.language);
  return new PaperScreen(desk, invoice.client, ['client'], () => ({
    about: aboutClient({ matricule: invoice.client, name: invoice.name }),
    title: clients.invoice(invoice.number),
    // Its own title stands above.
    shown: lines.slice(2).map(text => ({ text })),
    printed: invoiceLines(invoice, true, desk.language),
    file: clients.invoiceFile(invoice.number),
    letter: { to: invoice.name, subject: lines[0] ?? '', lines },
  }));
}
