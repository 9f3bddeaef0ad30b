import { describe, expect, it } from 'vitest';
import { Directory } from '../../src/core/engine/directory.ts';
import { judge, type Known } from '../../src/core/engine/judge.ts';
import { Signal } from '../../src/core/engine/signal.ts';
import { LruMap } from '../../src/core/lru.ts';
import { hex, type Message, topics } from '../../src/core/message.ts';
import { hashPassword, verifyPassword } from '../../src/core/password.ts';
import { pause } from '../../src/core/pause.ts';
import type { ClientAccess, OpenResult, Signer } from '../../src/core/ports.ts';
import { proofDigest, receiptOf } from '../../src/core/receipt.ts';
import type { FormTable, Value } from '../../src/core/record.ts';

const keyId = Buffer.from('0102030405060708', 'hex');
const signer: Signer = { keyId, spki: Buffer.alloc(1), matricule: 1024, notBefore: 1_000, notAfter: 2_000 };
const client: ClientAccess = {
  matricule: 1024,
  name: 'Mbalmayo II',
  status: 2,
  recipient: signer,
  writes: new Set(['Naissance', 'Perdue']),
  reads: new Set(),
  batch: false,
  hasInitialPassword: false,
};
const table: FormTable = {
  name: 'Naissance',
  columns: [{ name: 'Status', kind: 'integer', type: 'smallint', nullable: false, hasDefault: true }],
};

const exportable = new Map<string, Value>([['Status', 2]]);
const spent = new Map<string, Value>([['Status', 4]]);

/** What becomes of a message: the code of its refusal, or of its records', one after the other. */
function verdict(change: {
  signer?: Partial<Signer>;
  client?: Partial<ClientAccess>;
  message?: Partial<Message>;
  now?: number;
  answerDays?: number;
}) {
  const message = {
    service: 'EXPORT',
    id: Buffer.alloc(8),
    recipient: keyId,
    at: 1,
    table: 'Naissance',
    records: [exportable],
    ...change.message,
  } as Message;
  const known: Known = {
    signers: new Map([[hex(keyId), { ...signer, ...change.signer }]]),
    clients: new Map([[1024, { ...client, ...change.client }]]),
    tables: new Map([['Naissance', table]]),
    now: change.now ?? 1_500,
    ...(change.answerDays === undefined ? {} : { answerDays: change.answerDays }),
  };
  const opened: OpenResult = {
    ok: true,
    signer: keyId,
    message,
    signed: Buffer.alloc(0),
    digest: Buffer.alloc(32),
  };
  const judged = judge(opened, known).verdict;
  if ('refuse' in judged) return judged.refuse.code;
  return 'ask' in judged
    ? 'asked'
    : judged.file.records.map(one => ('refuse' in one ? one.refuse.code : 'filed')).join(' ');
}

describe('the rules', () => {
  it.each<[string, Parameters<typeof verdict>[0], string]>([
    ['a known client, a granted table', {}, 'filed'],
    ['a certificate not valid yet', { now: 999 }, 'certificate-expired'],
    ['a certificate past its end', { now: 2_001 }, 'certificate-expired'],
    ['a revoked certificate', { signer: { revokedAt: 1_400 } }, 'certificate-revoked'],
    ['a certificate revoked from tomorrow', { signer: { revokedAt: 1_600 } }, 'filed'],
    ['a suspended client', { client: { status: 0 } }, 'client-suspended'],
    ['a client that is gone', { signer: { matricule: 7 } }, 'client-unknown'],
    ['a table not granted', { message: { table: 'Deces' } }, 'table-denied'],
    ['a table granted that does not exist', { message: { table: 'Perdue' } }, 'table-unknown'],
    ['a record that is no longer to be exported', { message: { records: [spent] } }, 'record-status'],
    [
      'several records, each by itself',
      { client: { batch: true }, message: { records: [exportable, spent, exportable] } },
      'filed record-status filed',
    ],
    [
      'several records of a client who may send one',
      { message: { records: [exportable, exportable] } },
      'batch-denied',
    ],
    ['a question', { message: { service: 'ACCOUNT' } }, 'asked'],
    ['an answer sent to the server', { message: { service: 'STATEMENT' } }, 'service-denied'],
    ['a receipt sent to the server', { message: { service: 'RECEIPT' } }, 'service-denied'],
  ])('%s', (_name, change, expected) => {
    expect(verdict(change)).toBe(expected);
  });
});

describe('the date of a question, where questions are remembered for 180 days', () => {
  const [day, now] = [86_400, 20_000 * 86_400];
  const always = { notBefore: 0, notAfter: Number.MAX_SAFE_INTEGER };
  const dated = (service: Message['service'], days: number, answerDays = 180) =>
    verdict({
      signer: always,
      client: { status: 3, reads: new Set(['Naissance']) },
      message: { service, at: now + days * day, query: 'select', paper: exportable } as Partial<Message>,
      now: now * 1000,
      answerDays,
    });

  it.each(['IMPORT', 'ACCOUNT', 'PROFILE', 'PASSWORD', 'CERTIFY'] as const)('%s', service => {
    const inTime = dated(service, 0);
    expect(inTime).not.toBe('question-date');
    // A clock may be wrong by as much.
    expect([dated(service, -180), dated(service, 180)]).toEqual([inTime, inTime]);
    expect([dated(service, -181), dated(service, 181)]).toEqual(['question-date', 'question-date']);
    expect(dated(service, -181, 200)).toBe(inTime);
  });

  it.each(['MESSAGE', 'ENROL'] as const)('%s may be of any', service => {
    expect([dated(service, -10_000), dated(service, 10_000)]).toEqual(['asked', 'asked']);
  });

  it('EXPORT may be of any', () => {
    const client = { status: 2 };
    expect(verdict({ signer: always, client, now: now * 1000, answerDays: 180 })).toBe('filed');
  });
});

describe('a receipt', () => {
  const due = { id: 1n, client: 1024, about: Buffer.alloc(8) } as const;

  it('tells a client which rule its record broke', () => {
    const reason = { code: 'column-missing', params: { column: 'Sexe' } } as const;
    const outcomes = [
      { kind: 'filed', numero: 7n },
      { kind: 'refused', reason },
    ] as const;
    expect(receiptOf({ ...due, outcomes })).toEqual({ about: due.about, outcomes });
  });

  it.each([
    'sdc-signature',
    'sdc-undecipherable',
    'certificate-revoked',
    'client-unknown',
    'question-date',
    'internal-fault',
  ] as const)('tells nothing of %s', code => {
    expect(receiptOf({ ...due, outcomes: [{ kind: 'refused', reason: { code, params: {} } }] })).toEqual({
      about: due.about,
      outcomes: [{ kind: 'refused' }],
    });
  });

  it('proves nothing where nothing was filed', () => {
    expect(proofDigest([])).toHaveLength(0);
    expect(proofDigest([Buffer.from('a'), Buffer.from('b')])).toEqual(proofDigest([Buffer.from('ab')]));
  });
});

describe('the directory', () => {
  it('asks once, and again after a change', async () => {
    let asked = 0;
    let change: () => void = () => undefined;
    const directory = new Directory({
      signers: async () => {
        asked++;
        return [signer];
      },
      clients: async () => [],
      onDirectoryChange: (listener: () => void) => {
        change = listener;
      },
    } as never);
    await directory.signers([keyId]);
    await directory.signers([keyId, keyId]);
    expect(asked).toBe(1);
    change();
    expect((await directory.signers([keyId])).get(hex(keyId))).toBe(signer);
    expect(asked).toBe(2);
  });

  it('does not remember an answer that a change overtook', async () => {
    const answer = Promise.withResolvers<Signer[]>();
    let asked = 0;
    let change: () => void = () => undefined;
    const directory = new Directory({
      signers: () => {
        asked++;
        return answer.promise;
      },
      onDirectoryChange: (listener: () => void) => {
        change = listener;
      },
    } as never);
    const first = directory.signers([keyId]);
    change();
    answer.resolve([signer]);
    await first;
    await directory.signers([keyId]);
    expect(asked).toBe(2);
  });
});

describe('small parts', () => {
  it('a signal raised before the wait is not lost, and many are one', async () => {
    const signal = new Signal();
    signal.raise();
    signal.raise();
    await signal.wait();
    let woken = false;
    const next = signal.wait().then(() => {
      woken = true;
    });
    await Promise.resolve();
    expect(woken).toBe(false);
    signal.raise();
    await next;
  });

  it('an LRU map forgets what was used longest ago', () => {
    const map = new LruMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.get('a');
    map.set('c', 3);
    expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([1, undefined, 3, 2]);
  });

  it('an LRU map keeps the half that was used last, whatever else comes, and never more than its limit', () => {
    const map = new LruMap<number, number>(100);
    for (let key = 0; key < 1_000; key++) {
      map.set(key, key);
      map.set(key, -key);
      for (let used = Math.max(0, key - 49); used <= key; used++) expect(map.get(used)).toBe(-used);
      expect(map.size).toBeLessThanOrEqual(100);
    }
    map.clear();
    expect([map.size, map.get(999)]).toEqual([0, undefined]);
  });

  it('a pause ends at once when it is interrupted, before or during', async () => {
    const controller = new AbortController();
    const during = pause(60_000, controller.signal);
    controller.abort();
    await during;
    await pause(60_000, controller.signal);
    await pause(60_000, new AbortController().signal, Promise.resolve());
  });

  it('topics name a matricule, and nothing else does', () => {
    expect(topics.matricule(topics.up(1024))).toBe(1024);
    for (const other of ['xms/u/', 'xms/u/1/2', 'xms/u/-1', 'xms/x/1', 'xms/u/12345678901']) {
      expect(topics.matricule(other)).toBeUndefined();
    }
  });

  it('a password is one however its accents were typed, and no other', async () => {
    const hash = await hashPassword('é\u00e8');
    expect(await verifyPassword('e\u0301e\u0300', hash)).toBe(true);
    expect(await verifyPassword('ee', hash)).toBe(false);
    expect(await verifyPassword('é\u00e8', 'nonsense')).toBe(false);
    expect(await hashPassword('é\u00e8')).not.toBe(hash);
  });
});
