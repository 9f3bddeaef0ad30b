/** Messages that the journal keeps: opened to be looked at, and filed again. */
import { Directory } from '../core/engine/directory.ts';
import type { IntakeParts } from '../core/engine/intake.ts';
import { retry } from '../core/engine/retry.ts';
import { Structures } from '../core/engine/structures.ts';
import type { ArrivalOutcome } from '../core/ports.ts';
import type { Attempt, Retriable } from '../db/data/journal.ts';
import { PostgresDocumentStore } from '../db/document-store.ts';
import { receivedUnder } from '../db/system/received-message.ts';
import { PostgresSystemStore } from '../db/system-store.ts';
import { createOpener } from '../sdc/opener.ts';
import type { OpenInstallation } from './installation.ts';

/** `onTrouble`: the database is away; the intake waits for it, and goes on. */
export async function fileAgain(
  installation: OpenInstallation,
  batch: readonly Retriable[],
  onTrouble: (error: unknown) => void,
): Promise<ArrivalOutcome[]> {
  return retry({ ...filingParts(installation), onTrouble }, batch);
}

/** What files messages beside the engine. */
export function filingParts({
  system,
  documents,
  keys,
}: Pick<OpenInstallation, 'system' | 'documents' | 'keys'>): Omit<IntakeParts, 'onFiled' | 'onTrouble'> {
  const store = new PostgresDocumentStore(documents);
  return {
    clock: Date,
    opener: openerOf(keys),
    directory: new Directory(new PostgresSystemStore(system)),
    structures: new Structures(store),
    documents: store,
  };
}

/** What an attempt holds: the records of a refused message, as far as it opens; what a client has written. */
export async function contentsOf(
  installation: OpenInstallation,
  {
    sdc,
    service,
    client,
    messageId,
  }: Pick<Attempt, 'service' | 'client' | 'messageId'> & { readonly sdc?: Uint8Array },
): Promise<readonly Record<string, string>[]> {
  if (service === 'MESSAGE' && client !== undefined && messageId) {
    const written = await receivedUnder(installation.system, client, messageId);
    return written ? [{ ...written }] : [];
  }
  return sdc ? recordsOf(installation, sdc) : [];
}

async function recordsOf(
  { system, keys }: OpenInstallation,
  sdc: Uint8Array,
): Promise<readonly Record<string, string>[]> {
  const directory = new Directory(new PostgresSystemStore(system));
  const [result] = await openerOf(keys).open([{ sdc, isBatch: true }], async ids => [
    ...(await directory.signers(ids)).values(),
  ]);
  if (!result?.ok || result.message.service !== 'EXPORT') return [];
  return result.message.records.map(record =>
    Object.fromEntries([...record].map(([name, value]) => [name, String(value ?? '')])),
  );
}

function openerOf({ accepted }: OpenInstallation['keys']) {
  return createOpener({
    recipients: accepted.map(({ certificate, privateKey }) => ({ keyId: certificate.keyId, privateKey })),
  });
}
