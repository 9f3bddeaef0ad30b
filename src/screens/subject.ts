/** Acts that are done to what the screen on top is about, and why they cannot be. */
import { type Act as ActName, actPrivileges } from '../core/operator.ts';
import type { Act } from './acts.ts';
import type { Desk, Subject } from './desk.ts';

export function whileLost({ session, texts }: Desk): string | undefined {
  return session.installation.databaseLost && texts.refusals.databaseLost;
}

const families = { client: 'clients', operator: 'operators', signatory: 'signatories' } as const;

type Kind = keyof typeof families;

const looksOnly = /-(view|read)$/;

/** An act on the client, the operator, the signatory that is chosen; a refusal where none is. */
export function actOn<K extends Kind>(
  kind: K,
  privilege: ActName,
  run: (desk: Desk, subject: NonNullable<Subject[K]>) => Promise<void> | void,
): Act {
  return {
    privilege: actPrivileges[privilege],
    ...(looksOnly.test(privilege) ? {} : { changes: true as const }),
    refusal: desk =>
      desk.subject[kind] === undefined ? desk.texts[families[kind]].noneChosen : whileLost(desk),
    run: desk => {
      const subject = desk.subject[kind];
      return subject === undefined ? undefined : run(desk, subject);
    },
  };
}
