/** A client that has forgotten its password begins again with the first one. */
import { resetClientPassword, showClient } from '../../core/administration/client.ts';
import type { Desk } from '../desk.ts';
import { agreed } from '../form/entry.ts';
import { named } from './named.ts';

export async function resetPassword(desk: Desk, matricule: number): Promise<void> {
  const { texts, session } = desk;
  const { clients } = texts;
  const { administration } = session.installation;
  const client = named(desk, await showClient(administration, session.operator, matricule));
  if (!(await agreed(desk, clients.resetPassword(client)))) return;
  desk.say(clients.resetting);
  await resetClientPassword(administration, session.operator, matricule);
  desk.refresh();
  desk.say(clients.passwordReset(client), 'good');
}
