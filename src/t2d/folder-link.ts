/**
 * A folder in the place of the broker: what is published becomes a file. A file is written under another name, synced
 * and renamed, and counts as taken when its folder is synced, too: a USB key that is pulled out then has it whole.
 */
import { open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { XmError } from '../core/errors.ts';
import { topics } from '../core/message.ts';
import type { Clock, Link, LinkHandlers, LinkStatus } from '../core/ports.ts';
import { fileNameOf, hashIn, partSuffix, type Way } from '../core/t2d.ts';
import { folderFault } from './folder-fault.ts';
import { makeFolder, place } from './place.ts';

export interface FolderLinkOptions {
  readonly folder: string;
  readonly direction: Way['direction'];
  /** RFC 7468. */
  readonly textForm: (sdc: Uint8Array) => string;
  readonly clock: Clock;
  /** Told of each SDC that is in the folder: written, or there before. */
  readonly onFile?: (name: string, isNew: boolean) => void;
}

export class FolderLink implements Link {
  readonly #options: FolderLinkOptions;
  /** Files that are there, by the SDC hash in their names. */
  readonly #present: Map<string, string[]>;
  /** What a crash has left half written, or under both names; by the same hash. */
  readonly #unfinished: Map<string, string[]>;
  #status: LinkStatus = { state: 'connected' };
  #handlers: Pick<LinkHandlers, 'onStatus'> | undefined;
  #fault: XmError | undefined;
  /** The next sync of the folder, for all that was renamed before it begins; and the one that runs. */
  #nextSync: Promise<void> | undefined;
  #sync: Promise<void> = Promise.resolve();

  /** Makes the folder where there is none. Throws as `folderFault` tells. */
  static async open(options: FolderLinkOptions): Promise<FolderLink> {
    const { folder } = options;
    try {
      await makeFolder(folder);
      return new FolderLink(options, await readdir(folder));
    } catch (error) {
      throw folderFault(folder, error);
    }
  }

  private constructor(options: FolderLinkOptions, names: readonly string[]) {
    this.#options = options;
    this.#present = Map.groupBy(names, name => hashIn(name) ?? '');
    const parts = names.filter(name => name.endsWith(partSuffix));
    this.#unfinished = Map.groupBy(parts, name => hashIn(name.slice(0, -partSuffix.length)) ?? '');
  }

  get status(): LinkStatus {
    return this.#status;
  }

  /** Why it was lost, where it was. */
  get fault(): XmError | undefined {
    return this.#fault;
  }

  /** Tells of its loss; what `connect` of those that publish wants. */
  attached(handlers: Pick<LinkHandlers, 'onStatus'>): this {
    this.#handlers = handlers;
    return this;
  }

  async publish(topic: string, payload: Uint8Array): Promise<void> {
    if (this.#status.state !== 'connected') throw new XmError('link-closed');
    try {
      await this.#write(topics.matricule(topic) ?? 0, payload);
    } catch (error) {
      this.#lose(folderFault(this.#options.folder, error));
      throw new XmError('link-closed', {}, { cause: error });
    }
  }

  /** A folder answers at once. */
  async roundTrip(): Promise<number> {
    return 0;
  }

  /** A folder has neither subscriptions nor groups. */
  async resubscribe(): Promise<void> {}

  async leaveGroup(): Promise<void> {}

  async leaveSession(): Promise<void> {}

  async close(): Promise<void> {
    this.#status = { state: 'closed' };
    await this.#sync;
  }

  async #write(matricule: number, sdc: Uint8Array): Promise<void> {
    const { folder, direction, textForm, clock, onFile } = this.#options;
    const text = `${textForm(sdc)}\n`;
    const name = fileNameOf({ matricule, direction }, sdc, clock.now());
    const hash = hashIn(name) ?? '';
    const present = this.#present.get(hash) ?? [];
    for (const one of present) {
      if (!(await holds(join(folder, one), text))) continue;
      await this.#tidy(hash);
      return onFile?.(one, false);
    }
    const written = await writeWhole(folder, name, text);
    await this.#tidy(hash);
    await this.#synced();
    this.#present.set(hash, [...present, written]);
    onFile?.(written, true);
  }

  /** Once the SDC of that hash is whole. */
  async #tidy(hash: string): Promise<void> {
    const unfinished = this.#unfinished.get(hash) ?? [];
    this.#unfinished.delete(hash);
    for (const name of unfinished) {
      // It harms nobody where it stays: the folder may be one that cannot be written.
      await rm(join(this.#options.folder, name), { force: true }).catch(() => undefined);
    }
  }

  /** Those that are renamed while one sync runs share the next. */
  #synced(): Promise<void> {
    this.#nextSync ??= this.#sync.then(() => {
      this.#nextSync = undefined;
      return syncFolder(this.#options.folder);
    });
    const next = this.#nextSync;
    this.#sync = next.catch(() => undefined); // told to those that wait for it
    return next;
  }

  #lose(fault: XmError): void {
    if (this.#fault) return;
    this.#fault = fault;
    this.#status = { state: 'lost', reason: { code: fault.code, params: fault.params } };
    this.#handlers?.onStatus(this.#status);
  }
}

/** Returns the name that it got: one that is taken gets a number. */
async function writeWhole(folder: string, name: string, text: string): Promise<string> {
  // What a crash has left of it is written anew.
  const part = join(folder, `${name}${partSuffix}`);
  try {
    const file = await open(part, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    return await place(part, folder, name);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined); // the folder may be gone
    throw error;
  }
}

async function holds(file: string, text: string): Promise<boolean> {
  return (await readFile(file, 'latin1').catch(() => undefined)) === text;
}

/** Windows syncs a folder by itself, and opens none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
