/** Files out, at the server: what waits in the outbox, and what was published to clients who bring their messages as files. */
import type { CarriedStore, Scope } from '../core/carried-store.ts';
import { Outbox, type OutboxParts } from '../core/engine/outbox.ts';
import { topics } from '../core/message.ts';
import type { DocumentStore } from '../core/ports.ts';
import type { FolderLink } from './folder-link.ts';

export interface ExportParts extends Pick<OutboxParts, 'clock' | 'directory' | 'sealer' | 'log'> {
  readonly documents: Pick<DocumentStore, 'sealDue' | 'markSent' | 'releaseOutbox'>;
  readonly carried: CarriedStore;
}

const pageLimit = 200;

/**
 * Receipts that are due are sealed first: then it is known how many files there will be, which `onTotal` is told. An entry is marked as sent once its file is whole; the next export begins
 * after this one. Rejects as `folderFault` tells where the folder takes no more, and as the database does: what is not
 * marked by then waits, and goes with the next.
 */
export async function exportFolder(
  parts: ExportParts,
  scope: Scope,
  link: FolderLink,
  onTotal?: (files: number) => void,
): Promise<void> {
  const written = new Set<bigint>();
  let isCounted = onTotal === undefined;
  const outbox = new Outbox({
    ...parts,
    documents: {
      // Sealed ones wait as all do, to be taken by whoever is to send them.
      sealDue: (limit, work) => parts.documents.sealDue(limit, work),
      takeOutbox: (limit, leaseMs) => parts.carried.take(scope, limit, leaseMs),
      markSent: ids => parts.documents.markSent(ids),
      releaseOutbox: ids => parts.documents.releaseOutbox(ids),
    },
    link: () => (isCounted && link.status.state === 'connected' ? link : undefined),
    isBehind: () => false,
    onSent: entries => {
      for (const { id } of entries) written.add(id);
    },
    onTrouble: () => undefined,
  });
  try {
    if (onTotal) {
      await outbox.drain();
      const { ids } = await parts.carried.sentSince(scope);
      onTotal((await parts.carried.countFree(scope)) + ids.length);
      isCounted = true;
    }
    await outbox.drain();
  } finally {
    await outbox.stop();
  }
  if (isOpen(link)) await exportSent(parts.carried, scope, link, written);
}

/** Again until nothing new was sent meanwhile, so that the mark that is set leaves nothing out. */
async function exportSent(
  carried: CarriedStore,
  scope: Scope,
  link: FolderLink,
  written: Set<bigint>,
): Promise<void> {
  for (;;) {
    const { upTo, ids } = await carried.sentSince(scope);
    const missing = ids.filter(id => !written.has(id));
    if (missing.length === 0) return carried.exported(scope, upTo);
    for (let i = 0; i < missing.length; i += pageLimit) {
      const page = missing.slice(i, i + pageLimit);
      const entries = await carried.read(page);
      await Promise.allSettled(entries.map(({ client, sdc }) => link.publish(topics.down(client), sdc)));
      if (!isOpen(link)) return;
      for (const id of page) written.add(id);
    }
  }
}

/** False: closed by its owner. Throws where it was lost. */
function isOpen({ fault, status }: FolderLink): boolean {
  if (fault) throw fault;
  return status.state === 'connected';
}
