import { expect, it } from 'vitest';
import { Directory } from '../../src/core/engine/directory.ts';
import { retry } from '../../src/core/engine/retry.ts';
import { Structures } from '../../src/core/engine/structures.ts';
import { XmError } from '../../src/core/errors.ts';
import type { SystemStore } from '../../src/core/ports.ts';

it('ends with whoever asked for it, though the database is away', async () => {
  const ending = new AbortController();
  const system = { signers: async () => [], clients: async () => [], onDirectoryChange: () => undefined };
  const parts = {
    clock: Date,
    opener: {
      open: async (sdcs: readonly unknown[]) =>
        sdcs.map(() => ({ ok: false, reason: { code: 'sdc-signature', params: {} } }) as const),
    },
    directory: new Directory(
      system as Pick<SystemStore, 'signers' | 'clients' | 'onDirectoryChange'> as SystemStore,
    ),
    structures: new Structures({ tables: async () => new Map() }),
    documents: {
      file: () => Promise.reject(new XmError('database-unreachable', { host: 'db', detail: '' })),
    },
    answerDays: () => 180,
    onTrouble: () => ending.abort(),
  };
  const running = retry(parts, [{ topic: 't2d/u/1', sdc: Buffer.from('sdc') }], ending.signal);
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
});
