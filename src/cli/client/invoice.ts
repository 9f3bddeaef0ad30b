/** `client invoice`: makes the invoice of a period, or shows one that has been made. */
import { byService, findInvoice, invoice as makeInvoice } from '../../core/money/invoice.ts';
import type { Invoice } from '../../core/money/ports.ts';
import { invoiceLines } from '../../text/invoice.ts';
import { type AccountSession, clientOf, periodOf } from '../account/session.ts';
import { positive } from '../command-line.ts';
import type { Answer } from '../pki/session.ts';

/** Invoices are of what is over: last month. */
const monthsBefore = 1;

export async function invoice(session: AccountSession, args: readonly string[]): Promise<Answer> {
  const { accounts, operator, flags, language } = session;
  const found =
    flags.number === undefined
      ? await makeInvoice(accounts, operator, clientOf(session, args[0]), periodOf(session, monthsBefore))
      : await findInvoice(accounts, operator, positive('--number', flags.number, language));
  return { json: told(found, flags.daily), lines: invoiceLines(found, flags.daily, language) };
}

function told(invoice: Invoice, daily: boolean) {
  const { balanceBefore, recharged, corrected, total, balanceAfter, createdAt, ...rest } = invoice;
  return {
    ...rest,
    createdAt: new Date(createdAt).toISOString(),
    lines: (daily ? invoice.lines : byService(invoice.lines)).map(line => ({
      ...line,
      bytes: Number(line.bytes),
      amount: Number(line.amount),
    })),
    balanceBefore: Number(balanceBefore),
    recharged: Number(recharged),
    corrected: Number(corrected),
    total: Number(total),
    balanceAfter: Number(balanceAfter),
  };
}
