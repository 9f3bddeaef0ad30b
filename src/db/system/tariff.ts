/** Tariffs, those of before and those to come among them. */
import { XmError } from '../../core/errors.ts';
import type { Tariff } from '../../core/money/tariff.ts';
import type { Database, Queryable } from '../database.ts';
import { writeJournal } from './operator.ts';

interface TariffRow extends Record<string, unknown> {
  readonly service: string;
  readonly per_act: bigint;
  readonly per_kilobyte: bigint;
  readonly valid_from: number | null;
}

const columns = `service, per_act, per_kilobyte,
  case when isfinite(valid_from) then floor(extract(epoch from valid_from) * 1000)::float8 end as valid_from`;

/** One that has not begun can be set again. Throws `tariff-past`: what was charged would have been charged wrongly. */
export function writeTariff(database: Database, tariff: Tariff, operator: string): Promise<Tariff> {
  const { service, perAct, perKilobyte, validFrom } = tariff;
  const from = validFrom === undefined ? null : new Date(validFrom);
  return database.transaction(async connection => {
    const [row] = await connection.query<TariffRow>(
      `insert into tariff (service, per_act, per_kilobyte, valid_from)
       select $1, $2, $3, coalesce($4, clock_timestamp()) where $4::timestamptz is null or $4 > clock_timestamp()
       on conflict (service, valid_from) do update set per_act = $2, per_kilobyte = $3
       returning ${columns}`,
      [service, perAct, perKilobyte, from],
    );
    if (!row) throw new XmError('tariff-past');
    const set = tariffOf(row);
    const detail = { service, perAct: Number(perAct), perKilobyte: Number(perKilobyte) };
    await writeJournal(connection, 'tariff-set', { ...detail, validFrom: set.validFrom }, operator);
    return set;
  });
}

export async function readTariffs(database: Queryable): Promise<Tariff[]> {
  const rows = await database.query<TariffRow>(
    `select ${columns} from tariff order by service, tariff.valid_from desc`,
  );
  return rows.map(tariffOf);
}

function tariffOf({ service, per_act, per_kilobyte, valid_from }: TariffRow): Tariff {
  return {
    service,
    perAct: per_act,
    perKilobyte: per_kilobyte,
    ...(valid_from === null ? {} : { validFrom: valid_from }),
  };
}
