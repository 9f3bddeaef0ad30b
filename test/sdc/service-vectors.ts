/** What the vectors say of the services: a message or two of each, and maps that no receiver may take. */
import { encode } from 'cborg';
import type { Answer, ExportMessage, Head, ReceiptMessage, Request } from '../../src/core/message.ts';
import { CalendarDate, type FormRecord, type Value } from '../../src/core/record.ts';

const birth = (numero: number, nom: string, day: number): FormRecord =>
  new Map<string, Value>([
    ['Numero', numero],
    ['Status', 2],
    ['Nom', nom],
    ['DateNaissance', new CalendarDate(day)],
    ['NumeroPersonnel', null],
  ]);
const about = Buffer.from('a1b2c3d4e5f60718', 'hex');

/** Name, comment and message. */
export function serviceMessages(
  head: Head,
  request: Uint8Array,
  certificates: readonly Uint8Array[],
): (readonly [string, string, ExportMessage | ReceiptMessage | Request | Answer])[] {
  const records = [birth(1, 'MANGA', 20_400), birth(2, 'NGONO', 20_401), birth(3, 'ATEBA', 20_402)];
  const reason = { code: 'value-null', params: { column: 'Sexe' } } as const;
  return [
    ['batch', 'three records', { ...head, service: 'EXPORT', table: 'Naissance', records }],
    [
      'receipts-of-batches',
      'of three records, of a question that was carried out, of two that begin with a refusal',
      {
        ...head,
        service: 'RECEIPT',
        receipts: [
          {
            about,
            outcomes: [
              { kind: 'filed', numero: 700n },
              { kind: 'refused', reason },
              { kind: 'filed', numero: 701n },
            ],
          },
          { about: Buffer.alloc(8, 1), outcomes: [{ kind: 'done' }] },
          {
            about: Buffer.alloc(8, 2),
            outcomes: [
              { kind: 'refused', reason },
              { kind: 'filed', numero: 699n },
            ],
          },
        ],
        digest: Buffer.alloc(32, 7),
      },
    ],
    [
      'import',
      'a query with every kind of condition',
      {
        ...head,
        service: 'IMPORT',
        query: {
          table: 'Naissance',
          columns: ['Numero', 'Nom'],
          where: {
            kind: 'and',
            conditions: [
              { kind: 'compare', column: 'DateNaissance', by: '>=', value: new CalendarDate(20_089) },
              { kind: 'or', conditions: [{ kind: 'compare', column: 'Nom', by: 'like', value: 'NG%' }] },
              { kind: 'in', column: 'Centre', values: ['Dzeng', 'Awae', null] },
              { kind: 'not', condition: { kind: 'null', column: 'NumeroActe' } },
            ],
          },
          order: [{ column: 'Nom', descending: true }],
          limit: 100,
        },
        after: 'NGONO/12',
      },
    ],
    [
      'import-all',
      'a query without conditions, order or limit',
      { ...head, service: 'IMPORT', query: { table: 'Deces', columns: [], order: [] } },
    ],
    [
      'import-select',
      'the text of a SELECT',
      { ...head, service: 'IMPORT', query: 'SELECT * FROM Naissance WHERE Status = 2' },
    ],
    [
      'certify',
      'a paper',
      { ...head, service: 'CERTIFY', table: 'Naissance', paper: birth(5, 'ABENA', 20_000) },
    ],
    ['account', 'without a period', { ...head, service: 'ACCOUNT' }],
    [
      'account-period',
      'with a period',
      { ...head, service: 'ACCOUNT', from: 1_767_225_600, to: 1_769_904_000 },
    ],
    ['profile', 'shown', { ...head, service: 'PROFILE' }],
    [
      'profile-change',
      'changed in part',
      { ...head, service: 'PROFILE', change: { town: 'Ébolowa', telephone: '' } },
    ],
    ['password', 'changed', { ...head, service: 'PASSWORD', old: 'zerokey', new: 'clé de l’état civil' }],
    [
      'message',
      'to a person',
      { ...head, service: 'MESSAGE', subject: 'Registre 2019', text: 'Bonjour.\nMerci.' },
    ],
    [
      'enrol-renewal',
      'by a key that is registered',
      { ...head, service: 'ENROL', matricule: 1000, password: 'zerokey', request },
    ],
    [
      'rows',
      'the last part of two, and there are more',
      {
        ...head,
        service: 'ROWS',
        about,
        table: 'Naissance',
        part: 1,
        records: records.slice(0, 2),
        isLast: true,
        next: 'NGONO/2',
      },
    ],
    [
      'rows-none',
      'nothing found',
      { ...head, service: 'ROWS', about, table: 'Naissance', part: 0, records: [], isLast: true },
    ],
    [
      'certify-answer',
      'other than the record in one column',
      {
        ...head,
        service: 'CERTIFY-ANSWER',
        about,
        verdict: 'differs',
        differs: ['DateNaissance'],
        numero: 9_007_199_254_740_993n,
      },
    ],
    [
      'certify-unknown',
      'no such record',
      { ...head, service: 'CERTIFY-ANSWER', about, verdict: 'unknown', differs: [] },
    ],
    [
      'statement',
      'an answer, with movements',
      {
        ...head,
        service: 'STATEMENT',
        about,
        balance: -1_250n,
        movements: [
          { at: 1_767_225_600, kind: 'recharge', count: 1, amount: 50_000n },
          { at: 1_767_312_000, kind: 'charge', service: 'EXPORT', count: 205, amount: -51_250n },
        ],
      },
    ],
    ['statement-unasked', 'sent by itself', { ...head, service: 'STATEMENT', balance: 0n, movements: [] }],
    [
      'profile-answer',
      'with its tables',
      {
        ...head,
        service: 'PROFILE-ANSWER',
        about,
        matricule: 1000,
        name: 'Mairie de Dzeng',
        town: 'Dzeng',
        telephone: '+237 600 000 000',
        status: 2,
        batch: true,
        tables: [{ table: 'Naissance', write: true, read: false }],
      },
    ],
    [
      'notice',
      'a recharge',
      { ...head, service: 'NOTICE', kind: 'recharge', amount: 50_000n, balance: 48_750n },
    ],
    ['certificate', 'with its authority’s', { ...head, service: 'CERTIFICATE', about, certificates }],
  ];
}

/** Name, comment and CBOR. */
export function badMaps(): (readonly [string, string, Uint8Array])[] {
  const map = (...fields: readonly (readonly [number, unknown])[]) => encode(new Map(fields));
  const exported = (values: unknown) => map([0, 1], [1, 'Naissance'], [2, ['Status']], [3, values]);
  const receipt = (outcomes: unknown, ids: unknown = about) =>
    map([0, 2], [4, ids], [5, outcomes], [6, Buffer.alloc(32)]);
  const query = (where: unknown, limit: unknown = null) => map([0, 3], [7, ['T', [], where, [], limit]]);
  const nested = (depth: number) => {
    let condition: unknown = [2, 'a'];
    for (let i = 1; i < depth; i++) condition = [3, condition];
    return condition;
  };
  const statement = (movement: unknown) => map([0, 12], [25, 0], [26, [movement]]);
  return [
    ['batch-of-one', 'one record in an array of arrays', exported([[2]])],
    ['batch-large', '251 records', exported(Array(251).fill([2]))],
    ['batch-ragged', 'a record with a value too few', exported([[2], []])],
    ['batch-mixed', 'a value among the records', exported([[2], 2])],
    ['outcomes-of-one', 'one outcome in an array', receipt([[5]])],
    ['outcomes-nested', 'outcomes within outcomes', receipt([[5, [5, 5]]])],
    ['outcome-false', 'neither filed nor done', receipt([false])],
    ['receipt-ids', 'ids of one length in an array', receipt([5, 5], [about, about])],
    ['query-deep', 'a condition 17 deep', query(nested(17))],
    ['query-long', '201 conditions', query([4, Array(200).fill([2, 'a'])])],
    ['query-kind', 'a kind of condition that does not exist', query([6, 'a'])],
    ['query-length', 'a condition with an element too many', query([2, 'a', 'b'])],
    ['query-comparison', 'a comparison that does not exist', query([0, 'a', 7, 1])],
    ['query-empty', 'a conjunction of nothing', query([4, []])],
    ['query-limit', 'a limit of nothing', query([2, 'a'], 0)],
    ['query-nested-value', 'a value that is an array', query([0, 'a', 0, [1]])],
    ['query-name', 'a name of 64 bytes', query([2, 'a'.repeat(64)])],
    ['select-long', 'a SELECT of 8 001 bytes', map([0, 3], [7, 'x'.repeat(8_001)])],
    ['after-long', 'a place in the answer of 801 bytes', map([0, 3], [7, 'x'], [8, 'x'.repeat(801)])],
    ['certify-two', 'two papers', map([0, 4], [1, 'T'], [2, ['a']], [3, [[1], [2]]])],
    ['account-negative', 'a time before 1970', map([0, 5], [9, -1])],
    ['account-float', 'a time that is no whole number', map([0, 5], [9, 1.5])],
    ['profile-null', 'null in place of nothing', map([0, 6], [11, null])],
    ['password-empty', 'an empty password', map([0, 7], [14, ''], [15, 'x'])],
    ['message-long', 'a text of 8 001 bytes', map([0, 8], [16, ''], [17, 'x'.repeat(8_001)])],
    ['message-keys', 'fields in another order', Buffer.from('a300081160106078', 'hex')],
    ['message-field', 'a field of another service', map([0, 8], [16, ''], [17, ''], [18, 1])],
    [
      'enrol-matricule',
      'a matricule of ten digits',
      map([0, 9], [14, 'x'], [18, 1_000_000_000], [19, about]),
    ],
    ['rows-part', 'a part that is negative', map([0, 10], [1, 'T'], [4, about], [20, -1], [21, true])],
    ['rows-last', 'a number in place of true or false', map([0, 10], [1, 'T'], [4, about], [20, 0], [21, 1])],
    ['certify-verdict', 'a verdict that does not exist', map([0, 11], [4, about], [22, 4], [23, []])],
    [
      'about-short',
      'the id of a message, of 7 bytes',
      map([0, 11], [4, about.subarray(1)], [22, 0], [23, []]),
    ],
    ['statement-row', 'a movement with an element too few', statement([0, 0, null, 1])],
    ['statement-amount', 'an amount of more than 63 bits', statement([0, 0, null, 1, 2n ** 63n])],
    ['notice-kind', 'a kind that does not exist', map([0, 14], [25, 0], [30, 2], [31, 0])],
    ['certificate-none', 'no certificate', map([0, 15], [4, about], [32, []])],
  ];
}
