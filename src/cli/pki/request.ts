/** `pki request list`, `add`, `accept`, `refuse`: clients' requests, decided after the fingerprint was compared. */
import { XmError } from '../../core/errors.ts';
import { fileRequest, type StoredRequest, waitingRequests } from '../../db/system/request.ts';
import { certificatePem } from '../../pki/certificate.ts';
import { readRequest } from '../../pki/request.ts';
import { positive } from '../command-line.ts';
import { pageOf } from './listing.ts';
import { acceptWaiting, refuseWaiting, stationYears } from './registry.ts';
import {
  type Answer,
  clientOf,
  columns,
  day,
  needed,
  type PkiSession,
  readInput,
  registryOf,
  requireFree,
  writeOutput,
  yearsOf,
} from './session.ts';

const pageSize = 1_000;

export async function listRequests({ system, texts }: PkiSession): Promise<Answer> {
  const waiting: StoredRequest[] = [];
  let page: StoredRequest[];
  do {
    page = await waitingRequests(system, pageSize, waiting.at(-1)?.id);
    waiting.push(...page);
  } while (page.length === pageSize);
  const head = [texts.number, texts.client, texts.received, texts.fingerprint];
  const rows = waiting.map(({ id, client, clientName, receivedAt, fingerprint }) => [
    String(id),
    `${client} ${clientName}`,
    day(receivedAt),
    fingerprint,
  ]);
  return {
    json: waiting.map(({ id, client, clientName, receivedAt, fingerprint }) => ({
      id,
      client,
      clientName,
      receivedAt: new Date(receivedAt).toISOString(),
      fingerprint,
    })),
    lines: rows.length === 0 ? [texts.none] : columns([head, ...rows]),
  };
}

/** A request that came as a file. */
export async function addRequest(session: PkiSession, args: readonly string[]): Promise<Answer> {
  const { system, texts } = session;
  const request = readRequest(readInput(needed(session, texts.file, args[0])));
  const client = needed(session, '--client', await clientOf(session));
  const { der, keyId, fingerprint } = request;
  const id = await fileRequest(system, { client: client.matricule, keyId, der, fingerprint });
  if (id === undefined) throw new XmError('certificate-known', { subject: request.subject.commonName });
  return {
    json: { id, client: client.matricule, fingerprint },
    lines: [texts.filed(id), ...columns([[texts.fingerprint, fingerprint]])],
  };
}

export async function acceptRequest(session: PkiSession, args: readonly string[]): Promise<Answer> {
  const { store, flags, texts, now } = session;
  const { out } = flags;
  const id = numberOf(session, args[0]);
  if (out !== undefined) requireFree(out);
  const certificate = await acceptWaiting(
    registryOf(session),
    id,
    needed(session, '--fingerprint', flags.fingerprint),
    {
      years: yearsOf(session, stationYears),
      ...(out === undefined
        ? {}
        : { keep: made => writeOutput(out, certificatePem(made, ...store.authorityChain(now))) }),
    },
  );
  const page = pageOf(session, { certificate, role: 'station' });
  return { json: { id, ...page.json }, lines: [texts.accepted(id), ...page.lines] };
}

export async function refuseRequest(session: PkiSession, args: readonly string[]): Promise<Answer> {
  const id = numberOf(session, args[0]);
  await refuseWaiting(registryOf(session), id, needed(session, '--reason', session.flags.reason));
  return { json: { id }, lines: [session.texts.refused(id)] };
}

function numberOf(session: PkiSession, text: string | undefined): number {
  return positive(
    session.texts.number,
    Number(needed(session, session.texts.number, text)),
    session.language,
  );
}
