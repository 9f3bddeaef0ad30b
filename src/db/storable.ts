/** Text and JSON that PostgreSQL can store, whatever a sender has put into them. */
import type { Reason } from '../core/ports.ts';

/** Characters of a parameter of a reason that are kept: a line to read, not a sender's whole value. */
const longestParameter = 200;

/** Without U+0000, which text cannot hold, and unpaired surrogates, which UTF-8 cannot. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** JSON for a jsonb column, which knows the same two limits. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'string' ? storableText(item) : item,
  );
}

/** The reason as journals and receipts keep it. */
export function storableReason({ code, params }: Reason): Reason {
  const kept = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'string' ? storableText(shortened(value)) : value,
  ]);
  return { code, params: Object.fromEntries(kept) };
}

function shortened(text: string): string {
  return text.length > longestParameter ? `${text.slice(0, longestParameter - 1)}…` : text;
}
