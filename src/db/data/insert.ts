/** Rows into a table, as many statements as they need. */
import { type Queryable, valuesList } from '../database.ts';

/** Parameters that one statement may carry (the protocol counts them in 16 bits). */
export const parameterLimit = 60_000;

/** `into`: table and columns, `xms.due (client, about)`; the rows' values in that order. */
export async function insertRows(
  connection: Queryable,
  into: string,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const limit = Math.floor(parameterLimit / (rows[0]?.length ?? 1));
  for (let i = 0; i < rows.length; i += limit) {
    const { text, parameters } = valuesList(rows.slice(i, i + limit));
    await connection.query(`insert into ${into} values ${text}`, parameters);
  }
}
