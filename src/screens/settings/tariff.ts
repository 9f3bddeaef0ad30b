/** What a service costs from a day on. What was charged before keeps its price. */
import { parseAmount, plainAmount } from '../../core/money/amount.ts';
import { chargedServices, setTariff, type Tariff } from '../../core/money/tariff.ts';
import type { Desk } from '../desk.ts';
import { typedDay } from '../form/day.ts';
import { blaming, type Entry, EntryScreen } from '../form/entry.ts';

/** `tariff`: the one that is to be followed; undefined: of any service. */
export function openTariff(desk: Desk, tariff: Tariff | undefined): EntryScreen {
  return new EntryScreen(desk, () => entryOf(desk, tariff));
}

async function entryOf(desk: Desk, tariff: Tariff | undefined): Promise<Entry> {
  const { accounts } = desk.session.installation;
  const { tariffs } = desk.texts.settings;
  const currency = await accounts.currency();
  // Nothing where it is free: what is typed is not to be put before a 0.
  const price = (amount = 0n) => (amount === 0n ? '' : plainAmount(amount, currency));
  const check = (text: string) => (reads(() => parseAmount(text, currency)) ? undefined : tariffs.amount);
  return {
    title: tariffs.one,
    fields: [
      {
        id: 'service',
        label: tariffs.service,
        value: tariff?.service ?? chargedServices[0],
        choices: chargedServices.map(id => ({ id, label: `${id}  ${tariffs.services[id]}` })),
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
        check: text => (reads(() => typedDay(text, desk.language)) ? undefined : tariffs.day),
        hint: tariffs.fromHint,
      },
    ],
    save: async ({ service = '', perAct = '', perKilobyte = '', from = '' }) => {
      const validFrom =
        from === '' ? {} : { validFrom: new Date(`${typedDay(from, desk.language)}T00:00:00`).getTime() };
      await setTariff(accounts, desk.session.operator, {
        service,
        perAct: parseAmount(perAct || '0', currency),
        perKilobyte: parseAmount(perKilobyte || '0', currency),
        ...validFrom,
      });
      return { told: tariffs.set(service) };
    },
    blame: blaming({ 'tariff-past': 'from', 'amount-invalid': 'perAct' }),
  };
}

function reads(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
