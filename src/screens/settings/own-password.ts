/** Fichier / Mot de passe: one's own, the old one and twice the new one. Nothing of it is ever shown. */
import { changeOwnPassword } from '../../core/administration/operator.ts';
import { XmError } from '../../core/errors.ts';
import type { Desk } from '../desk.ts';
import { EntryScreen } from '../form/entry.ts';

export function openOwnPassword(desk: Desk): EntryScreen {
  const { installation, operator } = desk.session;
  const { password } = desk.texts.settings;
  const secret = { secret: true, required: true, limit: 200 } as const;
  return new EntryScreen(desk, () => ({
    title: password.title(operator.userName),
    fields: [
      { id: 'current', label: password.current, ...secret },
      { id: 'next', label: password.next, hint: password.hint, ...secret },
      { id: 'again', label: password.again, ...secret },
    ],
    save: async ({ current = '', next = '', again = '' }) => {
      if (next !== again) throw new XmError('passwords-differ');
      await changeOwnPassword(installation.administration, operator, current, next);
      return { told: password.changed };
    },
    blame: ({ code }) => {
      if (code === 'password-wrong') return 'current';
      if (code === 'passwords-differ') return 'again';
      return code.startsWith('password-') ? 'next' : undefined;
    },
  }));
}
