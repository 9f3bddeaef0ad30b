/** `operator create`, `change`, `suspend`, `password`. */
import {
  changeOperator,
  createOperator,
  setOperatorPassword,
  showOperator,
  suspendOperator,
} from '../../core/administration/operator.ts';
import { type Command, demandSome, given, needed, newPassword } from '../administration/session.ts';
import { pageOf, userNameOf } from './listing.ts';

export const create: Command = async (session, args) => {
  const { administration, operator, flags, texts } = session;
  const userName = userNameOf(session, args[0]);
  const entry = {
    userName,
    name: needed(session, '--name', flags.name),
    privilege: needed(session, '--privilege', flags.privilege),
    certificateName: flags.certificateName ?? '',
  };
  const password = await newPassword(session, texts.password(userName));
  const sheet = await createOperator(administration, operator, entry, password);
  const { json, lines } = pageOf(session, sheet);
  return { json, lines: [texts.operatorCreated(sheet.userName), ...lines] };
};

export const change: Command = async (session, args) => {
  const { administration, operator, flags } = session;
  const userName = userNameOf(session, args[0]);
  const { name, privilege, certificateName } = flags;
  const changes = given({ name, privilege, certificateName });
  demandSome(session, changes);
  return pageOf(session, await changeOperator(administration, operator, userName, changes));
};

export const suspend: Command = async (session, args) => {
  const { administration, operator } = session;
  return pageOf(session, await suspendOperator(administration, operator, userNameOf(session, args[0])));
};

export const password: Command = async (session, args) => {
  const { administration, operator, texts } = session;
  // Asked only where there is somebody to ask for.
  const { userName } = await showOperator(administration, operator, userNameOf(session, args[0]));
  const typed = await newPassword(session, texts.password(userName));
  await setOperatorPassword(administration, operator, userName, typed);
  return { json: { operator: userName }, lines: [texts.passwordSet(userName)] };
};
