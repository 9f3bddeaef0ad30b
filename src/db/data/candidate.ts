/** A message that is to be filed, and the two keys under which it may have been filed before. */
import { hex } from '../../core/message.ts';
import type { Arrival } from '../../core/ports.ts';
import { contentDigest, numeroColumn } from '../../core/record.ts';

export interface Candidate {
  readonly index: number;
  readonly client: number;
  readonly messageId: Uint8Array;
  readonly table: string;
  readonly numeroThere: bigint;
  readonly content: Uint8Array;
  readonly arrival: Arrival & { readonly opened: NonNullable<Arrival['opened']> };
}

export function candidateOf(arrival: Arrival, index: number): Candidate[] {
  const { verdict, opened, client } = arrival;
  if (!('file' in verdict) || !opened || client === undefined) return [];
  const { table, record } = verdict.file;
  const numero = record.get(numeroColumn);
  return [
    {
      index,
      client,
      messageId: opened.message.id,
      table: table.name,
      numeroThere: BigInt(numero as number | bigint), // an integer: the record has passed the table's rules
      content: contentDigest(table.name, record),
      arrival: { ...arrival, opened },
    },
  ];
}

export function messageKey({ client, messageId }: Pick<Candidate, 'client' | 'messageId'>): string {
  return `${client} ${hex(messageId)}`;
}

export function recordKey({
  client,
  table,
  numeroThere,
}: Pick<Candidate, 'client' | 'table' | 'numeroThere'>): string {
  return `${client} ${numeroThere} ${table}`;
}
