/** What this is, which version, and what it works with. */
import type { ReactNode } from 'react';
import { cell } from '../components/cell.ts';
import { Line } from '../components/Line.tsx';
import { useLook } from '../look.ts';
import type { ViewProps } from '../views.tsx';
import { infoRows } from './infos.ts';

const labelWidth = 22;

export function InfosView({ workspace }: ViewProps<'infos'>): ReactNode {
  const { texts } = useLook();
  const { infos, product } = texts;
  return (
    <>
      <Line />
      <Line>{` ${product} · ${infos.copyright}`}</Line>
      <Line>{` ${infos.purpose}`}</Line>
      <Line />
      {infoRows(workspace, workspace.session.monitor.status).map(([label, value]) => (
        <Line key={label}>{`${cell(label, labelWidth, 'right')}  ${value}`}</Line>
      ))}
    </>
  );
}
