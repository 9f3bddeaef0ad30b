/** `operator list`, `operator show`. */
import { listOperators, showOperator } from '../../core/administration/operator.ts';
import type { OperatorSheet } from '../../core/administration/ports.ts';
import { type AdministrationSession, type Command, needed } from '../administration/session.ts';
import { type Answer, columns, day } from '../pki/session.ts';

export const list: Command = async session => {
  const { administration, operator, texts } = session;
  const sheets = await listOperators(administration, operator);
  const head = [texts.number, texts.userName, texts.name, texts.privilege, texts.certificateName];
  const cells = sheets.map(({ id, userName, name, privilege, certificateName }) => [
    `${id}`,
    userName,
    name,
    `${privilege} ${texts.privileges[privilege]}`,
    certificateName,
  ]);
  return {
    json: sheets.map(toldOf),
    lines: cells.length === 0 ? [texts.none] : columns([head, ...cells]),
  };
};

export const show: Command = async (session, args) => {
  const { administration, operator } = session;
  return pageOf(session, await showOperator(administration, operator, userNameOf(session, args[0])));
};

export function userNameOf(session: AdministrationSession, text: string | undefined): string {
  return needed(session, session.texts.userNameWord, text);
}

export function pageOf({ texts }: AdministrationSession, sheet: OperatorSheet): Answer {
  const { id, userName, name, privilege, certificateName, createdAt, passwordChangedAt } = sheet;
  const rows: [string, string][] = [
    [texts.number, `${id}`],
    [texts.userName, userName],
    [texts.name, name],
    [texts.privilege, `${privilege} ${texts.privileges[privilege]}`],
    [texts.certificateName, certificateName],
    [texts.created, day(createdAt)],
    [texts.passwordState, texts.passwordChanged(day(passwordChangedAt))],
  ];
  return { json: toldOf(sheet), lines: columns(rows.filter(([, value]) => value !== '')) };
}

function toldOf({ createdAt, passwordChangedAt, ...operator }: OperatorSheet) {
  return {
    ...operator,
    createdAt: new Date(createdAt).toISOString(),
    passwordChangedAt: new Date(passwordChangedAt).toISOString(),
  };
}
