/** `signatory create`, `change`, `end`. */
import { changeSignatory, createSignatory, endSignatory } from '../../core/administration/signatory.ts';
import {
  type Command,
  demandSome,
  given,
  needed,
  numberOf,
  stamp,
  wholeNumber,
} from '../administration/session.ts';
import { pageOf } from './listing.ts';

export const create: Command = async session => {
  const { administration, operator, flags, texts } = session;
  const signatory = await createSignatory(administration, operator, {
    client: wholeNumber(session, '--client', needed(session, '--client', flags.client)),
    name: needed(session, '--name', flags.name),
    quality: flags.quality ?? '',
    certificate: flags.certificate,
    from: flags.from ?? today(),
    until: flags.until,
  });
  const { json, lines } = pageOf(session, signatory);
  return { json, lines: [texts.signatoryCreated(signatory.id), ...lines] };
};

export const change: Command = async (session, args) => {
  const { administration, operator, flags, texts } = session;
  const id = numberOf(session, texts.number, args[0]);
  const { name, quality, certificate, from, until } = flags;
  const changes = given({ name, quality, certificate, from, until });
  demandSome(session, changes);
  return pageOf(session, await changeSignatory(administration, operator, id, changes));
};

export const end: Command = async (session, args) => {
  const { administration, operator, flags, texts } = session;
  const id = numberOf(session, texts.number, args[0]);
  return pageOf(session, await endSignatory(administration, operator, id, flags.until ?? today()));
};

/** Of this machine's calendar. */
function today(): string {
  return stamp(Date.now()).slice(0, 10);
}
