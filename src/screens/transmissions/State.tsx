/** How the engine stands, in words and in one sign. */
import type { ReactNode } from 'react';
import type { EngineStatus } from '../../core/engine-status.ts';
import { displayWidth } from '../../terminal/glyph.ts';
import { moment } from '../../text/format.ts';
import { cell, fitted } from '../components/cell.ts';
import { Line, Toned } from '../components/Line.tsx';
import type { Tone } from '../desk.ts';
import { useLook } from '../look.ts';

const tones: Readonly<Record<EngineStatus['state'], Tone>> = {
  starting: 'plain',
  running: 'good',
  paused: 'bad',
  stopping: 'bad',
};

interface StateProps {
  readonly status: EngineStatus | undefined;
  /** Messages of clients that nobody has read. */
  readonly unread: number;
}

export function State({ status, unread }: StateProps): ReactNode {
  const { texts, glyphs, language, window } = useLook();
  const { title, engine, engineStates, since } = texts.monitor;
  const sign = status?.state === 'running' ? glyphs.on : glyphs.off;
  // Since when, not for how long: what stands still costs nothing, and is never behind.
  const start = status ? `  ${since(moment(status.startedAt, Date.now(), language))}` : '';
  const state = `${sign} ${engineStates[status?.state ?? 'none']}`;
  const width = window.columns - displayWidth(`${engine} ${state}${start}`) - 1;
  const name = fitted(` ${title}`, Math.max(0, width));
  const news = unread === 0 ? '' : `  ${texts.clients.inbox.unread(unread)}`;
  const fill = cell(news, Math.max(0, width - displayWidth(name)));
  return (
    <Line>
      {name}
      {news === '' ? fill : <Toned tone="good">{fill}</Toned>}
      {` ${engine} `}
      <Toned tone={status ? tones[status.state] : 'bad'}>{state}</Toned>
      {start}
    </Line>
  );
}
