/** Which version this is, and what it works with. */
import type { EngineStatus } from '../../core/engine-status.ts';
import type { Desk } from '../desk.ts';

/** `status`: as far as it is shown. */
export function infoRows(
  { texts, session }: Pick<Desk, 'texts' | 'session'>,
  status: EngineStatus | undefined,
): (readonly [label: string, value: string])[] {
  const { infos } = texts;
  const { installation, operator } = session;
  return [
    [infos.version, installation.version],
    [infos.serverName, installation.serverName],
    [infos.dataFolder, installation.dataFolder],
    [infos.services, installation.embedded ? infos.embedded : infos.external],
    [infos.database, status ? `${status.database.host}  PG ${status.database.version}` : infos.unknown],
    [infos.broker, status ? status.broker.url : infos.unknown],
    [infos.engine, status ? infos.process(status.pid, status.host) : infos.none],
    [infos.operator, `${operator.name} (${operator.userName})`],
  ];
}
