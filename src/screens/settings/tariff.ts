/** What a service costs from a day on. What was charged before keeps its price. */
import { dayOf } from '../../core/administration/field.ts';
import { parseAmount, plainAmount } from '../../core/money/amount.ts';
import { chargedServices, setTariff, type Tariff } from '../../core/money/tariff.ts';
import type { Desk } from '../desk.ts';
import { FormScreen, type Sheet } from '../form/form-screen.ts';

/** `tariff`: the one that is to be followed; undefined: of any service. */
export function openTariff(desk: Desk, tariff: Tariff | undefined): FormScreen {
  return new FormScreen(desk, desk.texts.settings.tariffs.one, sheetOf(desk, tariff));
}

async function sheetOf(desk: Desk, tariff: Tariff | undefined): Promise<Sheet> {
  const { accounts } = desk.session.installation;
  const { tariffs } = desk.texts.settings;
  const currency = await accounts.currency();
  // Nothing where it is free: what is typed is not to be put before a 0.
  const price = (amount = 0n) => (amount === 0n ? '' : plainAmount(amount, currency));
  const check = (text: string) => (reads(() => parseAmount(text, currency)) ? undefined : tariffs.amount);
  return {
    fields: [
      {
        id: 'service',
        label: tariffs.service,
        value: tariff?.service ?? chargedServices[0],
        choices: chargedServices.map(id => ({ id, label: `${id}  ${tariffs.services[id]}` })),
        hint: tariffs.serviceHint,
      },
      {
        id: 'perAct',
        label: tariffs.perAct,
        value: price(tariff?.perAct),
        limit: 20,
        check,
        hint: tariffs.actHint(currency.code),
      },
      {
        id: 'perKilobyte',
        label: tariffs.perKilobyte,
        value: price(tariff?.perKilobyte),
        limit: 20,
        check,
        hint: tariffs.kilobyteHint(currency.code),
      },
      {
        id: 'from',
        label: tariffs.from,
        limit: 10,
        check: text => (reads(() => dayFrom(text)) ? undefined : tariffs.day),
        hint: tariffs.fromHint,
      },
    ],
    save: async ({ service = '', perAct = '', perKilobyte = '', from = '' }) => {
      const validFrom = from === '' ? {} : { validFrom: new Date(`${dayFrom(from)}T00:00:00`).getTime() };
      await setTariff(accounts, desk.session.operator, {
        service,
        perAct: parseAmount(perAct || '0', currency),
        perKilobyte: parseAmount(perKilobyte || '0', currency),
        ...validFrom,
      });
      return tariffs.set(service);
    },
    blame: ({ code }) => (code === 'tariff-past' ? 'from' : code === 'amount-invalid' ? 'perAct' : undefined),
  };
}

/** `31/12/2026` as it is written in French, or `2026-12-31`. Throws `day-invalid`. */
function dayFrom(text: string): string {
  const [, day, month, year] = /^(\d\d?)\/(\d\d?)\/(\d{4})$/.exec(text) ?? [];
  return dayOf(
    day === undefined ? text : `${year}-${(month ?? '').padStart(2, '0')}-${day.padStart(2, '0')}`,
  );
}

function reads(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
