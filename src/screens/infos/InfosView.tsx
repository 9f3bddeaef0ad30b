/** What this is, which version, and what it works with. */
import type { ReactNode } from 'react';
import { cell } from '../components/cell.ts';
import { Line } from '../components/Line.tsx';
import { useLook } from '../look.ts';
import type { ViewProps } from '../views.tsx';

const labelWidth = 22;

export function InfosView({ workspace }: ViewProps<'infos'>): ReactNode {
  const { texts } = useLook();
  const { infos, product } = texts;
  const { installation, monitor, operator } = workspace.session;
  const { status } = monitor;
  const rows: readonly (readonly [label: string, value: string])[] = [
    [infos.version, installation.version],
    [infos.serverName, installation.serverName],
    [infos.dataFolder, installation.dataFolder],
    [infos.services, installation.embedded ? infos.embedded : infos.external],
    [infos.database, status ? `${status.database.host}  PG ${status.database.version}` : infos.unknown],
    [infos.broker, status ? status.broker.url : infos.unknown],
    [infos.engine, status ? infos.process(status.pid, status.host) : infos.none],
    [infos.operator, `${operator.name} (${operator.userName})`],
  ];
  return (
    <>
      <Line>{` ${infos.title}`}</Line>
      <Line />
      <Line>{` ${product} · ${infos.copyright}`}</Line>
      <Line>{` ${infos.purpose}`}</Line>
      <Line />
      {rows.map(([label, value]) => (
        <Line key={label}>{`${cell(label, labelWidth, 'right')}  ${value}`}</Line>
      ))}
    </>
  );
}
