/** Messages as the engine hands them to the store: opened and judged. */
import { createHash, randomBytes } from 'node:crypto';
import type { Arrival, ArrivalOutcome, Reason } from '../../src/core/ports.ts';
import { type FormTable, numeroColumn, statusColumn, type Value } from '../../src/core/record.ts';

export interface ExportOptions {
  readonly client: number;
  readonly table: FormTable;
  /** The record's Numero at the station. */
  readonly numero: number | bigint;
  readonly values?: Readonly<Record<string, Value>>;
  readonly id?: Uint8Array;
  /** 0: the record is cancelled. */
  readonly status?: 0 | 2;
}

/** An EXPORT that is to be filed. The same options give the same bytes, but for the id where none is given. */
export function exportOf({
  client,
  table,
  numero,
  values = {},
  id = messageId(),
  status = 2,
}: ExportOptions): Arrival {
  const record = new Map<string, Value>(table.columns.map(({ name }) => [name, null]));
  for (const [name, value] of Object.entries(values)) record.set(name, value);
  record.set(numeroColumn, numero).set(statusColumn, status);
  const told = JSON.stringify([
    hexOf(id),
    table.name,
    [...record].map(([name, value]) => [name, String(value)]),
  ]);
  const signed = Buffer.from(told);
  return {
    at: 1_700_000_000_000,
    sdc: Buffer.from(`sealed ${told}`),
    topic: `xms/u/${client}`,
    client,
    opened: {
      signer: Buffer.alloc(8, client),
      message: {
        service: 'EXPORT',
        id,
        recipient: Buffer.alloc(8),
        at: 1_700_000_000,
        table: table.name,
        records: [record],
      },
      signed,
      digest: createHash('sha256').update(signed).digest(),
    },
    verdict: { file: { table, records: [{ record }] } },
  };
}

/** One message with the records of these, which are of one client and table; `refuse`: by place, what the rules refuse. */
export function batchOf(
  arrivals: readonly Arrival[],
  refuse: Readonly<Record<number, Reason>> = {},
  id: Uint8Array = messageId(),
): Arrival {
  const [first] = arrivals;
  const message = first?.opened?.message;
  if (message?.service !== 'EXPORT' || !first?.opened || !('file' in first.verdict))
    throw new Error('no EXPORT');
  const { table } = first.verdict.file;
  const records = arrivals.flatMap(({ opened }) =>
    opened?.message.service === 'EXPORT' ? opened.message.records : [],
  );
  const signed = Buffer.concat([id, ...arrivals.map(({ sdc }) => sdc)]);
  return {
    ...first,
    sdc: Buffer.concat([Buffer.from('sealed '), signed]),
    opened: {
      ...first.opened,
      message: { ...message, id, records },
      signed,
      digest: createHash('sha256').update(signed).digest(),
    },
    verdict: {
      file: {
        table,
        records: records.map((record, i) => (refuse[i] ? { refuse: refuse[i] } : { record })),
      },
    },
  };
}

/** A question of this client. */
export function questionOf(client: number, id: Uint8Array = messageId(), from = 0): Arrival {
  const ask = { service: 'ACCOUNT', id, recipient: Buffer.alloc(8), at: 1_700_000_000, from } as const;
  const signed = Buffer.from(`ACCOUNT ${hexOf(id)} ${from}`);
  return {
    at: 1_700_000_000_000,
    sdc: Buffer.concat([Buffer.from('sealed '), signed]),
    topic: `xms/u/${client}`,
    client,
    opened: {
      signer: Buffer.alloc(8, client),
      message: ask,
      signed,
      digest: createHash('sha256').update(signed).digest(),
    },
    verdict: { ask },
  };
}

/** The Numero of the only record of a message. */
export function numeroOf(outcome: ArrivalOutcome | undefined): bigint {
  const [record] = (outcome && 'records' in outcome && outcome.records) || [];
  if (record && 'numero' in record) return record.numero;
  throw new Error(`not filed: ${JSON.stringify(outcome)}`);
}

/** The same message, refused by the rules. */
export function refusedOf(arrival: Arrival, refuse: Reason): Arrival {
  return { ...arrival, verdict: { refuse } };
}

/** An SDC that nobody can open, on the topic of this client. */
export function unopenedOf(client: number | undefined, topic = `xms/u/${client}`): Arrival {
  return {
    at: 1_700_000_000_000,
    sdc: randomBytes(40),
    topic,
    ...(client === undefined ? {} : { client }),
    verdict: { refuse: { code: 'sdc-signature', params: {} } },
  };
}

export function messageId(): Buffer {
  return randomBytes(8);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
