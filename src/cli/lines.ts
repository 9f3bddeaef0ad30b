/** Engine status and events as lines of text, for pipes and logs. */
import type { Counts, EngineStatus, MonitorEvent } from '../core/engine-status.ts';
import { sentence } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import { printable } from '../core/printable.ts';
import type { ProgramTexts } from '../text/program.ts';

export function statusLines(
  status: EngineStatus | undefined,
  texts: ProgramTexts,
  language: Language,
): string[] {
  if (!status) return [texts.noEngine];
  const { broker, database } = status;
  const rows: [string, string][] = [
    [
      texts.engine,
      `${texts.engineStates[status.state]}, ${texts.process} ${status.pid}, ${texts.since} ${moment(status.startedAt, language)}`,
    ],
    [
      texts.broker,
      [
        broker.url,
        protocolName(broker.protocol),
        texts.linkStates[broker.state],
        reasonOf(broker.reason, language),
      ]
        .filter(part => part !== '')
        .join('  '),
    ],
    [texts.database, `${database.host}  ${database.version}  ${texts.linkStates[database.state]}`],
    [texts.today, countsLine(status.today, texts)],
    [texts.total, countsLine(status.total, texts)],
    [texts.waiting, String(status.waiting)],
    ...(status.ending
      ? [
          [texts.certificates, texts.ending(status.ending.count, day(status.ending.firstAt, language))] as [
            string,
            string,
          ],
        ]
      : []),
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${label.padEnd(width)}  ${value}`);
}

export function eventLine(event: MonitorEvent, texts: ProgramTexts, language: Language): string {
  const parts = [
    moment(event.at, language),
    event.client === undefined ? texts.unknownSender : `${event.client} ${event.clientName ?? ''}`.trimEnd(),
    event.table ?? event.service ?? '',
    event.kind === 'receipts' ? `${texts.events.receipts} × ${event.count ?? 1}` : texts.events[event.kind],
    event.records === undefined ? '' : texts.records(event.count ?? 0, event.records),
    event.numero === undefined ? '' : `${texts.number} ${event.numero}`,
    reasonOf(event.reason, language),
    `${event.bytes} ${texts.bytes}`,
  ];
  return printable(parts.filter(part => part !== '').join('  '));
}

function countsLine(counts: Counts, texts: ProgramTexts): string {
  return (['received', 'filed', 'refused', 'sent'] as const)
    .map(name => `${texts[name]} ${counts[name]}`)
    .join('  ');
}

function protocolName(protocol: 4 | 5 | undefined): string {
  return protocol === undefined ? '' : protocol === 5 ? 'MQTT 5' : 'MQTT 3.1.1';
}

function reasonOf(reason: MonitorEvent['reason'], language: Language): string {
  return reason ? sentence(reason.code, reason.params, language) : '';
}

function day(at: number, language: Language): string {
  return new Date(at).toLocaleDateString(language, { dateStyle: 'short' });
}

export function moment(at: number, language: Language): string {
  return new Date(at).toLocaleString(language, { dateStyle: 'short', timeStyle: 'medium' });
}
