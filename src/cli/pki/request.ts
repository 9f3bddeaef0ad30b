/** `pki request list`, `add`, `accept`, `refuse`: clients' requests, decided after the fingerprint was compared. */
import { XmError } from '../../core/errors.ts';
import { hex } from '../../core/message.ts';
import {
  decideRequest,
  fileRequest,
  type StoredRequest,
  takeRequest,
  waitingRequests,
} from '../../db/system/request.ts';
import { issueCertificate } from '../../pki/authority.ts';
import { certificatePem } from '../../pki/certificate.ts';
import { readRequest } from '../../pki/request.ts';
import { positive } from '../command-line.ts';
import { pageOf } from './listing.ts';
import {
  type Answer,
  clientOf,
  clockMs,
  columns,
  day,
  fileWithJournal,
  journal,
  needed,
  type PkiSession,
  readInput,
  requireFree,
  requireSameFingerprint,
  writeOutput,
  yearMs,
  yearsOf,
} from './session.ts';

const pageSize = 1_000;
const stationYears = 2;

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

/** The certificate names the client as he stands in the database; what the request calls itself does not count. */
export function acceptRequest(session: PkiSession, args: readonly string[]): Promise<Answer> {
  const { store, system, flags, texts, now } = session;
  const id = numberOf(session, args[0]);
  if (flags.out !== undefined) requireFree(flags.out);
  const authority = store.authority();
  return system.transaction(async connection => {
    const waiting = await takeRequest(connection, id);
    if (!waiting) throw new XmError('request-unknown', { id });
    requireSameFingerprint(session, `${id}`, waiting.fingerprint);
    const certificate = issueCertificate(authority, {
      subject: { commonName: waiting.clientName, serialNumber: `${waiting.client}` },
      publicKey: readRequest(waiting.der).publicKey,
      role: 'station',
      notBefore: now - clockMs,
      notAfter: now + yearsOf(session, stationYears) * yearMs,
    });
    await fileWithJournal(connection, 'request-accept', certificate, {
      client: waiting.client,
      role: 'station',
    });
    await decideRequest(connection, id, 'accepted');
    if (flags.out !== undefined) {
      writeOutput(flags.out, certificatePem(certificate, ...store.authorityChain(now)));
    }
    const page = pageOf(session, { certificate, role: 'station' });
    return { json: { id, ...page.json }, lines: [texts.accepted(id), ...page.lines] };
  });
}

export function refuseRequest(session: PkiSession, args: readonly string[]): Promise<Answer> {
  const { system, flags, texts } = session;
  const id = numberOf(session, args[0]);
  const reason = needed(session, '--reason', flags.reason);
  return system.transaction(async connection => {
    const waiting = await takeRequest(connection, id);
    if (!waiting) throw new XmError('request-unknown', { id });
    await decideRequest(connection, id, 'refused', reason);
    const key = hex(readRequest(waiting.der).keyId);
    await journal(connection, 'request-refuse', { id, client: waiting.client, key, reason });
    return { json: { id }, lines: [texts.refused(id)] };
  });
}

function numberOf(session: PkiSession, text: string | undefined): number {
  return positive(
    session.texts.number,
    Number(needed(session, session.texts.number, text)),
    session.language,
  );
}
