/** Operators as they are listed and changed. Finding one to log in: operator.ts. */
import type { OperatorEntry, OperatorSheet } from '../../core/administration/ports.ts';
import type { Privilege } from '../../core/operator.ts';
import type { Queryable } from '../database.ts';

interface SheetRow extends Record<string, unknown> {
  readonly id: number;
  readonly user_name: string;
  readonly name: string;
  readonly certificate_name: string;
  readonly privilege: Privilege;
  readonly created: number;
  readonly password_changed: number;
}

const columns = `id, user_name, name, certificate_name, privilege,
  (extract(epoch from created_at) * 1000)::float8 as created,
  (extract(epoch from password_changed_at) * 1000)::float8 as password_changed`;

function sheetOf(row: SheetRow): OperatorSheet {
  const { id, user_name, name, certificate_name, privilege, created, password_changed } = row;
  return {
    id,
    userName: user_name,
    name,
    certificateName: certificate_name,
    privilege,
    createdAt: created,
    passwordChangedAt: password_changed,
  };
}

export async function operatorSheets(database: Queryable): Promise<OperatorSheet[]> {
  const rows = await database.query<SheetRow>(`select ${columns} from operator order by lower(user_name)`);
  return rows.map(sheetOf);
}

/** `lock`: until the end of the transaction. */
export async function operatorSheet(
  database: Queryable,
  userName: string,
  lock = false,
): Promise<OperatorSheet | undefined> {
  const [row] = await database.query<SheetRow>(
    `select ${columns} from operator where lower(user_name) = lower($1) ${lock ? 'for update' : ''}`,
    [userName],
  );
  return row && sheetOf(row);
}

export async function privilegeOf(database: Queryable, id: number): Promise<Privilege | undefined> {
  const [row] = await database.query<{ privilege: Privilege }>(
    'select privilege from operator where id = $1',
    [id],
  );
  return row?.privilege;
}

export async function passwordHashOf(database: Queryable, id: number): Promise<string | undefined> {
  const [row] = await database.query<{ hash: string }>(
    'select password_hash as hash from operator where id = $1',
    [id],
  );
  return row?.hash;
}

/** Undefined: the user name is taken. */
export async function insertOperator(
  database: Queryable,
  { userName, name, certificateName, privilege }: OperatorEntry,
  passwordHash: string,
): Promise<number | undefined> {
  const [row] = await database.query<{ id: number }>(
    `insert into operator (user_name, name, certificate_name, privilege, password_hash) values ($1, $2, $3, $4, $5)
     on conflict (lower(user_name)) do nothing returning id`,
    [userName, name, certificateName, privilege, passwordHash],
  );
  return row?.id;
}

export async function updateOperator(
  database: Queryable,
  id: number,
  { name, certificateName, privilege }: Omit<OperatorEntry, 'userName'>,
): Promise<void> {
  await database.query('update operator set name = $2, certificate_name = $3, privilege = $4 where id = $1', [
    id,
    name,
    certificateName,
    privilege,
  ]);
}

export async function setOperatorPassword(
  database: Queryable,
  id: number,
  passwordHash: string,
): Promise<void> {
  await database.query('update operator set password_hash = $2, password_changed_at = now() where id = $1', [
    id,
    passwordHash,
  ]);
}
