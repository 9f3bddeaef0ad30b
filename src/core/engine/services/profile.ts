/** PROFILE: who a client is to the centre, shown and, below status 3, changed (guide §4.1, NB). */
import { isPrintable } from '../../administration/field.ts';
import { XmError } from '../../errors.ts';
import type { ProfileMessage } from '../../message.ts';
import type { Affairs } from '../../service-ports.ts';
import type { Reply } from './reply.ts';

/** Characters; the wire carries as many of any script. */
const longest = { name: 160, town: 80, telephone: 40 } as const;

/** The change again has no other effect. Throws `value-null` for a name without letters, `value-range`, `value-too-long`. */
export async function answerProfile(
  { id, change }: ProfileMessage,
  client: number,
  affairs: Pick<Affairs, 'profile' | 'changeProfile'>,
): Promise<Reply> {
  if (change) {
    if (change.name?.trim() === '') throw new XmError('value-null', { column: 'name' });
    for (const column of ['name', 'town', 'telephone'] as const) {
      const text = change[column] ?? '';
      // Shown to operators in lists: the rule of what they type themselves (administration/field.ts).
      if (!isPrintable(text)) throw new XmError('value-range', { column });
      const { length } = text;
      if (length > longest[column]) {
        throw new XmError('value-too-long', { column, length, limit: longest[column] });
      }
    }
    await affairs.changeProfile(client, change);
  }
  return { bodies: [{ service: 'PROFILE-ANSWER', about: id, ...(await affairs.profile(client)) }] };
}
