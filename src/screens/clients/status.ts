/** "Nouveau statut": one of the guide's table 3; suspending asks. */
import { setClientStatus, showClient } from '../../core/administration/client.ts';
import type { Desk } from '../desk.ts';
import { agreed, blaming, EntryScreen } from '../form/entry.ts';
import type { Choice } from '../form/form.ts';
import { aboutClient, clientField, named } from './named.ts';

const suspended = '0';

export function statusEntry(desk: Desk, matricule: number): EntryScreen {
  const { texts, session } = desk;
  const { clients } = texts;
  const { administration } = session.installation;
  return new EntryScreen(desk, async () => {
    const sheet = await showClient(administration, session.operator, matricule);
    return {
      about: aboutClient(sheet),
      title: texts.acts['client-status'].name,
      fields: [
        clientField(desk, sheet),
        {
          id: 'status',
          label: clients.status,
          value: `${sheet.status}`,
          choices: statusChoices(desk),
        },
      ],
      notes: [...statusChoices(desk).map(({ label }) => label), '', clients.sdsNote],
      blame: blaming({ 'client-status-invalid': 'status', 'privilege-needed': 'status' }),
      confirm: async ({ status }) =>
        status !== suspended ||
        status === `${sheet.status}` ||
        agreed(desk, clients.suspend(named(desk, sheet))),
      save: async ({ status }) => {
        const set = await setClientStatus(administration, session.operator, matricule, Number(status));
        return { told: clients.statusSet(named(desk, set), set.status) };
      },
    };
  });
}

export function statusChoices({ texts }: Desk): Choice[] {
  const { statuses, statusLine } = texts.clients;
  return statuses.map((words, status) => ({ id: `${status}`, label: statusLine(status, words) }));
}
