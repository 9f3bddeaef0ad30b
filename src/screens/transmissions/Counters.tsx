/** What went through the engine: today, and since ever. */
import type { ReactNode } from 'react';
import type { EngineStatus } from '../../core/engine-status.ts';
import { grouped } from '../../text/format.ts';
import { cell } from '../components/cell.ts';
import { Line } from '../components/Line.tsx';
import { useLook } from '../look.ts';
import { labelWidth } from './Links.tsx';

const names = ['received', 'filed', 'refused', 'sent', 'waiting', 'perMinute'] as const;

interface CountersProps {
  readonly status: EngineStatus;
  readonly withTotal: boolean;
}

export function Counters({ status, withTotal }: CountersProps): ReactNode {
  const { texts, language, window } = useLook();
  const columnWidth = window.columns >= 110 ? 14 : 11;
  const { counters, today, total } = texts.monitor;
  const { waiting, perMinute } = status;
  // The running minute says little while it is young, the last whole one nothing of the very first.
  const rate = Math.max(perMinute.at(-1) ?? 0, perMinute.at(-2) ?? 0);
  const row = (label: string, values: readonly string[]) =>
    cell(` ${label}`, labelWidth) + values.map(value => cell(value, columnWidth, 'right')).join('');
  const numbers = (values: readonly number[]) => values.map(value => grouped(value, language));
  const countsOf = ({ received, filed, refused, sent }: EngineStatus['today']) => [
    received,
    filed,
    refused,
    sent,
  ];
  return (
    <>
      <Line>
        {row(
          '',
          names.map(name => counters[name]),
        )}
      </Line>
      <Line>{row(today, numbers([...countsOf(status.today), waiting, rate]))}</Line>
      {withTotal && <Line>{row(total, numbers(countsOf(status.total)))}</Line>}
    </>
  );
}
