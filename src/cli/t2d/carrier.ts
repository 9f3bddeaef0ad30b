/** The server's side of T2D: files in by the way that all messages come in, files out of the outbox. */

import type { Scope } from '../../core/carried-store.ts';
import { retry } from '../../core/engine/retry.ts';
import { topics } from '../../core/message.ts';
import type { ArrivalOutcome, Reason } from '../../core/ports.ts';
import { PostgresCarriedStore } from '../../db/data/carried.ts';
import { PostgresDocumentStore } from '../../db/document-store.ts';
import { createSealer } from '../../sdc/sealer.ts';
import { fromText, textForm } from '../../sdc/text-form.ts';
import type { Carried } from '../../t2d/contents.ts';
import { exportFolder } from '../../t2d/export.ts';
import { FolderLink } from '../../t2d/folder-link.ts';
import type { ImportParts } from '../../t2d/import.ts';
import { refusalNote } from '../../text/t2d.ts';
import type { OpenInstallation } from '../installation.ts';
import { identityOf } from '../open-station.ts';
import { filingParts } from '../stored-message.ts';

export type CarrierInstallation = Pick<OpenInstallation, 'system' | 'documents' | 'keys'>;

/** `onTrouble`: the database is away; the intake waits for it, and goes on. */
export function serverImport(
  installation: CarrierInstallation,
  onTrouble: (error: unknown) => void,
  onEvent: ImportParts['onEvent'],
  ending: AbortSignal,
): ImportParts {
  const parts = filingParts(installation);
  const carried = new PostgresCarriedStore(installation.documents);
  const documents: typeof parts.documents = {
    async file(arrivals) {
      // Before their receipts can be sent: those are to go into files.
      await carried.carry(arrivals.flatMap(({ client }) => client ?? []));
      return parts.documents.file(arrivals);
    },
  };
  return {
    fromText,
    isOurs: ({ direction }) => direction === 'up',
    async take(batch: readonly Carried[]) {
      const messages = batch.map(({ sdc, way }) => ({ topic: topics.carried(way?.matricule), sdc }));
      return (await retry({ ...parts, documents, onTrouble }, messages, ending)).map(reasonsOf);
    },
    note: (name, reasons) => refusalNote(name, reasons, Date.now()),
    onEvent,
  };
}

export interface ExportCall {
  /** Told of each file that is in the folder: written, or there before. */
  readonly onFile: (name: string, isNew: boolean) => void;
  /** Told how many files there will be, once that is known. */
  readonly onTotal?: (files: number) => void;
  readonly log: (line: string) => void;
  /** The folder can be had. */
  readonly onOpen?: () => void;
  /** Stops it; what is not written by then waits. */
  readonly ending?: AbortSignal;
}

/** Throws as `folderFault` tells. */
export async function serverExport(
  { system, documents, keys }: CarrierInstallation,
  folder: string,
  scope: Scope,
  { onFile, onTotal, log, onOpen, ending }: ExportCall,
): Promise<void> {
  const link = await FolderLink.open({ folder, direction: 'down', textForm, clock: Date, onFile });
  onOpen?.();
  const close = () => void link.close();
  ending?.addEventListener('abort', close, { once: true });
  try {
    await exportFolder(
      {
        clock: Date,
        directory: filingParts({ system, documents, keys }).directory,
        sealer: createSealer({ signer: identityOf(keys.signer) }),
        documents: new PostgresDocumentStore(documents),
        carried: new PostgresCarriedStore(documents),
        log,
      },
      scope,
      link,
      onTotal,
    );
  } finally {
    ending?.removeEventListener('abort', close);
    await link.close();
  }
}

/** Of a message of which some records were filed, those of the others. */
function reasonsOf(outcome: ArrivalOutcome): readonly Reason[] {
  const records = ('records' in outcome && outcome.records) || [];
  const reasons = records.flatMap(record => (record.kind === 'refused' ? [record.reason] : []));
  return reasons.length > 0 || outcome.kind !== 'refused' ? reasons : [outcome.reason];
}
