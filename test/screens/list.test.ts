/** A list on keys: pages, search, order, and what the source is asked for. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Keyed, Page, PageRequest } from '../../src/core/page.ts';
import { List } from '../../src/screens/list/list.ts';
import { KeyParser } from '../../src/terminal/key-parser.ts';

interface Row extends Keyed {
  readonly n: number;
}

const rows: readonly Row[] = Array.from({ length: 25 }, (_, n) => ({ key: `${n}`, n }));
const down = '\x1b[B';
const up = '\x1b[A';

let asked: PageRequest[];
let faults: unknown[];
let source: (request: PageRequest) => Promise<Page<Row>>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  asked = [];
  faults = [];
  source = async ({ search, from, limit }) => {
    const found = rows.filter(({ n }) => `${n}`.includes(search));
    if (from === 'start') return { rows: found.slice(0, limit), found: found.length, total: rows.length };
    if (from === 'end') return { rows: found.slice(-limit), found: found.length };
    const at = found.findIndex(({ key }) => key === from.key);
    if (from.side === 'before') return { rows: found.slice(Math.max(0, at - limit), at) };
    return { rows: found.slice(from.side === 'at' ? at : at + 1).slice(0, limit) };
  };
});

afterEach(() => void vi.useRealTimers());

async function opened() {
  const list = new List<Row>({
    columns: [
      { id: 'n', title: 'n', sortable: true, text: ({ n }) => `${n}` },
      { id: 'double', title: '2n', sortable: true, text: ({ n }) => `${2 * n}` },
      { id: 'note', title: 'note', text: () => '' },
    ],
    state: { search: '', sort: 'n', descending: false },
    load: request => {
      asked.push(request);
      return source(request);
    },
    onFault: error => void faults.push(error),
  });
  const keys = new KeyParser(key => list.key(key));
  const type = async (text: string) => {
    keys.push(Buffer.from(text));
    await vi.advanceTimersByTimeAsync(50);
  };
  list.resize(10);
  await vi.advanceTimersByTimeAsync(0);
  return { list, type, seen: () => list.page.rows.map(({ n }) => n) };
}

describe('a list', () => {
  it('shows the first page, and asks for nothing more while one moves within it', async () => {
    const { list, type, seen } = await opened();
    expect(seen()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await type(down.repeat(9));
    expect(list.chosen?.n).toBe(9);
    expect(asked).toHaveLength(1);
  });

  it('turns the page at its edge, both ways, and stays where there is no other', async () => {
    const { list, type, seen } = await opened();
    await type(up);
    expect(seen()[0]).toBe(0);
    await type(down.repeat(10));
    expect([seen()[0], list.chosen?.n]).toEqual([10, 10]);
    await type(up);
    expect([seen()[0], list.chosen?.n]).toEqual([0, 9]);
    await type('\x1b[F');
    expect([seen()[0], list.chosen?.n]).toEqual([15, 24]);
    await type(down);
    expect([seen()[0], list.chosen?.n]).toEqual([15, 24]);
    await type('\x1b[H');
    expect(list.chosen?.n).toBe(0);
  });

  it('shows full pages, also the last and the first', async () => {
    const { list, type, seen } = await opened();
    await type('\x1b[6~');
    await type('\x1b[6~');
    expect([seen()[0], seen().length, list.chosen?.n]).toEqual([15, 10, 20]);
    await type('\x1b[5~');
    await type('\x1b[5~');
    expect([seen()[0], seen().length, list.chosen?.n]).toEqual([0, 10, 4]);
  });

  it('searches when the typing pauses, not at each letter', async () => {
    const { list, type, seen } = await opened();
    await type('/');
    await type('1');
    await type('2');
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked.slice(1).map(({ search }) => search)).toEqual(['12']);
    expect(seen()).toEqual([12]);
    await type('\r');
    expect(list.search).toBeUndefined();
    expect(asked).toHaveLength(2);
    expect(list.leave()).toBe(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(seen()).toHaveLength(10);
    expect(list.leave()).toBe(true);
  });

  it('is sorted by the column that is picked; by the same the other way round', async () => {
    const { list, type } = await opened();
    await type('s');
    expect(list.picked?.id).toBe('n');
    await type('\x1b[C\r');
    expect(asked.at(-1)).toMatchObject({ sort: 'double', descending: false, from: 'start' });
    await type('ss');
    expect(asked.at(-1)).toMatchObject({ sort: 'double', descending: true });
    await type('s\x1b[C');
    expect(list.picked?.id).toBe('n');
    await type('\x1b');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(list.picked).toBeUndefined();
    expect(list.state.sort).toBe('double');
  });

  it('keeps its place when it is read again, and when the window changes', async () => {
    const { list, type } = await opened();
    await type('\x1b[6~');
    await type(down.repeat(3));
    expect(list.chosen?.n).toBe(13);
    await type('r');
    expect(list.chosen?.n).toBe(13);
    list.resize(20);
    await vi.advanceTimersByTimeAsync(0);
    expect(list.chosen?.n).toBe(13);
  });

  it('read again at its head begins with what came before its first row, and keeps the one chosen', async () => {
    const { list, type, seen } = await opened();
    await type(down);
    const usual = source;
    source = async request => {
      const { rows: page, ...counts } = await usual(request);
      return { rows: [{ key: 'new', n: -1 }, ...page], ...counts };
    };
    await type('r');
    expect(seen().slice(0, 3)).toEqual([-1, 0, 1]);
    expect(list.chosen?.n).toBe(1);
  });

  it('fills the first page, wherever one comes back to it from', async () => {
    const { list, type, seen } = await opened();
    await type('\x1b[6~');
    await type(down.repeat(2));
    list.resize(8);
    await vi.advanceTimersByTimeAsync(0);
    expect(seen()[0]).toBe(10);
    await type('\x1b[5~');
    await type('\x1b[5~');
    expect(seen()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(list.chosen?.n).toBe(1);
  });

  it('keeps what it shows when the next page cannot be had, and says so', async () => {
    const { type, seen } = await opened();
    source = () => Promise.reject(new Error('lost'));
    await type('\x1b[6~');
    expect(faults).toHaveLength(1);
    expect(seen()[0]).toBe(0);
  });

  it('passes over an answer that comes after a newer one was asked for', async () => {
    const { list, type, seen } = await opened();
    const usual = source;
    const late = Promise.withResolvers<Page<Row>>();
    source = () => late.promise;
    await type('/1\r');
    source = usual;
    await type('/\x15');
    await type('24\r');
    late.resolve({ rows: [] });
    await vi.advanceTimersByTimeAsync(0);
    expect(list.state.search).toBe('124');
    expect(seen()).toEqual([]);
  });
});
