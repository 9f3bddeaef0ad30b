/** The Monitor as a screen: how the engine stands, and what goes through it. */
import type { ReactNode } from 'react';
import { actPrivileges } from '../../core/operator.ts';
import { Line } from '../components/Line.tsx';
import { useLook } from '../look.ts';
import type { ViewProps } from '../views.tsx';
import { Counters } from './Counters.tsx';
import { Graph } from './Graph.tsx';
import { Links } from './Links.tsx';
import { Log } from './Log.tsx';
import { State } from './State.tsx';

/** Rows above the log, with an engine or without: its lines stay where they are. */
const rowsAbove = 12;

export function MonitorView({ workspace }: ViewProps<'monitor'>): ReactNode {
  const { window } = useLook();
  const { monitor } = workspace.session;
  const { status, log, minutes } = monitor;
  return (
    <>
      <State status={status} unread={monitor.unreadMessages} />
      <Line />
      {status ? (
        <>
          <Links status={status} databaseLost={monitor.databaseLost !== undefined} />
          <Counters status={status} withTotal />
          <Line />
          <Graph minutes={minutes} />
          <Line />
        </>
      ) : (
        <NoEngine privilege={workspace.session.operator.privilege} />
      )}
      <Log log={log} height={Math.max(1, window.workArea.rows - rowsAbove)} />
    </>
  );
}

function NoEngine({ privilege }: { readonly privilege: number }): ReactNode {
  const { noEngine, howToLaunch, mayNotLaunch } = useLook().texts.monitor;
  const needed = actPrivileges['engine-launch'];
  return (
    <>
      <Line>{` ${noEngine}`}</Line>
      <Line>{` ${privilege < needed ? mayNotLaunch(needed, privilege) : howToLaunch}`}</Line>
      {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(row => (
        <Line key={row} />
      ))}
    </>
  );
}
