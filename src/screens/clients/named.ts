/** A client as questions and messages name it. */
import { showClient } from '../../core/administration/client.ts';
import type { ClientSheet } from '../../core/administration/ports.ts';
import type { Currency } from '../../core/money/amount.ts';
import { fitted } from '../components/cell.ts';
import type { Desk } from '../desk.ts';
import type { FieldOptions } from '../form/form.ts';

/** Columns of a name in a sentence that has to fit into the message line. */
const nameWidth = 24;

/** `1024 « Mbalmayo II »`. */
export function named({ texts }: Desk, { matricule, name }: Pick<ClientSheet, 'matricule' | 'name'>): string {
  return texts.clients.named(matricule, fitted(name, nameWidth));
}

/** `1024 Mbalmayo II`: what screens that are about it are titled by. */
export function aboutClient({ matricule, name }: Pick<ClientSheet, 'matricule' | 'name'>): string {
  return `${matricule} ${name}`;
}

/** The first line of a form about a client, which says whom it is about. */
export function clientField(desk: Desk, client: Pick<ClientSheet, 'matricule' | 'name'>): FieldOptions {
  const value = desk.texts.clients.named(client.matricule, client.name);
  return { id: 'client', label: desk.texts.clients.client, value, readOnly: true };
}

export async function sheetAndCurrency(
  { session }: Desk,
  matricule: number,
): Promise<{ readonly sheet: ClientSheet; readonly currency: Currency }> {
  const { administration, accounts } = session.installation;
  const [sheet, currency] = await Promise.all([
    showClient(administration, session.operator, matricule),
    accounts.currency(),
  ]);
  return { sheet, currency };
}
