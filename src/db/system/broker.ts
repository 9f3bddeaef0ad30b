/** Brokers as they are listed and changed. The one that is used: setting.ts. */
import { usualKeepAliveS } from '../../core/administration/broker.ts';
import type { Broker, BrokerEntry } from '../../core/administration/ports.ts';
import type { Queryable } from '../database.ts';
import { type TermsRow, termsColumns, termsOf } from './broker-terms.ts';

export async function listBrokers(database: Queryable): Promise<Broker[]> {
  const rows = await database.query<
    TermsRow & {
      id: number;
      url: string;
      user_name: string | null;
      has_password: boolean;
      selected: boolean;
    }
  >(
    `select id, url, user_name, password is not null as has_password, selected, ${termsColumns}
       from broker order by id`,
  );
  return rows.map(({ id, url, user_name, has_password, selected, ...terms }) => ({
    id,
    url,
    ...(user_name === null ? {} : { userName: user_name }),
    hasPassword: has_password,
    selected,
    ...termsOf(terms),
  }));
}

/** Undefined: there is one of that URL. */
export async function insertBroker(database: Queryable, entry: BrokerEntry): Promise<number | undefined> {
  const { url, userName, password } = entry;
  const [row] = await database.query<{ id: number }>(
    `insert into broker (url, user_name, password, mqtt_version, keep_alive_s, authority, client_certificate, client_key)
     values ($1, $2, $3, nullif($4, 'auto'), $5, nullif($6, ''), nullif($7, ''), nullif($8, ''))
     on conflict (url) do nothing returning id`,
    [
      url,
      userName ?? null,
      password ?? null,
      ...termsValues({ ...entry, keepAliveS: entry.keepAliveS ?? usualKeepAliveS }),
    ],
  );
  return row?.id;
}

/** False: another one has that URL. Callers take turns. */
export async function updateBroker(
  database: Queryable,
  id: number,
  changes: Partial<BrokerEntry>,
): Promise<boolean> {
  const { url, userName, password } = changes;
  const rows = await database.query(
    `update broker set url = coalesce($2, url), user_name = nullif(coalesce($3, user_name), ''),
            password = case when $3 = '' then null else coalesce($4, password) end,
            mqtt_version = nullif(coalesce($5, mqtt_version), 'auto'),
            keep_alive_s = coalesce($6, keep_alive_s),
            authority = nullif(coalesce($7, authority), ''),
            client_certificate = nullif(coalesce($8, client_certificate), ''),
            client_key = nullif(coalesce($9, client_key), '')
      where id = $1 and not exists (select from broker where url = $2 and id <> $1) returning id`,
    [id, url ?? null, userName ?? null, password ?? null, ...termsValues(changes)],
  );
  return rows.length > 0;
}

function termsValues(entry: Partial<BrokerEntry>): unknown[] {
  const { mqttVersion, keepAliveS, authority, clientCertificate, clientKey } = entry;
  return [mqttVersion, keepAliveS, authority, clientCertificate, clientKey].map(value => value ?? null);
}

/** Callers take turns: one broker is selected, at every moment. */
export async function selectBrokerOf(database: Queryable, id: number): Promise<void> {
  await database.query('update broker set selected = false where selected');
  await database.query('update broker set selected = true where id = $1', [id]);
}

export async function removeBroker(database: Queryable, id: number): Promise<void> {
  await database.query('delete from broker where id = $1', [id]);
}
