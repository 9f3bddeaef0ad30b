/** `client list`, `client show`: a table of many, a page of one. */
import { listClients, showClient } from '../../core/administration/client.ts';
import { type ClientSheet, clientSorts, type TableRight } from '../../core/administration/ports.ts';
import { grouped } from '../../text/format.ts';
import {
  type AdministrationSession,
  type Command,
  fromOf,
  limitOf,
  numberOf,
  sortOf,
} from '../administration/session.ts';
import { type Answer, columns, day } from '../pki/session.ts';

export const list: Command = async session => {
  const { administration, operator, flags, language, texts } = session;
  const { rows, more } = await listClients(administration, operator, {
    search: flags.search ?? '',
    status: flags.status,
    sort: sortOf(session, clientSorts, 'matricule'),
    descending: flags.descending,
    from: fromOf(session),
    limit: limitOf(session),
  });
  const head = [texts.matricule, texts.name, texts.town, texts.telephone, texts.status, texts.balance];
  const cells = rows.map(({ matricule, name, town, telephone, status, balance }) => [
    `${matricule}`,
    name,
    town,
    telephone,
    `${status}`,
    grouped(balance, language),
  ]);
  const next = more ? rows.at(-1)?.key : undefined;
  return {
    json: {
      clients: rows.map(({ key: _key, createdAt, ...client }) => ({
        ...client,
        createdAt: new Date(createdAt).toISOString(),
      })),
      next: next ?? null,
    },
    lines: [
      ...(cells.length === 0 ? [texts.none] : columns([head, ...cells])),
      ...(next === undefined ? [] : [texts.next(next)]),
    ],
  };
};

export const show: Command = async (session, args) => {
  const { administration, operator } = session;
  return pageOf(session, await showClient(administration, operator, matriculeOf(session, args[0])));
};

export function matriculeOf(session: AdministrationSession, text: string | undefined): number {
  return numberOf(session, session.texts.matricule, text);
}

export function pageOf(
  { texts, language }: Pick<AdministrationSession, 'texts' | 'language'>,
  sheet: ClientSheet,
): Answer {
  const { matricule, name, town, telephone, status, balance, createdAt, passwordChangedAt } = sheet;
  const { batch, certificate, readsPerDay, rights, waitingMessages, unreadMessages } = sheet;
  const rows: [string, string][] = [
    [texts.matricule, `${matricule}`],
    [texts.name, name],
    [texts.town, town],
    [texts.telephone, telephone],
    [texts.status, `${status}, ${texts.statuses[status]}`],
    [texts.balance, grouped(balance, language)],
    [texts.created, day(createdAt)],
    [
      texts.passwordState,
      passwordChangedAt === undefined ? texts.initialPassword : texts.passwordChanged(day(passwordChangedAt)),
    ],
    [texts.certificate, certificateText(sheet, texts)],
    [texts.writes, rights.flatMap(({ table, write }) => (write ? [table] : [])).join(', ')],
    [texts.reads, rights.flatMap(({ table, read }) => (read ? [table] : [])).join(', ')],
    [texts.batch, batch ? texts.allowed : ''],
    [texts.readsPerDay, readsPerDay === undefined ? '' : grouped(readsPerDay, language)],
    [texts.waitingMessages, waitingMessages === 0 ? '' : `${waitingMessages}`],
    [texts.unreadMessages, unreadMessages === 0 ? '' : `${unreadMessages}`],
  ];
  return {
    json: {
      matricule,
      name,
      town,
      telephone,
      status,
      balance,
      createdAt: new Date(createdAt).toISOString(),
      passwordIsInitial: passwordChangedAt === undefined,
      certificate: certificate && { ...certificate, notAfter: new Date(certificate.notAfter).toISOString() },
      rights,
      batch,
      readsPerDay: readsPerDay ?? null,
      waitingMessages,
      unreadMessages,
    },
    lines: columns(rows.filter(([, value]) => value !== '')),
  };
}

export function rightsAnswer({ texts }: AdministrationSession, rights: readonly TableRight[]): Answer {
  const rows = rights.map(({ table, write, read }) => [
    table,
    [...(write ? [texts.writes] : []), ...(read ? [texts.reads] : [])].join(', '),
  ]);
  return { json: rights, lines: rows.length === 0 ? [texts.none] : columns(rows) };
}

function certificateText({ certificate }: ClientSheet, texts: AdministrationSession['texts']): string {
  if (!certificate) return texts.noCertificate;
  const { key, notAfter, revoked } = certificate;
  return revoked ? texts.certificateRevoked(key) : texts.certificateUntil(key, day(notAfter));
}
