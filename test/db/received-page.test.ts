/** What clients have written, page by page: every message once, whatever is read meanwhile. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReceivedPageQuery } from '../../src/core/administration/ports.ts';
import { createAdministrationStore } from '../../src/db/system/administration-store.ts';
import { createClient } from '../../src/db/system/directory.ts';
import { markRead, receiveMessage } from '../../src/db/system/received-message.ts';
import { clone } from './databases.ts';

const system = await clone('XMServerSystem');
const store = createAdministrationStore(system);
/** Of 25 each third is read. */
const newest = (ids: readonly number[]) => ids.toSorted((a, b) => b - a);
const all = Array.from({ length: 25 }, (_, n) => n + 1);
const isRead = (id: number) => id % 3 === 0;
const order = [...newest(all.filter(id => !isRead(id))), ...newest(all.filter(isRead))];

beforeAll(async () => {
  for (const [matricule, nom] of [
    [1024, 'Mbalmayo II'],
    [1025, 'Mairie d’Ébolowa'],
  ] as const)
    await createClient(system, { matricule, nom, ville: '', telephone: '', status: 2 });
  for (const id of all) {
    await receiveMessage(system, 1024 + (id % 2), Buffer.alloc(8, id), `objet ${id}`, '…');
    if (isRead(id)) await markRead(system, id);
  }
});

const page = (query: Partial<ReceivedPageQuery> = {}) =>
  store.receivedPage({ search: '', sort: 'unread', descending: true, limit: 7, from: 'start', ...query });

async function turned(side: 'after' | 'before', query: Partial<ReceivedPageQuery> = {}): Promise<number[]> {
  const seen: number[] = [];
  let { rows, more } = await page({ from: side === 'after' ? 'start' : 'end', ...query });
  for (;;) {
    const ids = rows.map(({ id }) => id);
    seen.splice(side === 'after' ? seen.length : 0, 0, ...ids);
    const edge = rows.at(side === 'after' ? -1 : 0);
    if (!more || !edge) return seen;
    ({ rows, more } = await page({ ...query, from: { side, key: edge.key } }));
  }
}

describe('a page', () => {
  it('goes from what nobody has read to what somebody has, in both directions', async () => {
    expect(await turned('after')).toEqual(order);
    expect(await turned('before')).toEqual(order);
    expect(await turned('after', { sort: 'received' })).toEqual(newest(all));
    expect(await turned('after', { sort: 'received', descending: false })).toEqual(all);
  });

  it('is of those clients that are searched for', async () => {
    expect(await turned('after', { search: 'ebolowa' })).toEqual(order.filter(id => id % 2 === 1));
    expect(await turned('after', { search: '1024' })).toEqual(order.filter(id => id % 2 === 0));
    expect(await turned('after', { search: 'personne' })).toEqual([]);
  });

  it('goes on where it was when what it began with has been read', async () => {
    const first = await page();
    const last = first.rows.at(-1);
    await markRead(system, last?.id ?? 0);
    const { rows } = await page({ from: { side: 'after', key: last?.key ?? '' } });
    expect(rows.map(({ id }) => id)).toEqual(order.slice(7, 14));
    await system.query('update received_message set read_at = null where id = $1', [last?.id]);
  });

  it('of a mark that is none is refused', async () => {
    await expect(page({ from: { side: 'after', key: 'x' } })).rejects.toMatchObject({ code: 'page-unknown' });
  });
});
