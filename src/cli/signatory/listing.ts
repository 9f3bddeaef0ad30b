/** `signatory list`, `signatory show`. */
import { type Signatory, signatorySorts } from '../../core/administration/ports.ts';
import { listSignatories, showSignatory } from '../../core/administration/signatory.ts';
import {
  type AdministrationSession,
  type Command,
  fromOf,
  limitOf,
  numberOf,
  sortOf,
  wholeNumber,
} from '../administration/session.ts';
import { type Answer, columns } from '../pki/session.ts';

export const list: Command = async session => {
  const { administration, operator, flags, texts } = session;
  const { rows, more } = await listSignatories(administration, operator, {
    search: flags.search ?? '',
    client: flags.client === undefined ? undefined : wholeNumber(session, '--client', flags.client),
    sort: sortOf(session, signatorySorts, 'name'),
    descending: flags.descending,
    from: fromOf(session),
    limit: limitOf(session),
  });
  const head = [texts.number, texts.name, texts.quality, texts.client, texts.from, texts.until];
  const cells = rows.map(({ id, name, quality, client, clientName, from, until }) => [
    `${id}`,
    name,
    quality,
    `${client} ${clientName}`,
    from,
    until ?? '',
  ]);
  const next = more ? rows.at(-1)?.key : undefined;
  return {
    json: { signatories: rows.map(({ key: _key, ...signatory }) => signatory), next: next ?? null },
    lines: [
      ...(cells.length === 0 ? [texts.none] : columns([head, ...cells])),
      ...(next === undefined ? [] : [texts.next(next)]),
    ],
  };
};

export const show: Command = async (session, args) => {
  const { administration, operator, texts } = session;
  const id = numberOf(session, texts.number, args[0]);
  return pageOf(session, await showSignatory(administration, operator, id));
};

export function pageOf({ texts }: AdministrationSession, signatory: Signatory): Answer {
  const { id, name, quality, client, clientName, certificate, from, until } = signatory;
  const rows: [string, string][] = [
    [texts.number, `${id}`],
    [texts.name, name],
    [texts.quality, quality],
    [texts.client, `${client} ${clientName}`],
    [texts.certificate, certificate ?? ''],
    [texts.from, from],
    [texts.until, until ?? ''],
  ];
  return { json: signatory, lines: columns(rows.filter(([, value]) => value !== '')) };
}
