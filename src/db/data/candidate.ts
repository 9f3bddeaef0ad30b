/** A record that is to be filed, and the two keys under which it may have been filed before. */
import { hex } from '../../core/message.ts';
import type { Arrival } from '../../core/ports.ts';
import { contentDigest, type FormRecord, type FormTable, numeroColumn } from '../../core/record.ts';

export interface Candidate {
  /** Of its message in the batch. */
  readonly place: number;
  /** Of the record in its message. */
  readonly index: number;
  readonly client: number;
  readonly messageId: Uint8Array;
  /** Client and message. */
  readonly messageKey: string;
  /** Client, table and number there. */
  readonly recordKey: string;
  readonly table: FormTable;
  readonly record: FormRecord;
  readonly numeroThere: bigint;
  readonly content: Uint8Array;
  readonly opened: NonNullable<Arrival['opened']>;
}

/** Of each record of a message that the rules let through. */
export function candidatesOf({ verdict, opened, client }: Arrival, place: number): Candidate[] {
  if (!('file' in verdict) || !opened || client === undefined) return [];
  const { table, records } = verdict.file;
  const messageId = opened.message.id;
  const key = messageKey(client, messageId);
  return records.flatMap((judged, index) => {
    if ('refuse' in judged) return [];
    const { record } = judged;
    const numeroThere = BigInt(record.get(numeroColumn) as number | bigint); // an integer: it has passed the table's rules
    return {
      place,
      index,
      client,
      messageId,
      messageKey: key,
      recordKey: recordKey(client, table.name, numeroThere),
      table,
      record,
      numeroThere,
      content: contentDigest(table, record),
      opened,
    };
  });
}

export function messageKey(client: number, messageId: Uint8Array): string {
  return `${client} ${hex(messageId)}`;
}

export function recordKey(client: number, table: string, numeroThere: bigint): string {
  return `${client} ${numeroThere} ${table}`;
}
