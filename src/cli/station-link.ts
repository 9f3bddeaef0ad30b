/** The station's link to its server, as the installation is set. */
import { topics } from '../core/message.ts';
import { openLink } from '../mqtt/link.ts';
import { createOpener } from '../sdc/opener.ts';
import type { CorrespondenceEvent, CorrespondenceParts } from '../station/correspondence.ts';
import type { OpenStation } from './open-station.ts';

/** How long the broker keeps what comes for a station that is off. */
const sessionExpiryS = 7 * 86_400;

export function correspondenceOf(
  { settings, identities, servers, store, brokerPassword }: OpenStation,
  onEvent: (event: CorrespondenceEvent) => void,
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
        {
          url: settings.broker.url,
          userName: settings.broker.userName,
          password: brokerPassword,
          clientId: `xms-${settings.matricule}`,
          keepAliveS: 600,
          sessionExpiryS,
          subscriptions: [topics.down(settings.matricule)],
        },
        handlers,
      ),
    onEvent,
  };
}
