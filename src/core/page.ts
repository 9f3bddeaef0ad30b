/** Lists too long to be had at once: a page at a time, by keyset, so that any page costs the same. */

export interface PageRequest {
  /** What is searched for, as typed; empty: everything. */
  readonly search: string;
  /** Id of the column to sort by. */
  readonly sort: string;
  readonly descending: boolean;
  /** Most rows. */
  readonly limit: number;
  /** Where the page stands: it begins `at` that row or `after` it, or ends `before` it; absent: the first, or the last page. */
  readonly from: { readonly side: 'at' | 'after' | 'before'; readonly key: string } | 'start' | 'end';
}

/** In the list's order, whichever side was asked for. */
export interface Page<Row extends Keyed> {
  readonly rows: readonly Row[];
  /** Rows that the search finds; absent: not counted. */
  readonly found?: number;
  /** Rows that there are; absent: not counted. */
  readonly total?: number;
}

export interface Keyed {
  /** Names the row's place in the order that was asked for. */
  readonly key: string;
}
