/** The words of `xmserver account`: apart from the commands, so that a console that opens does not load them. */
import type { Language } from '../core/language.ts';

export const accountFlags = {
  reference: { type: 'string' },
  period: { type: 'string' },
  daily: { type: 'boolean', default: false },
  number: { type: 'number' },
  perAct: { type: 'string' },
  perKilobyte: { type: 'string' },
  from: { type: 'string' },
} as const;

export interface AccountFlags {
  readonly json: boolean;
  readonly reference?: string | undefined;
  readonly reason?: string | undefined;
  readonly period?: string | undefined;
  readonly daily: boolean;
  readonly number?: number | undefined;
  readonly perAct?: string | undefined;
  readonly perKilobyte?: string | undefined;
  readonly from?: string | undefined;
}

/** Also words of `xmserver client`, where people look for what is done to a client. */
const clientActs = ['recharge', 'correct', 'invoice', 'statement'];

export function isClientAccountAct(act: string | undefined): boolean {
  return clientActs.some(one => one === act);
}

export const accountHelp: Readonly<Record<Language, string>> = {
  fr: `
  xmserver account recharge MATRICULE MONTANT --reference REÇU
                                crédite un paiement ; REÇU : le numéro de son reçu. Deux fois le même
                                reçu n’est inscrit qu’une fois
  xmserver account correct MATRICULE MONTANT --reason TEXTE [--reference N°]
                                corrige un compte ; un montant négatif le débite : -500
  xmserver account invoice MATRICULE [--period 2026-03] [--daily]
                                facture une période finie (le mois dernier, sauf autre avis) ; la
                                même période redonne la même facture. --daily : une ligne par jour
  xmserver account invoice --number N
                                une facture déjà faite
  xmserver account statement MATRICULE [--period 2026-03]
                                les mouvements d’une période (ce mois-ci, sauf autre avis)
  xmserver account tariff list  les tarifs, anciens et à venir
  xmserver account tariff set SERVICE [--per-act MONTANT] [--per-kilobyte MONTANT] [--from DATE]
                                ce que coûte un service, dès maintenant ou dès le début d’un jour
  xmserver account verify       prouve que chaque compte est la somme de ses mouvements

  Périodes : 2026, 2026-03, 2026-03-09, 2026-03-01..2026-03-15
  Avec --json les montants sont en unités les plus petites de la monnaie.`,
  en: `
  xmserver account recharge MATRICULE AMOUNT --reference RECEIPT
                                credits a payment; RECEIPT: the number of its receipt. The same
                                receipt twice is entered once
  xmserver account correct MATRICULE AMOUNT --reason TEXT [--reference NO]
                                puts an account right; a negative amount debits it: -500
  xmserver account invoice MATRICULE [--period 2026-03] [--daily]
                                invoices a period that has ended (last month unless told); the same
                                period gives the same invoice again. --daily: a line for each day
  xmserver account invoice --number N
                                an invoice that has been made
  xmserver account statement MATRICULE [--period 2026-03]
                                the movements of a period (this month unless told)
  xmserver account tariff list  the tariffs, past and to come
  xmserver account tariff set SERVICE [--per-act AMOUNT] [--per-kilobyte AMOUNT] [--from DATE]
                                what a service costs, from now on or from the beginning of a day
  xmserver account verify       proves that each account is the sum of its movements

  Periods: 2026, 2026-03, 2026-03-09, 2026-03-01..2026-03-15
  With --json amounts are in the currency's smallest units.`,
};
