/** A request is refused: the client reads why. */
import type { CertificateRequestRow } from '../../core/console-ports.ts';
import type { Desk } from '../desk.ts';
import { FormScreen } from '../form/form-screen.ts';

export function openRefusal(
  desk: Desk,
  { id, client, clientName }: CertificateRequestRow,
  onRefused: () => void,
): FormScreen {
  const { refusal } = desk.texts.security;
  const who = `${client} ${clientName}`;
  return new FormScreen(desk, refusal.title(who), {
    fields: [{ id: 'reason', label: refusal.reason, required: true, limit: 200, hint: refusal.hint }],
    save: async ({ reason = '' }) => {
      await desk.session.installation.security.refuse(id, reason);
      onRefused();
      return refusal.done(who);
    },
  });
}
