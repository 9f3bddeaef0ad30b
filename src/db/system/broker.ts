/** Brokers as they are listed and changed. The one that is used: setting.ts. */
import type { Broker, BrokerEntry } from '../../core/administration/ports.ts';
import type { Queryable } from '../database.ts';

export async function listBrokers(database: Queryable): Promise<Broker[]> {
  const rows = await database.query<{
    id: number;
    url: string;
    user_name: string | null;
    has_password: boolean;
    selected: boolean;
  }>('select id, url, user_name, password is not null as has_password, selected from broker order by id');
  return rows.map(({ id, url, user_name, has_password, selected }) => ({
    id,
    url,
    ...(user_name === null ? {} : { userName: user_name }),
    hasPassword: has_password,
    selected,
  }));
}

/** Undefined: there is one of that URL. */
export async function insertBroker(
  database: Queryable,
  { url, userName, password }: BrokerEntry,
): Promise<number | undefined> {
  const [row] = await database.query<{ id: number }>(
    `insert into broker (url, user_name, password) values ($1, $2, $3)
     on conflict (url) do nothing returning id`,
    [url, userName ?? null, password ?? null],
  );
  return row?.id;
}

/** False: another one has that URL. Callers take turns. */
export async function updateBroker(
  database: Queryable,
  id: number,
  { url, userName, password }: Partial<BrokerEntry>,
): Promise<boolean> {
  const rows = await database.query(
    `update broker set url = coalesce($2, url), user_name = nullif(coalesce($3, user_name), ''),
            password = case when $3 = '' then null else coalesce($4, password) end
      where id = $1 and not exists (select from broker where url = $2 and id <> $1) returning id`,
    [id, url ?? null, userName ?? null, password ?? null],
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
