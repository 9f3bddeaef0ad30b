/** A certificate is withdrawn: why, and a question before it is done, for nothing brings it back. */
import { type CertificateRow, type RevocationChoice, revocationChoices } from '../../core/console-ports.ts';
import type { Desk } from '../desk.ts';
import { FormScreen } from '../form/form-screen.ts';

export function openRevocationForm(desk: Desk, { key, holder }: CertificateRow): FormScreen {
  const { security } = desk.texts;
  return new FormScreen(desk, security.revoke.title(holder), {
    fields: [
      { id: 'key', label: security.revoke.key, value: key, readOnly: true },
      {
        id: 'reason',
        label: security.revoke.reason,
        choices: revocationChoices.map(id => ({ id, label: security.reasons[id] })),
        hint: security.revoke.hint,
      },
    ],
    save: async ({ reason }) => {
      const answer = await desk.ask(security.revoke.question(holder), [
        { id: 'keep', ...security.revoke.keep },
        { id: 'revoke', ...security.revoke.revoke },
      ]);
      if (answer !== 'revoke') {
        desk.say(security.revoke.kept);
        return undefined;
      }
      await desk.session.installation.security.revoke(key, reason as RevocationChoice);
      return security.revoke.done(holder);
    },
  });
}
