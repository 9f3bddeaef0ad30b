/** The station's link to its server, as the installation is set. */
import type { ErrorCode } from '../core/errors.ts';
import type { Opener, PublicKeyRef } from '../core/ports.ts';
import { openLink } from '../mqtt/link.ts';
import { createOpener } from '../sdc/opener.ts';
import type { CorrespondenceEvent, CorrespondenceParts } from '../station/correspondence.ts';
import { stationLink } from '../station/link-options.ts';
import type { Identity, OpenStation } from './open-station.ts';

/** `patienceMs`: how long a broker that is away is waited for; by default for ever. */
export function correspondenceOf(
  { settings, broker, identities, servers, currentServers, store, brokerPassword }: OpenStation,
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
    opener: openerOf(identities, currentServers),
    connect: handlers =>
      openLink(
        stationLink({
          url: settings.broker.url,
          userName: settings.broker.userName,
          matricule: settings.matricule,
          password: brokerPassword,
          ...(settings.topicAlias === undefined ? {} : { topicAlias: settings.topicAlias }),
          ...broker,
        }),
        handlers,
      ),
    onEvent,
    ...(patienceMs === undefined ? {} : { patienceMs }),
  };
}

/** What is sealed to a key, or signed by one of the server, that was kept since the link was opened is tried once more. */
export function openerOf(
  identities: () => readonly Identity[],
  servers: () => readonly PublicKeyRef[],
): Opener {
  let opener = createOpener({ recipients: identities() });
  return {
    async open(sdcs, signers) {
      const results = await opener.open(sdcs, signers);
      const isOf = (code: ErrorCode) => results.some(result => !result.ok && result.reason.code === code);
      if (isOf('sdc-signer-unknown')) return opener.open(sdcs, async () => servers());
      if (!isOf('sdc-not-for-us')) return results;
      opener = createOpener({ recipients: identities() });
      return opener.open(sdcs, async () => servers());
    },
  };
}
