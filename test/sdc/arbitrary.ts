/** Messages of every service, as large and as odd as the services allow. */
import * as fc from 'fast-check';
import { errorCodes } from '../../src/core/errors.ts';
import type { Head, Message, Outcome, Service } from '../../src/core/message.ts';
import type { Comparison, Condition, Query } from '../../src/core/query.ts';
import { CalendarDate, type FormRecord, type Value } from '../../src/core/record.ts';
import type { Identity } from './identity.ts';

type BodyOf<S extends Service> = Omit<Extract<Message, { service: S }>, keyof Head | 'service'>;

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const bytes = (min: number, max: number) => fc.uint8Array({ minLength: min, maxLength: max });
/** Texts of so many bytes of UTF-8. */
const sized = (least: number, most: number) =>
  fc
    .string({ unit: 'grapheme', minLength: least, maxLength: Math.min(most, 80) })
    .filter(text => Buffer.byteLength(text) >= least && Buffer.byteLength(text) <= most);
const name = sized(1, 63);
const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const seconds = fc.integer({ min: 0, max: 0xffff_ffff });
const messageId = bytes(8, 16);

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.maxSafeInteger(),
  long,
  // -0 is 0 on the wire, as in PostgreSQL's integers.
  fc.double({ noNaN: true }).map(number => number + 0),
  text,
  bytes(0, 60),
  fc.integer({ min: -719_162, max: 2_932_896 }).map(days => new CalendarDate(days)),
);

/** Of one structure. */
const records = (least: number, most: number): fc.Arbitrary<FormRecord[]> =>
  fc
    .uniqueArray(text, { maxLength: 12 })
    .chain(columns =>
      fc
        .array(fc.tuple(...columns.map(() => value)), { minLength: least, maxLength: most })
        .map(rows => rows.map(row => new Map(columns.map((column, i) => [column, row[i] as Value])))),
    );

const refused = fc.oneof(
  fc.constant({ kind: 'refused' as const }),
  fc.record({
    kind: fc.constant('refused' as const),
    reason: fc.record({
      code: fc.constantFrom(...errorCodes),
      params: fc.dictionary(text, fc.oneof(text, fc.integer()), { noNullPrototype: true }),
    }),
  }),
);
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ kind: fc.constant('filed' as const), numero: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }) }),
  fc.constant({ kind: 'done' as const }),
  refused,
);
const receipts: fc.Arbitrary<BodyOf<'RECEIPT'>> = fc
  .record({
    receipts: fc.array(
      fc.record({
        about: fc.oneof(bytes(8, 8), messageId),
        outcomes: fc.oneof(
          fc.tuple(outcome),
          fc.array(outcome, { minLength: 1, maxLength: 6 }),
          // A reason at the start is an array, too.
          fc.tuple(refused, outcome),
        ),
      }),
      { minLength: 1, maxLength: 20 },
    ),
    digest: bytes(32, 32),
  })
  .map(body =>
    body.receipts.some(({ outcomes }) => outcomes.some(({ kind }) => kind === 'filed'))
      ? body
      : { ...body, digest: new Uint8Array() },
  );

const comparisons: readonly Comparison[] = ['=', '<>', '<', '<=', '>', '>=', 'like'];
const { condition } = fc.letrec<{ condition: Condition }>(tie => ({
  condition: fc.oneof(
    { maxDepth: 10, depthSize: 'small' },
    fc.record({
      kind: fc.constant('compare' as const),
      column: name,
      by: fc.constantFrom(...comparisons),
      value,
    }),
    fc.record({
      kind: fc.constant('in' as const),
      column: name,
      values: fc.array(value, { minLength: 1, maxLength: 5 }),
    }),
    fc.record({ kind: fc.constant('null' as const), column: name }),
    fc.record({ kind: fc.constant('not' as const), condition: tie('condition') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      conditions: fc.array(tie('condition'), { minLength: 1, maxLength: 4 }),
    }),
  ),
}));
const query: fc.Arbitrary<Query> = fc.record(
  {
    table: name,
    columns: fc.array(name, { maxLength: 5 }),
    where: condition,
    order: fc.array(fc.record({ column: name, descending: fc.boolean() }), { maxLength: 3 }),
    limit: fc.integer({ min: 1, max: 1_000_000_000 }),
  },
  { requiredKeys: ['table', 'columns', 'order'], noNullPrototype: true },
);

const personal = { name: sized(0, 640), town: sized(0, 320), telephone: sized(0, 160) };
const change = fc
  .record(personal, { requiredKeys: [], noNullPrototype: true })
  .filter(change => Object.keys(change).length > 0);
const password = sized(1, 256);
const matricule = fc.integer({ min: 1, max: 999_999_999 });
const cursor = sized(1, 800);

const bodies: { readonly [S in Service]: fc.Arbitrary<BodyOf<S>> } = {
  EXPORT: fc.record({
    table: fc.oneof(fc.constantFrom('Naissance', 'ResultatVote'), text),
    records: fc.oneof(records(1, 1), records(1, 8)),
  }),
  RECEIPT: receipts,
  IMPORT: fc.record(
    { query: fc.oneof(query, sized(1, 8_000)), after: cursor },
    { requiredKeys: ['query'], noNullPrototype: true },
  ),
  CERTIFY: records(1, 1).chain(([paper]) =>
    fc.record({ table: name, paper: fc.constant(paper as FormRecord) }),
  ),
  ACCOUNT: fc.record({ from: seconds, to: seconds }, { requiredKeys: [], noNullPrototype: true }),
  PROFILE: fc.record({ change }, { requiredKeys: [], noNullPrototype: true }),
  PASSWORD: fc.record({ old: password, new: password }),
  MESSAGE: fc.record({ subject: sized(0, 320), text: sized(0, 8_000) }),
  ENROL: fc.record({ matricule, password, request: bytes(1, 400) }),
  ROWS: fc.record(
    {
      about: messageId,
      table: name,
      part: fc.integer({ min: 0, max: 999_999 }),
      records: fc.oneof(records(0, 1), records(0, 8)),
      isLast: fc.boolean(),
      next: cursor,
    },
    { requiredKeys: ['about', 'table', 'part', 'records', 'isLast'], noNullPrototype: true },
  ),
  'CERTIFY-ANSWER': fc.record(
    {
      about: messageId,
      verdict: fc.constantFrom('genuine', 'unknown', 'differs', 'cancelled'),
      differs: fc.array(name, { maxLength: 5 }),
      numero: long,
    },
    { requiredKeys: ['about', 'verdict', 'differs'], noNullPrototype: true },
  ),
  STATEMENT: fc.record(
    {
      about: messageId,
      balance: long,
      movements: fc.array(
        fc.record(
          {
            at: seconds,
            kind: fc.constantFrom('recharge', 'charge', 'correction'),
            service: sized(1, 32),
            count: seconds,
            amount: long,
          },
          { requiredKeys: ['at', 'kind', 'count', 'amount'], noNullPrototype: true },
        ),
        { maxLength: 20 },
      ),
    },
    { requiredKeys: ['balance', 'movements'], noNullPrototype: true },
  ),
  'PROFILE-ANSWER': fc.record(
    {
      about: messageId,
      matricule,
      ...personal,
      status: fc.integer({ min: 0, max: 255 }),
      batch: fc.boolean(),
      tables: fc.array(fc.record({ table: name, write: fc.boolean(), read: fc.boolean() }), { maxLength: 5 }),
    },
    {
      requiredKeys: ['matricule', 'name', 'town', 'telephone', 'status', 'batch', 'tables'],
      noNullPrototype: true,
    },
  ),
  NOTICE: fc.record({ kind: fc.constantFrom('recharge', 'correction'), amount: long, balance: long }),
  CERTIFICATE: fc.record({
    about: messageId,
    certificates: fc.array(bytes(1, 100), { minLength: 1, maxLength: 8 }),
  }),
};

export const services = Object.keys(bodies) as Service[];

/** To this recipient. */
export function messageOf(service: Service, recipient: Identity): fc.Arbitrary<Message> {
  const body: fc.Arbitrary<object> = bodies[service];
  return fc
    .tuple(messageId, seconds, body)
    .map(([id, at, body]) => ({ id, recipient: recipient.keyId, at, service, ...body }) as Message);
}
