/** The tables that a client may write and read. */
import { showClient } from '../../core/administration/client.ts';
import { changeRights, type RightChange } from '../../core/administration/client-right.ts';
import type { TableRight } from '../../core/administration/ports.ts';
import { actPrivileges } from '../../core/operator.ts';
import type { Desk } from '../desk.ts';
import { EntryScreen } from '../form/entry.ts';
import type { FieldOptions, Values } from '../form/form.ts';
import { aboutClient, clientField, named } from './named.ts';

const grants = {
  none: { write: false, read: false },
  write: { write: true, read: false },
  read: { write: false, read: true },
  both: { write: true, read: true },
} as const;

type Grant = keyof typeof grants;

const grantIds: readonly Grant[] = ['none', 'write', 'read', 'both'];

export function rightsEntry(desk: Desk, matricule: number): EntryScreen {
  const { texts, session } = desk;
  const { clients } = texts;
  const { administration } = session.installation;
  return new EntryScreen(desk, async () => {
    const [sheet, known] = await Promise.all([
      showClient(administration, session.operator, matricule),
      administration.tables(),
    ]);
    const had = new Map(sheet.rights.map(right => [right.table, right]));
    // Of a table that is gone, too: to be withdrawn.
    const tables = [...new Set([...known, ...had.keys()])].sort();
    let asked: readonly RightChange[] = [];
    return {
      about: aboutClient(sheet),
      title: texts.acts['client-rights'].name,
      fields: [
        clientField(desk, sheet),
        ...tables.map(table => fieldOf(desk, table, grantOf(had.get(table)))),
      ],
      notes: [tables.length === 0 ? clients.noTables : clients.rightsNote],
      blame: ({ code, params }) => {
        if (code === 'table-unknown') return idOf(`${params.table}`);
        if (code !== 'privilege-needed' || params.needed !== actPrivileges['client-sds']) return undefined;
        const read = asked.find(({ table, read: now }) => now !== (had.get(table)?.read ?? false));
        return read && idOf(read.table);
      },
      save: async values => {
        asked = changesOf(values, tables, had);
        await changeRights(administration, session.operator, matricule, asked);
        return { told: clients.rightsSet(named(desk, sheet)) };
      },
    };
  });
}

/** No other field of the form has such an id. */
function idOf(table: string): string {
  return `table ${table}`;
}

function grantOf(right: TableRight | undefined): Grant {
  const { write = false, read = false } = right ?? {};
  return write && read ? 'both' : write ? 'write' : read ? 'read' : 'none';
}

function fieldOf({ texts }: Desk, table: string, value: Grant): FieldOptions {
  const { rightChoices } = texts.clients;
  const choices = grantIds.map(id => ({ id, label: rightChoices[id] }));
  return { id: idOf(table), label: table, value, choices };
}

/** Only what was changed here: somebody else may have changed another table meanwhile. */
function changesOf(
  values: Values,
  tables: readonly string[],
  had: ReadonlyMap<string, TableRight>,
): RightChange[] {
  return tables.flatMap(table => {
    const grant = grantIds.find(id => id === values[idOf(table)]);
    if (grant === undefined || grant === grantOf(had.get(table))) return [];
    return [{ table, ...grants[grant] }];
  });
}
