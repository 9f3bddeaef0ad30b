/** A page of a list whose rows are few enough to be at hand all at once. */
import type { Keyed, Page, PageRequest } from '../../core/page.ts';

/** `rows` in the order of the list; `words`: what the search looks at. */
export function pageOfAll<Row extends Keyed>(
  rows: readonly Row[],
  { search, from, limit, descending }: PageRequest,
  words: (row: Row) => string,
): Page<Row> {
  const wanted = search.toLowerCase();
  const found = rows.filter(row => words(row).toLowerCase().includes(wanted));
  const ordered = descending ? found.toReversed() : found;
  const page = (start: number) => ({
    rows: ordered.slice(Math.max(0, start), start + limit),
    found: found.length,
    total: rows.length,
  });
  if (from === 'start') return page(0);
  if (from === 'end') return page(Math.max(0, ordered.length - limit));
  const at = Math.max(
    0,
    ordered.findIndex(({ key }) => key === from.key),
  );
  if (from.side === 'at') return page(at);
  if (from.side === 'after') return page(at + 1);
  return { ...page(0), rows: ordered.slice(Math.max(0, at - limit), at) };
}
