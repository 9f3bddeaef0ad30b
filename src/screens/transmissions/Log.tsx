/** What happened to messages, a line each. The newest overwrites the oldest; `▸` tells which it is. */
import type { ReactNode } from 'react';
import type { MonitorEvent } from '../../core/engine-status.ts';
import { sentence } from '../../core/errors.ts';
import { clockTime, grouped } from '../../text/format.ts';
import { cell, fitted } from '../components/cell.ts';
import { Line, Toned } from '../components/Line.tsx';
import { type Look, useLook } from '../look.ts';
import type { RingLog } from './ring-log.ts';

const kindWidth = 8;
const tableWidth = 13;
const numeroWidth = 13;
const bytesWidth = 12;

interface LogProps {
  readonly log: RingLog;
  /** Lines. */
  readonly height: number;
}

export function Log({ log, height }: LogProps): ReactNode {
  const look = useLook();
  if (log.isEmpty) return <Line>{`   ${look.texts.monitor.nothingYet}`}</Line>;
  return log.lines(height).map(({ event, newest }, slot) => {
    const mark = newest ? look.glyphs.marker : ' ';
    // A line of the log is its place, whatever stands there.
    const key = `line ${slot}`;
    return event ? <EventLine key={key} mark={mark} event={event} /> : <Line key={key} />;
  });
}

function EventLine({ mark, event }: { readonly mark: string; readonly event: MonitorEvent }): ReactNode {
  const look = useLook();
  const { texts, window } = look;
  const clientWidth = window.columns >= 110 ? 28 : 18;
  const kind = cell(texts.monitor.kinds[event.kind], kindWidth);
  const rest = window.columns - 2 - 8 - 2 - clientWidth - 2 - kindWidth;
  return (
    <Line>
      {`${mark} ${clockTime(event.at)}  ${cell(clientOf(event, look), clientWidth)}  `}
      {event.kind === 'refused' ? <Toned tone="bad">{kind}</Toned> : kind}
      {fitted(event.kind === 'refused' ? reasonOf(event, look) : contentsOf(event, look), rest)}
    </Line>
  );
}

function clientOf({ client, clientName = '' }: MonitorEvent, { texts }: Look): string {
  return client === undefined ? texts.monitor.unknownSender : `${client} ${clientName}`;
}

/** Why it was refused; the table before it where there is room. */
function reasonOf({ reason, table }: MonitorEvent, { language, window }: Look): string {
  const words = reason ? sentence(reason.code, reason.params, language) : '';
  return window.columns >= 110 && table !== undefined ? cell(table, tableWidth) + words : words;
}

function contentsOf(
  { kind, count, records, table = '', numero, bytes }: MonitorEvent,
  { texts, language }: Look,
): string {
  const { monitor } = texts;
  const size = cell(monitor.bytes(grouped(bytes, language)), bytesWidth, 'right');
  if (kind === 'receipts') return cell(monitor.receipts(count ?? 1), tableWidth + numeroWidth) + size;
  const number = numero === undefined ? '' : monitor.numero(grouped(numero, language));
  const filed = records === undefined ? number : monitor.records(count ?? 0, records);
  return cell(table, tableWidth) + cell(filed, numeroWidth, 'right') + size;
}
