/** Which tables a client may write and read. */
import { XmError } from '../errors.ts';
import { demand, type Operator } from '../operator.ts';
import { perform } from './act.ts';
import { lockFor } from './client.ts';
import type { Administration, TableRight } from './ports.ts';

export interface RightChange {
  readonly table: string;
  /** Undefined: as it is. */
  readonly write?: boolean | undefined;
  readonly read?: boolean | undefined;
}

/**
 * Grants and withdraws; returns the rights as they stand then. What is withdrawn may be of a table that is gone. To read
 * is SDS, and for the Superviseur to give or take. Throws `privilege-needed`, `client-unknown`, `table-unknown`.
 */
export async function changeRights(
  administration: Administration,
  operator: Operator,
  matricule: number,
  changes: readonly RightChange[],
): Promise<readonly TableRight[]> {
  const tables = await administration.tables();
  return perform(administration, operator, 'client-rights', async (records, actor) => {
    await lockFor(records, actor, matricule);
    const before = await records.rights(matricule);
    const rights = new Map(before.map(right => [right.table, right]));
    for (const { table, write, read } of changes) {
      if ((write || read) && !tables.has(table)) throw new XmError('table-unknown', { table });
      const had = rights.get(table) ?? { table, write: false, read: false };
      const has = { table, write: write ?? had.write, read: read ?? had.read };
      if (has.read !== had.read) demand(actor, 'client-sds');
      rights.set(table, has);
    }
    const after = [...rights.values()].filter(({ write, read }) => write || read);
    after.sort((a, b) => (a.table < b.table ? -1 : 1));
    const changed = JSON.stringify(before) !== JSON.stringify(after);
    if (changed) await records.writeRights(matricule, [...rights.values()]);
    return { result: after, detail: changed ? { client: matricule, before, after } : undefined };
  });
}
