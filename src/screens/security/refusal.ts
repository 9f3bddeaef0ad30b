/** A request is refused: the client reads why. */
import type { CertificateRequestRow } from '../../core/console-ports.ts';
import type { Desk } from '../desk.ts';
import { blaming, EntryScreen } from '../form/entry.ts';

export function openRefusal(
  desk: Desk,
  { id, client, clientName }: CertificateRequestRow,
  onRefused: () => void,
): EntryScreen {
  const { refusal } = desk.texts.security;
  const who = `${client} ${clientName}`;
  return new EntryScreen(desk, () => ({
    title: refusal.title,
    fields: [{ id: 'reason', label: refusal.reason, required: true, limit: 200, hint: refusal.hint }],
    blame: blaming({ 'reason-invalid': 'reason' }),
    save: async ({ reason = '' }) => {
      await desk.session.installation.security.refuse(id, reason);
      onRefused();
      return { told: refusal.done(who) };
    },
  }));
}
