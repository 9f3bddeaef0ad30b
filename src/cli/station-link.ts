/** The station's link to its server, as the installation is set. */
import { openLink } from '../mqtt/link.ts';
import { createOpener } from '../sdc/opener.ts';
import type { CorrespondenceEvent, CorrespondenceParts } from '../station/correspondence.ts';
import { stationLink } from '../station/link-options.ts';
import type { OpenStation } from './open-station.ts';

/** `patienceMs`: how long a broker that is away is waited for; by default for ever. */
export function correspondenceOf(
  { settings, broker, identities, servers, store, brokerPassword }: OpenStation,
  onEvent: (event: CorrespondenceEvent) => void,
  patienceMs?: number,
): CorrespondenceParts {
  const [server, ...formerServers] = servers;
  return {
    clock: Date,
    matricule: settings.matricule,
    server,
    formerServers,
    store,
    opener: createOpener({ recipients: identities }),
    connect: handlers =>
      openLink(
        stationLink({
          url: settings.broker.url,
          userName: settings.broker.userName,
          matricule: settings.matricule,
          password: brokerPassword,
          ...broker,
        }),
        handlers,
      ),
    onEvent,
    ...(patienceMs === undefined ? {} : { patienceMs }),
  };
}
