/** The station's link to its server, as the installation is set. */
import type { Opener } from '../core/ports.ts';
import { openLink } from '../mqtt/link.ts';
import { createOpener } from '../sdc/opener.ts';
import type { CorrespondenceEvent, CorrespondenceParts } from '../station/correspondence.ts';
import { stationLink } from '../station/link-options.ts';
import type { Identity, OpenStation } from './open-station.ts';

/** `patienceMs`: how long a broker that is away is waited for; by default for ever. */
export function correspondenceOf(
  { settings, broker, identities, servers, store, brokerPassword }: OpenStation,
  onEvent: (event: CorrespondenceEvent) => void,
  patienceMs?: number,
): CorrespondenceParts {
  return {
    clock: Date,
    matricule: settings.matricule,
    servers,
    store,
    opener: openerOf(identities),
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

/** What is sealed to a key that was made since the link was opened is tried once more. */
export function openerOf(identities: () => readonly Identity[]): Opener {
  let opener = createOpener({ recipients: identities() });
  return {
    async open(sdcs, signers) {
      const results = await opener.open(sdcs, signers);
      if (!results.some(result => !result.ok && result.reason.code === 'sdc-not-for-us')) return results;
      opener = createOpener({ recipients: identities() });
      return opener.open(sdcs, signers);
    },
  };
}
