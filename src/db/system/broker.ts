/** Brokers as they are listed and changed. The one that is used: setting.ts. */
import type { Broker, BrokerEntry } from '../../core/administration/ports.ts';
import type { Queryable } from '../database.ts';

export async function listBrokers(database: Queryable): Promise<Broker[]> {
  const rows = await database.query<{
    id: number;
    url: string;
    user_name: string | null;
    has_password: boolean;
    has_ca: boolean;
    keep_alive_s: number | null;
    selected: boolean;
  }>(`select id, url, user_name, password is not null as has_password, ca is not null as has_ca, keep_alive_s, selected
       from broker order by id`);
  return rows.map(({ id, url, user_name, has_password, has_ca, keep_alive_s, selected }) => ({
    id,
    url,
    ...(user_name === null ? {} : { userName: user_name }),
    hasPassword: has_password,
    hasCa: has_ca,
    ...(keep_alive_s === null ? {} : { keepAliveS: keep_alive_s }),
    selected,
  }));
}

/** Undefined: there is one of that URL. */
export async function insertBroker(
  database: Queryable,
  { url, userName, password, ca, keepAliveS }: BrokerEntry,
): Promise<number | undefined> {
  const [row] = await database.query<{ id: number }>(
    `insert into broker (url, user_name, password, ca, keep_alive_s) values ($1, $2, $3, $4, $5)
     on conflict (url) do nothing returning id`,
    [url, userName ?? null, password ?? null, ca ?? null, keepAliveS ?? null],
  );
  return row?.id;
}

/** False: another one has that URL. Callers take turns. */
export async function updateBroker(
  database: Queryable,
  id: number,
  { url, userName, password, ca, keepAliveS }: Partial<BrokerEntry>,
): Promise<boolean> {
  const rows = await database.query(
    `update broker set url = coalesce($2, url), user_name = coalesce($3, user_name), password = coalesce($4, password),
       ca = coalesce($5, ca), keep_alive_s = coalesce($6, keep_alive_s)
      where id = $1 and not exists (select from broker where url = $2 and id <> $1) returning id`,
    [id, url ?? null, userName ?? null, password ?? null, ca ?? null, keepAliveS ?? null],
  );
  return rows.length > 0;
}

/** Callers take turns: one broker is selected, at every moment. */
export async function selectBrokerOf(database: Queryable, id: number): Promise<void> {
  await database.query('update broker set selected = false where selected');
  await database.query('update broker set selected = true where id = $1', [id]);
}

export async function removeBroker(database: Queryable, id: number): Promise<void> {
  await database.query('delete from broker where id = $1', [id]);
}
