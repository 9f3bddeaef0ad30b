/** A certificate is withdrawn: why, and a question before it is done, for nothing brings it back. */
import { type CertificateRow, type RevocationChoice, revocationChoices } from '../../core/console-ports.ts';
import type { Desk } from '../desk.ts';
import { EntryScreen } from '../form/entry.ts';

export function openRevocationForm(desk: Desk, { key, holder }: CertificateRow): EntryScreen {
  const { security } = desk.texts;
  return new EntryScreen(desk, () => ({
    about: holder,
    title: security.revoke.title,
    fields: [
      { id: 'key', label: security.revoke.key, value: key, readOnly: true },
      {
        id: 'reason',
        label: security.revoke.reason,
        choices: revocationChoices.map(id => ({ id, label: security.reasons[id] })),
        hint: security.revoke.hint,
      },
    ],
    confirm: async () => {
      const answer = await desk.ask(security.revoke.question(holder), [
        { id: 'keep', ...security.revoke.keep },
        { id: 'revoke', ...security.revoke.revoke },
      ]);
      if (answer !== 'revoke') desk.say(security.revoke.kept);
      return answer === 'revoke';
    },
    save: async ({ reason }) => {
      await desk.session.installation.security.revoke(key, reason as RevocationChoice);
      return { told: security.revoke.done(holder) };
    },
  }));
}
