/** Rows of lists as lines that can be listened to: no columns, what matters first. */
import type { Client } from '../../core/administration/ports.ts';
import type { MessageRow } from '../../core/console-ports.ts';
import { sentence } from '../../core/errors.ts';
import type { PagerLine } from '../../screens/pager/pager.ts';
import { administrationTexts } from '../../text/administration.ts';
import { grouped, moment } from '../../text/format.ts';
import type { LineDesk } from './line-desk.ts';

export function messageLine(row: MessageRow, { texts, language }: LineDesk): string {
  const { id, at, client, clientName = '', table, service, outcome, numero, reason, filed, refused } = row;
  const { messages, monitor } = texts;
  return told([
    `${id}`,
    moment(at, Date.now(), language),
    client === undefined ? monitor.unknownSender : `${client} ${clientName}`.trimEnd(),
    table ?? service ?? '',
    messages.outcomes[outcome],
    numero === undefined ? '' : monitor.numero(grouped(numero, language)),
    filed === undefined ? '' : messages.records(filed, refused ?? 0),
    reason ? sentence(reason.code, reason.params, language) : '',
  ]);
}

export function clientLine(client: Client, { language }: LineDesk): string {
  const { matricule, name, town, status, balance } = client;
  const texts = administrationTexts[language];
  return told([
    `${matricule}`,
    name,
    town,
    `${texts.status} ${status}`,
    `${texts.balance} ${grouped(balance, language)}`,
  ]);
}

export function pagerLine({ label, text }: PagerLine, { lines }: LineDesk): string {
  return label === undefined || label === '' ? text : `${lines.prompt(label)}${text}`;
}

function told(parts: readonly string[]): string {
  return parts.filter(part => part !== '').join(', ');
}
