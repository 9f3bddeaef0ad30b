/** The Monitor below another screen: the counters always, links and log where there is room. */
import { Box } from 'ink';
import type { ReactNode } from 'react';
import { Line } from '../components/Line.tsx';
import { useLook, useObserved } from '../look.ts';
import type { Area } from '../window.ts';
import { Counters } from './Counters.tsx';
import { Links } from './Links.tsx';
import { Log } from './Log.tsx';
import type { Monitor } from './monitor.ts';
import { State } from './State.tsx';

const logHeight = 5;
const roomyRows = 36;

/** Rows that it takes. */
export function paneRows({ rows }: Area, { status }: Monitor): number {
  if (rows < roomyRows) return 2 + (status ? 2 : 1);
  return 2 + (status ? 3 + 4 : 1) + logHeight;
}

export function MonitorPane({ monitor }: { readonly monitor: Monitor }): ReactNode {
  const { glyphs, window, texts } = useLook();
  useObserved(monitor);
  const { status } = monitor;
  const roomy = window.rows >= roomyRows;
  return (
    <Box flexDirection="column" flexShrink={0}>
      <Line>{glyphs.rule.repeat(window.columns)}</Line>
      <State status={status} unread={monitor.unreadMessages} />
      {status ? <Counters status={status} withTotal={roomy} /> : <Line>{` ${texts.monitor.noEngine}`}</Line>}
      {roomy && (
        <>
          {status && <Links status={status} databaseLost={monitor.databaseLost !== undefined} />}
          <Log log={monitor.log} height={logHeight} />
        </>
      )}
    </Box>
  );
}
