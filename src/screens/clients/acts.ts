/** What the menu Clients has done. */
import { actPrivileges, menuPrivileges } from '../../core/operator.ts';
import type { Act, ActId } from '../acts.ts';
import { actOn, whileLost } from '../subject.ts';
import { goToClients } from './clients.ts';
import { goToInbox } from './inbox.ts';
import { resetPassword } from './password-reset.ts';

export const clientActs = {
  clients: { privilege: menuPrivileges.clients, run: goToClients, takesWords: true },
  'client-create': {
    privilege: actPrivileges['client-create'],
    changes: true,
    refusal: whileLost,
    run: desk => desk.open('client-create'),
  },
  'client-change': actOn('client', 'client-change', (desk, client) => desk.open('client-change', client)),
  'client-account': actOn('client', 'account-read', (desk, client) => desk.open('client-account', client)),
  'client-profile': actOn('client', 'clients-view', (desk, client) => desk.open('client', client)),
  'client-recharge': actOn('client', 'account-recharge', (desk, client) =>
    desk.open('client-recharge', client),
  ),
  'client-correct': actOn('client', 'account-correct', (desk, client) => desk.open('client-correct', client)),
  'client-invoice': actOn('client', 'account-invoice', (desk, client) => desk.open('client-invoice', client)),
  'client-status': actOn('client', 'client-status', (desk, client) => desk.open('client-status', client)),
  'client-message': actOn('client', 'client-message', (desk, client) => desk.open('client-message', client)),
  'client-rights': actOn('client', 'client-rights', (desk, client) => desk.open('client-rights', client)),
  'client-certificates': actOn('client', 'clients-view', (desk, client) =>
    desk.open('client-certificates', client),
  ),
  'client-password-reset': actOn('client', 'client-password-reset', resetPassword),
  'client-exchange': actOn('client', 'client-rights', (desk, client) => desk.open('client-exchange', client)),
  inbox: { privilege: actPrivileges['clients-view'], run: goToInbox, takesWords: true },
  'client-answer': {
    privilege: actPrivileges['client-message'],
    changes: true,
    refusal: desk =>
      desk.subject.answers === undefined ? desk.texts.clients.inbox.noneChosen : whileLost(desk),
    run: desk => {
      const { client, answers } = desk.subject;
      if (client !== undefined) desk.open('client-message', client, answers);
    },
  },
} satisfies Partial<Record<ActId, Act>>;
