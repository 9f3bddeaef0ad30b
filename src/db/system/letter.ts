/** What XMServerSystem has for clients: messages of operators, notices of their accounts, decisions on their requests. */
import { hex } from '../../core/message.ts';
import type { Letter, LetterIds } from '../../core/service-ports.ts';
import type { Queryable } from '../database.ts';

/** Who has no certificate cannot be written to: what waits for him holds up no other. */
const reachable = `exists (select from certificate c
                            where c.client = l.client and c.role = 'station' and c.revoked_at is null)`;

/** The oldest of each kind, after these. */
export async function readLetters(
  database: Queryable,
  limit: number,
  { enrolment = 0n, message = 0n, notice = 0n }: LetterIds = {},
): Promise<Letter[]> {
  const kinds = await Promise.all([
    readEnrolments(database, limit, enrolment),
    readMessages(database, limit, message),
    readNotices(database, limit, notice),
  ]);
  return kinds.flat();
}

async function readMessages(database: Queryable, limit: number, after: bigint): Promise<Letter[]> {
  const rows = await database.query<{ id: bigint; client: number; subject: string; text: string }>(
    `select id, client, subject, text from outgoing_message l
      where taken_at is null and id > $2 and ${reachable} order by id limit $1`,
    [limit, after],
  );
  return rows.map(({ id, client, subject, text }) => ({
    key: `message ${id}`,
    kind: 'message',
    id,
    client,
    body: { service: 'MESSAGE', subject, text },
  }));
}

async function readNotices(database: Queryable, limit: number, after: bigint): Promise<Letter[]> {
  const rows = await database.query<{
    id: bigint;
    client: number;
    kind: 'recharge' | 'correction';
    amount: bigint;
    balance: bigint;
  }>(
    `select id, client, kind, amount, balance from notice l
      where taken_at is null and id > $2 and ${reachable} order by id limit $1`,
    [limit, after],
  );
  return rows.map(({ id, client, kind, amount, balance }) => ({
    key: `notice ${id}`,
    kind: 'notice',
    id,
    client,
    body: { service: 'NOTICE', kind, amount, balance },
  }));
}

async function readEnrolments(database: Queryable, limit: number, after: bigint): Promise<Letter[]> {
  const rows = await database.query<{
    id: number;
    client: number;
    message_id: Buffer;
    request: Buffer;
    certificate: Buffer | null;
    reason: string | null;
  }>(
    `select l.id, l.client, l.message_id, l.der as request, c.der as certificate, l.reason
       from certificate_request l
       left join certificate c on c.key_id = l.key_id and c.client = l.client and l.decision = 'accepted'
      where l.decision is not null and l.message_id is not null and l.answered_at is null
        and l.id > $2
      order by l.id limit $1`,
    [limit, after],
  );
  return rows.map(({ id, client, message_id, request, certificate, reason }) => ({
    // A key that asks again is answered again.
    key: `enrolment ${id} ${hex(message_id)}`,
    kind: 'enrolment',
    id: BigInt(id),
    client,
    body: {
      service: 'ENROL',
      about: message_id,
      request,
      ...(certificate ? { certificate } : {}),
      ...(reason === null ? {} : { reason }),
    },
  }));
}

const updates = {
  message: 'update outgoing_message set taken_at = now() where id = any($1::bigint[]) and taken_at is null',
  notice: 'update notice set taken_at = now() where id = any($1::bigint[]) and taken_at is null',
} as const;

export async function markHandedOn(database: Queryable, letters: readonly Letter[]): Promise<void> {
  for (const kind of ['message', 'notice'] as const) {
    const ids = letters.filter(letter => letter.kind === kind).map(({ id }) => id);
    if (ids.length > 0) await database.query(updates[kind], [ids]);
  }
  for (const { id, body } of letters) {
    if (body.service !== 'ENROL') continue;
    // Not where the key has asked again meanwhile.
    await database.query(
      'update certificate_request set answered_at = now() where id = $1 and message_id = $2 and answered_at is null',
      [id, body.about],
    );
  }
}

/** What a letter says, by its key: a note of the centre, or a notice; undefined: it is neither, or is gone. */
export async function letterUnder(
  database: Queryable,
  key: string,
): Promise<Exclude<Letter['body'], { readonly service: 'ENROL' }> | undefined> {
  const [, kind, id] = /^(message|notice) (\d+)$/.exec(key) ?? [];
  if (kind === 'message') {
    const [note] = await database.query<{ subject: string; text: string }>(
      'select subject, text from outgoing_message where id = $1',
      [id],
    );
    return note && { service: 'MESSAGE', ...note };
  }
  if (kind !== 'notice') return undefined;
  const [notice] = await database.query<{
    kind: 'recharge' | 'correction';
    amount: bigint;
    balance: bigint;
  }>('select kind, amount, balance from notice where id = $1', [id]);
  return notice && { service: 'NOTICE', ...notice };
}
