/** Broker, database and cycle: where they are, how they stand in words, and what is wrong with them. Four rows. */
import type { ReactNode } from 'react';
import type { EngineStatus, LinkState } from '../../core/engine-status.ts';
import { clockTime, grouped } from '../../text/format.ts';
import { cell } from '../components/cell.ts';
import { Line, Toned } from '../components/Line.tsx';
import type { Tone } from '../desk.ts';
import { wordsOf } from '../fault.ts';
import { useLook } from '../look.ts';

export const labelWidth = 13;
const kindWidth = 12;
const stateWidth = 12;

const tones: Readonly<Record<LinkState, Tone>> = {
  connecting: 'plain',
  connected: 'good',
  standby: 'plain',
  lost: 'bad',
  closed: 'plain',
};

interface LinksProps {
  readonly status: EngineStatus;
  /** The console's own connection to PostgreSQL is lost. */
  readonly databaseLost: boolean;
}

export function Links({ status, databaseLost }: LinksProps): ReactNode {
  const { texts, language, window } = useLook();
  const placeWidth = window.columns >= 110 ? 40 : 27;
  const { broker, database, cycle } = status;
  const { monitor } = texts;
  const protocol = broker.protocol && (broker.protocol === 5 ? 'MQTT 5' : 'MQTT 3.1.1');
  const roundTrip =
    broker.roundTripMs === undefined ? '' : monitor.roundTrip(grouped(broker.roundTripMs, language));
  const state = databaseLost ? 'lost' : database.state;
  const time = (at: number | undefined) => (at === undefined ? '' : clockTime(at));
  return (
    <>
      <Line>
        {label(monitor.broker) + cell(broker.url, placeWidth) + cell(` ${protocol ?? ''}`, kindWidth)}
        <Toned tone={tones[broker.state]}>{cell(monitor.brokerStates[broker.state], stateWidth)}</Toned>
        {broker.reason ? '' : roundTrip}
      </Line>
      <Line>
        {label(monitor.database) +
          cell(database.host, placeWidth) +
          cell(` PG ${database.version}`, kindWidth)}
        <Toned tone={tones[state]}>{monitor.databaseStates[state]}</Toned>
      </Line>
      <Line>
        {label(monitor.cycle) + cell(monitor.every(grouped(cycle.periodS, language)), placeWidth)}
        {cell(` ${monitor.last}`, kindWidth) + cell(time(cycle.lastAt), stateWidth)}
        {cycle.nextAt === undefined ? '' : `${monitor.next} ${time(cycle.nextAt)}`}
      </Line>
      <Line tone="bad">{broker.reason ? ` ${wordsOf(broker.reason, texts, language)}` : ' '}</Line>
    </>
  );
}

function label(text: string): string {
  return cell(` ${text}`, labelWidth);
}
