/** A restricted query: which records of one table are wanted (data.md, "Import"). No functions, no sub-queries, no joins. */
import type { Value } from './record.ts';

export interface Query {
  readonly table: string;
  /** None: all. */
  readonly columns: readonly string[];
  /** None: the records with Status 2 (guide §6.3). */
  readonly where?: Condition;
  /** Always ends by Numero. */
  readonly order: readonly { readonly column: string; readonly descending: boolean }[];
  readonly limit?: number;
}

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'like';

export type Condition =
  | { readonly kind: 'compare'; readonly column: string; readonly by: Comparison; readonly value: Value }
  | { readonly kind: 'in'; readonly column: string; readonly values: readonly Value[] }
  | { readonly kind: 'null'; readonly column: string }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'and' | 'or'; readonly conditions: readonly Condition[] };
