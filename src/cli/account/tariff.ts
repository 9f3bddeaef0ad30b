/** `account tariff list`, `account tariff set`. */
import { XmError } from '../../core/errors.ts';
import { parseAmount } from '../../core/money/amount.ts';
import { parsePeriod } from '../../core/money/period.ts';
import { setTariff, type Tariff } from '../../core/money/tariff.ts';
import { bareAmount, datedMoment } from '../../text/format.ts';
import { table } from '../../text/table.ts';
import type { Answer } from '../pki/session.ts';
import { type AccountSession, needed } from './session.ts';

export async function listTariffs(session: AccountSession): Promise<Answer> {
  return answer(session, await session.accounts.tariffs());
}

export async function changeTariff(session: AccountSession, args: readonly string[]): Promise<Answer> {
  const { accounts, operator, flags, currency, texts } = session;
  const service = needed(session, texts.serviceWord, args[0]).toUpperCase();
  needed(session, '--per-act, --per-kilobyte', flags.perAct ?? flags.perKilobyte);
  const amount = (text: string | undefined) => (text === undefined ? 0n : parseAmount(text, currency));
  const validFrom = beginning(session);
  const tariff = { service, perAct: amount(flags.perAct), perKilobyte: amount(flags.perKilobyte) };
  await setTariff(accounts, operator, { ...tariff, ...(validFrom === undefined ? {} : { validFrom }) });
  return answer(
    session,
    (await accounts.tariffs()).filter(one => one.service === service),
  );
}

/** The beginning of the day of `--from`, in this machine's time zone. Throws `usage`. */
function beginning({ flags, texts }: AccountSession): number | undefined {
  if (flags.from === undefined) return undefined;
  if (!/^\d{4}-\d\d-\d\d$/.test(flags.from)) {
    throw new XmError('usage', { detail: texts.dayNeeded('--from') });
  }
  return new Date(`${parsePeriod(flags.from).first}T00:00:00`).getTime();
}

function answer({ currency, language, texts }: AccountSession, tariffs: readonly Tariff[]): Answer {
  const now = Date.now();
  const begun = new Set<string>();
  const listed = tariffs.map(tariff => {
    // The newest of each service comes first.
    const isFuture = (tariff.validFrom ?? 0) > now;
    const state = isFuture ? 'future' : begun.has(tariff.service) ? 'past' : 'current';
    if (!isFuture) begun.add(tariff.service);
    return { ...tariff, state } as const;
  });
  const head = [texts.service, texts.perAct, texts.perKilobyte, texts.validFrom, ''];
  return {
    json: listed.map(({ perAct, perKilobyte, validFrom, ...tariff }) => ({
      ...tariff,
      perAct: Number(perAct),
      perKilobyte: Number(perKilobyte),
      validFrom: validFrom === undefined ? undefined : new Date(validFrom).toISOString(),
      currency,
    })),
    lines: table(
      [
        head,
        ...listed.map(({ service, perAct, perKilobyte, validFrom, state }) => [
          service,
          bareAmount(perAct, currency, language),
          bareAmount(perKilobyte, currency, language),
          validFrom === undefined ? texts.everSince : datedMoment(validFrom, language),
          texts.states[state],
        ]),
      ],
      [1, 2],
    ),
  };
}
