/** Pages of what is sorted by its id. */
import type { PageRequest } from '../../core/page.ts';

export interface IdPage {
  /** Absent: from the end that the order begins with. */
  readonly from?: number;
  /** `from` belongs to the page. */
  readonly inclusive: boolean;
  readonly descending: boolean;
  readonly limit: number;
}

/** `isBackwards`: the rows come in the order against the list's. */
export function idPageOf({
  from,
  descending,
  limit,
}: PageRequest): IdPage & { readonly isBackwards: boolean } {
  const isBackwards = from === 'end' || (typeof from === 'object' && from.side === 'before');
  return {
    ...(typeof from === 'object' ? { from: Number(from.key) } : {}),
    inclusive: typeof from === 'object' && from.side === 'at',
    descending: descending !== isBackwards,
    limit,
    isBackwards,
  };
}

/** The first id of the page, or the one it begins after. */
export function firstOf({ from, descending }: IdPage): number {
  return from ?? (descending ? Number.MAX_SAFE_INTEGER : 0);
}

/** With the first id as `$1`. */
export function beyond(column: string, { inclusive, descending }: IdPage): string {
  return `${column} ${descending ? '<' : '>'}${inclusive ? '=' : ''} $1`;
}
