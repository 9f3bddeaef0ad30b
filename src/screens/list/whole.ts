/** Lists short enough to be read whole: their pages, searched and sorted here. */
import { folded } from '../../core/folded.ts';
import type { Keyed, Page, PageRequest } from '../../core/page.ts';

/** What is searched for must all be beginnings of words of `words`; in the order of `compare`, then of keys; without it as they came. */
export function pageOf<Row extends Keyed>(
  rows: readonly Row[],
  { search, descending, from, limit }: PageRequest,
  words: (row: Row) => string,
  compare?: (a: Row, b: Row) => number,
): Page<Row> {
  const wanted = folded(search).split(' ');
  const found = rows.filter(row => {
    const have = folded(words(row)).split(/[^\p{L}\p{N}]+/u);
    return wanted.every(word => have.some(one => one.startsWith(word)));
  });
  if (compare) found.sort((a, b) => compare(a, b) || (a.key < b.key ? -1 : 1));
  if (descending) found.reverse();
  const start = startOf(found, from, limit);
  const counts = search === '' ? {} : { found: found.length };
  return { rows: found.slice(start.at, start.end), ...counts, total: rows.length };
}

function startOf(rows: readonly Keyed[], from: PageRequest['from'], limit: number) {
  if (from === 'start') return { at: 0, end: limit };
  if (from === 'end') return { at: Math.max(0, rows.length - limit), end: rows.length };
  const at = Math.max(
    0,
    rows.findIndex(({ key }) => key === from.key),
  );
  if (from.side === 'before') return { at: Math.max(0, at - limit), end: at };
  const first = from.side === 'at' ? at : at + 1;
  return { at: first, end: first + limit };
}
