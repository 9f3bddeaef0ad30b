/** Messages that the journal keeps: opened to be looked at, and filed again. */
import { Directory } from '../core/engine/directory.ts';
import type { IntakeParts } from '../core/engine/intake.ts';
import { retry } from '../core/engine/retry.ts';
import { Structures } from '../core/engine/structures.ts';
import type { Message } from '../core/message.ts';
import type { ArrivalOutcome } from '../core/ports.ts';
import type { FormRecord } from '../core/record.ts';
import type { Attempt, KeptBytes, Retriable } from '../db/data/journal.ts';
import { PostgresDocumentStore } from '../db/document-store.ts';
import { receivedUnder } from '../db/system/received-message.ts';
import { readSettings } from '../db/system/setting.ts';
import { PostgresSystemStore } from '../db/system-store.ts';
import { createOpener, messageIn } from '../sdc/opener.ts';
import type { OpenInstallation } from './installation.ts';
import { identityOf } from './open-station.ts';

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
    answerDays: async () => (await readSettings(system)).answerDays,
  };
}

/** What an attempt holds: what a client has written; else the records, or what is asked, as far as what is kept of it opens. */
export async function contentsOf(
  installation: OpenInstallation,
  { service, client, messageId, ...kept }: Pick<Attempt, 'service' | 'client' | 'messageId'> & KeptBytes,
): Promise<readonly Record<string, string>[]> {
  if (service === 'MESSAGE' && client !== undefined && messageId) {
    const written = await receivedUnder(installation.system, client, messageId);
    if (written) return [{ ...written }];
  }
  return openedContents(installation, kept);
}

async function openedContents(
  installation: OpenInstallation,
  { sdc, signed, question }: KeptBytes,
): Promise<readonly Record<string, string>[]> {
  const sealed = sdc ?? question;
  // What was refused goes first: under the id of another message, what was filed is not what came.
  const message = sealed ? await open(installation, sealed) : signed && messageIn(signed);
  return message === undefined ? [] : partsOf(message).map(texts);
}

async function open({ system, keys }: OpenInstallation, sdc: Uint8Array): Promise<Message | undefined> {
  const directory = new Directory(new PostgresSystemStore(system));
  const [result] = await openerOf(keys).open([{ sdc, isBatch: true }], async ids => [
    ...(await directory.signers(ids)).values(),
  ]);
  return result?.ok ? result.message : undefined;
}

const noteFields = ['subject', 'text'] as const;

/** Of the services that carry a password nothing is shown. */
function partsOf(message: Message): readonly FormRecord[] {
  if (message.service === 'EXPORT') return message.records;
  if (message.service === 'CERTIFY') return [message.paper];
  if (message.service === 'MESSAGE') return [new Map(noteFields.map(name => [name, message[name]]))];
  return [];
}

function texts(part: FormRecord): Record<string, string> {
  return Object.fromEntries([...part].map(([name, value]) => [name, String(value ?? '')]));
}

function openerOf({ accepted }: OpenInstallation['keys']) {
  return createOpener({ recipients: accepted.map(identityOf) });
}
