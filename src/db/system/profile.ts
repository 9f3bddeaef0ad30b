/** A client as it sees itself. */
import { XmError } from '../../core/errors.ts';
import type { ProfileMessage } from '../../core/message.ts';
import type { Affairs } from '../../core/service-ports.ts';
import type { Database, Queryable } from '../database.ts';
import { storableText } from '../storable.ts';
import { writeJournal } from './operator.ts';

interface ProfileRow extends Record<string, unknown> {
  readonly matricule: number;
  readonly nom: string;
  readonly ville: string;
  readonly telephone: string;
  readonly status: number;
  readonly batch: boolean;
  readonly tables: { readonly table: string; readonly write: boolean; readonly read: boolean }[];
}

/** Throws `client-unknown`. */
export async function readProfile(database: Queryable, client: number): ReturnType<Affairs['profile']> {
  const [row] = await database.query<ProfileRow>(
    `select c.matricule, c.nom, c.ville, c.telephone, c.status, c.batch,
            coalesce((select jsonb_agg(jsonb_build_object('table', r.table_name, 'write', r.may_write, 'read', r.may_read)
                                       order by r.table_name)
                        from access_right r where r.client = c.matricule and (r.may_write or r.may_read)),
                     '[]') as tables
       from client c where c.matricule = $1`,
    [client],
  );
  if (!row) throw new XmError('client-unknown', { client });
  const { nom, ville, ...others } = row;
  return { ...others, name: nom, town: ville };
}

/** Nothing where nothing changes: the same again is not told to engines and journal. */
export function changeProfile(
  database: Database,
  client: number,
  { name, town, telephone }: NonNullable<ProfileMessage['change']>,
): Promise<void> {
  return database.transaction(async connection => {
    const values = [name, town, telephone].map(text =>
      text === undefined ? null : storableText(text.trim()),
    );
    const [before] = await connection.query<{ nom: string; ville: string; telephone: string }>(
      'select nom, ville, telephone from client where matricule = $1 for update',
      [client],
    );
    const changed = await connection.query<{ nom: string; ville: string; telephone: string }>(
      `update client set nom = coalesce($2, nom), ville = coalesce($3, ville), telephone = coalesce($4, telephone)
        where matricule = $1
          and (nom, ville, telephone) is distinct from (coalesce($2, nom), coalesce($3, ville), coalesce($4, telephone))
       returning nom, ville, telephone`,
      [client, ...values],
    );
    if (changed.length === 0) return;
    await writeJournal(connection, 'client-profile', { client, before, after: changed[0] });
  });
}
