/** Certificates and requests as the console lists them: pages by keyset, in either direction. */
import type { PageRequest } from '../../core/page.ts';
import type { Queryable } from '../database.ts';
import { storableText } from '../storable.ts';
import { type CertificateRow, columns, type StoredCertificate, stored } from './certificate.ts';
import { type RequestRow, requestOf, type StoredRequest, waiting } from './request.ts';

/** Where a page stands, and which way it is read. */
interface Bound {
  readonly key: string | undefined;
  readonly comparison: string;
  readonly direction: 'asc' | 'desc';
  readonly isReversed: boolean;
}

function boundOf({ from, descending }: PageRequest): Bound {
  const side = typeof from === 'object' ? from.side : undefined;
  const isReversed = side === 'before' || from === 'end';
  const down = descending !== isReversed;
  return {
    key: typeof from === 'object' ? from.key : undefined,
    comparison: `${down ? '<' : '>'}${side === 'at' ? '=' : ''}`,
    direction: down ? 'desc' : 'asc',
    isReversed,
  };
}

/** Digits are a matricule, anything else words of the holder. */
function searched(search: string, column: string, parameters: unknown[]): string[] {
  if (search === '') return [];
  if (/^\d{1,9}$/.test(search)) return [`client = $${parameters.push(Number(search))}`];
  return [`strpos(lower(${column}), lower($${parameters.push(storableText(search))})) > 0`];
}

/** Those that are in force at `now` (milliseconds since 1970), or `all`; by their end. A key is a key id, hexadecimal. */
export async function certificatePage(
  database: Queryable,
  request: PageRequest,
  { now, all }: { readonly now: number; readonly all: boolean },
): Promise<StoredCertificate[]> {
  const { key, comparison, direction, isReversed } = boundOf(request);
  const parameters: unknown[] = [request.limit];
  const conditions = searched(request.search, 'subject', parameters);
  if (!all) conditions.push(`revoked_at is null and not_after > $${parameters.push(new Date(now))}`);
  if (key !== undefined) {
    const mark = `$${parameters.push(Buffer.from(key, 'hex'))}`;
    conditions.push(
      `(not_after, key_id) ${comparison} (select m.not_after, m.key_id from certificate m where m.key_id = ${mark})`,
    );
  }
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  const rows = await database.query<CertificateRow>(
    `select ${columns} from certificate ${where}
      order by certificate.not_after ${direction}, key_id ${direction} limit $1`,
    parameters,
  );
  const page = rows.map(stored);
  return isReversed ? page.reverse() : page;
}

/** Those that wait, by their number, which is their key. */
export async function requestPage(database: Queryable, request: PageRequest): Promise<StoredRequest[]> {
  const { key, comparison, direction, isReversed } = boundOf(request);
  const parameters: unknown[] = [request.limit];
  const conditions = ['true', ...searched(request.search, 'c.nom', parameters)];
  if (key !== undefined) conditions.push(`r.id ${comparison} $${parameters.push(Number(key))}`);
  const rows = await database.query<RequestRow>(
    `${waiting} and ${conditions.join(' and ')} order by r.id ${direction} limit $1`,
    parameters,
  );
  const page = rows.map(requestOf);
  return isReversed ? page.reverse() : page;
}

export async function countWaitingRequests(database: Queryable): Promise<number> {
  const [row] = await database.query<{ count: bigint }>(
    'select count(*) from certificate_request where decision is null',
  );
  return Number(row?.count ?? 0);
}
