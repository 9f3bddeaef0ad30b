/** `client rights`: the tables that a client writes and reads. */
import { showClient } from '../../core/administration/client.ts';
import { changeRights, type RightChange } from '../../core/administration/client-right.ts';
import type { Command } from '../administration/session.ts';
import { matriculeOf, rightsAnswer } from './listing.ts';

export const rights: Command = async (session, args) => {
  const { administration, operator, flags } = session;
  const matricule = matriculeOf(session, args[0]);
  const changes: RightChange[] = [
    ...tablesOf(flags.write).map(table => ({ table, write: true })),
    ...tablesOf(flags.read).map(table => ({ table, read: true })),
    ...tablesOf(flags.revokeWrite).map(table => ({ table, write: false })),
    ...tablesOf(flags.revokeRead).map(table => ({ table, read: false })),
  ];
  if (changes.length > 0) {
    return rightsAnswer(session, await changeRights(administration, operator, matricule, changes));
  }
  return rightsAnswer(session, (await showClient(administration, operator, matricule)).rights);
};

/** Apart by commas. */
function tablesOf(text: string | undefined): string[] {
  return (text ?? '').split(',').flatMap(table => table.trim() || []);
}
