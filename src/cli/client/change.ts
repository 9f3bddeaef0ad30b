/** `client create`, `change`, `status`, `password-reset`. */
import {
  changeClient,
  createClient,
  resetClientPassword,
  setClientStatus,
  showClient,
} from '../../core/administration/client.ts';
import { type Command, demandSome, given, needed } from '../administration/session.ts';
import { matriculeOf, pageOf } from './listing.ts';

/** All services but SDS: what an ordinary office needs. */
const ordinaryStatus = 2;

export const create: Command = async session => {
  const { administration, operator, flags, texts } = session;
  const sheet = await createClient(administration, operator, {
    name: needed(session, '--name', flags.name),
    town: flags.town ?? '',
    telephone: flags.telephone ?? '',
    status: flags.status ?? ordinaryStatus,
    matricule: flags.matricule,
    reference: flags.reference,
  });
  const { json, lines } = pageOf(session, sheet);
  return { json, lines: [texts.clientCreated(sheet.matricule), ...lines] };
};

export const change: Command = async (session, args) => {
  const { administration, operator, flags } = session;
  const matricule = matriculeOf(session, args[0]);
  const changes = given({ name: flags.name, town: flags.town, telephone: flags.telephone });
  demandSome(session, changes);
  return pageOf(session, await changeClient(administration, operator, matricule, changes));
};

export const status: Command = async (session, args) => {
  const { administration, operator } = session;
  const matricule = matriculeOf(session, args[0]);
  const wanted = needed(session, session.texts.status, args[1]);
  return pageOf(session, await setClientStatus(administration, operator, matricule, Number(wanted)));
};

export const passwordReset: Command = async (session, args) => {
  const { administration, operator, texts } = session;
  const matricule = matriculeOf(session, args[0]);
  await resetClientPassword(administration, operator, matricule);
  const { name } = await showClient(administration, operator, matricule);
  return { json: { matricule, passwordIsInitial: true }, lines: [texts.passwordReset(name)] };
};
