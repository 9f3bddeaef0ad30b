/** Questions, from the SDC that asks to those that answer: real databases, real sealing. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authoritiesAbove } from '../../src/cli/server-keys.ts';
import { keyIdOf } from '../../src/core/key-id.ts';
import type { Message } from '../../src/core/message.ts';
import { hashPassword } from '../../src/core/password.ts';
import { CalendarDate, type FormRecord } from '../../src/core/record.ts';
import { PostgresLibrary } from '../../src/db/library.ts';
import { type Certificate, readCertificate, spkiOf } from '../../src/pki/certificate.ts';
import { verifyChain } from '../../src/pki/chain.ts';
import { makeKey } from '../../src/pki/key-file.ts';
import { KeyStore } from '../../src/pki/key-store.ts';
import { makeRequest } from '../../src/pki/request.ts';
import { Workspace } from '../pki/workspace.ts';
import { type Centre, makeCentre, type Office, only, outcomeOf } from './centre.ts';

let centre: Centre;
beforeAll(async () => {
  centre = await makeCentre();
  await centre.data.query(`
    insert into "Naissance" ("Status", "NumeroActe", "Nom", "DateNaissance")
    select 2, n || '/2024', 'NGO ' || n, date '2024-01-01' + n % 300 from generate_series(1, 1200) n`);
});
const work = new Workspace();
afterAll(async () => {
  await centre.close();
  work.remove();
});

const all = { table: 'Naissance', columns: [], order: [] };
const rowsOf = (answer: Message[] | string) => {
  if (typeof answer === 'string') throw new Error(answer);
  return answer.map(message => only([message], 'ROWS'));
};

async function balance({ matricule }: Office): Promise<{ balance: number; charges: number }> {
  const [row] = await centre.system.query<{ balance: bigint; sum: bigint; charges: bigint }>(
    `select balance, (select coalesce(sum(amount), 0)::int8 from movement m where m.client = a.client) as sum,
            (select count(*) from movement m where m.client = a.client and kind = 'charge') as charges
       from account a where client = $1`,
    [matricule],
  );
  expect(row?.sum).toBe(row?.balance);
  return { balance: Number(row?.balance), charges: Number(row?.charges) };
}

async function recharge({ matricule }: Office, amount: number): Promise<void> {
  await centre.system.query(
    `insert into movement (client, kind, amount, reference) values ($1, 'recharge', $2, gen_random_uuid())`,
    [matricule, amount],
  );
  await centre.system.query('update account set balance = balance + $2 where client = $1', [
    matricule,
    amount,
  ]);
}

describe('IMPORT', () => {
  it('one record in each SDC, in order, and the page after it', async () => {
    const office = await centre.office();
    const first = rowsOf(
      await centre.ask(office, { service: 'IMPORT', query: { ...all, columns: ['Numero', 'Nom'] } }),
    );
    expect(first).toHaveLength(1_000);
    expect(first.map(({ part }) => part)).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
    expect(first.map(({ isLast }) => isLast).lastIndexOf(false)).toBe(998);
    expect(first[4]?.records.map(record => [...record])).toEqual([
      [
        ['Numero', 5],
        ['Nom', 'NGO 5'],
      ],
    ]);
    const { next } = first[999] as { next?: string };
    const second = rowsOf(
      await centre.ask(office, {
        service: 'IMPORT',
        query: { ...all, columns: ['Numero', 'Nom'] },
        ...(next ? { after: next } : {}),
      }),
    );
    expect(second).toHaveLength(200);
    expect(second.at(-1)).toMatchObject({ isLast: true });
    expect(second.at(-1)?.next).toBeUndefined();
  });

  it('several in each SDC where the profile says so; a SELECT text; nothing found', async () => {
    const office = await centre.office({ batch: true });
    const parts = rowsOf(
      await centre.ask(office, {
        service: 'IMPORT',
        query: 'select Numero, Nom from Naissance where Numero <= 600',
      }),
    );
    expect(parts.map(({ records }) => records.length)).toEqual([250, 250, 100]);
    const none = only(
      await centre.ask(office, { service: 'IMPORT', query: 'select * from Naissance where Numero = 0' }),
      'ROWS',
    );
    expect(none).toMatchObject({ part: 0, isLast: true, records: [] });
  });

  it('of large records: as many in an SDC as it holds; one that none holds is named', async () => {
    const noise = (bytes: number) => randomBytes(bytes).toString('hex');
    const [single, batch] = [
      await centre.office({ reads: ['Deces'] }),
      await centre.office({ batch: true, reads: ['Deces'] }),
    ];
    await centre.data.query(
      `insert into "Deces" ("Status", "MentionsMarginales") select 2, unnest($1::text[])`,
      [Array.from({ length: 8 }, () => noise(7_000))],
    );
    const query = { table: 'Deces', columns: ['Numero', 'MentionsMarginales'], order: [] };
    const parts = rowsOf(await centre.ask(batch, { service: 'IMPORT', query }));
    expect(parts.map(({ records }) => records.length)).toEqual([3, 3, 2]);
    expect(rowsOf(await centre.ask(single, { service: 'IMPORT', query }))).toHaveLength(8);
    await centre.data.query(`insert into "Deces" ("Status", "MentionsMarginales") values (2, $1)`, [
      noise(20_000),
    ]);
    expect(outcomeOf(await centre.ask(single, { service: 'IMPORT', query }))).toBe('answer-too-large');
    expect(rowsOf(await centre.ask(batch, { service: 'IMPORT', query })).at(-1)?.records).toHaveLength(1);
    expect(await balance(single)).toEqual({ balance: 0, charges: 1 });
  });

  it('is refused by name', async () => {
    const office = await centre.office();
    const ask = async (query: string | typeof all) =>
      outcomeOf(await centre.ask(office, { service: 'IMPORT', query }));
    expect(await ask('select pg_sleep(100) from Naissance')).toBe('query-denied');
    expect(await ask('select * from "Deces"')).toBe('table-denied');
    expect(await ask('select * from pg_authid')).toBe('table-denied');
    // Whatever else is wrong: that the table is there, and what is in it, is told to those who may read it.
    for (const text of [
      'Secret from "Deces"',
      '* from deces where Secret = 1',
      '* from "Deces" order by 1',
    ]) {
      expect(await ask(`select ${text}`), text).toBe('table-denied');
    }
    expect(await ask({ ...all, table: 'Deces' })).toBe('table-denied');
    expect(await ask({ ...all, table: 'Nowhere' })).toBe('table-denied');
    const [column] = [{ ...all, columns: ['Secret'] }];
    expect(outcomeOf(await centre.ask(office, { service: 'IMPORT', query: column as typeof all }))).toBe(
      'column-unknown',
    );
    const poor = await centre.office({ status: 2 });
    expect(outcomeOf(await centre.ask(poor, { service: 'IMPORT', query: all }))).toBe('service-denied');
  });
});

describe('prepaid reading', () => {
  it('is charged once, refused without credit, and given after a recharge', async () => {
    await centre.system.query(`update tariff set per_act = 10 where service in ('IMPORT', 'CERTIFY')`);
    try {
      const office = await centre.office();
      const five = { ...all, limit: 5 };
      const refused = await centre.ask(office, { service: 'IMPORT', query: five });
      expect(outcomeOf(refused)).toBe('account-empty');
      expect(await balance(office)).toEqual({ balance: 0, charges: 0 });
      await recharge(office, 65);
      expect(rowsOf(await centre.ask(office, { service: 'IMPORT', query: five }))).toHaveLength(5);
      expect(await balance(office)).toEqual({ balance: 15, charges: 1 });
      const paper = new Map([['NumeroActe', '7/2024']]);
      only(await centre.ask(office, { service: 'CERTIFY', table: 'Naissance', paper }), 'CERTIFY-ANSWER');
      expect(await balance(office)).toEqual({ balance: 5, charges: 2 });
      const again = await centre.ask(office, { service: 'CERTIFY', table: 'Naissance', paper });
      expect(outcomeOf(again)).toBe('account-empty');
      await centre.system.query(`insert into setting (name, value) values ('readingOverdraft', '5')`);
      only(await centre.ask(office, { service: 'CERTIFY', table: 'Naissance', paper }), 'CERTIFY-ANSWER');
      expect(await balance(office)).toEqual({ balance: -5, charges: 3 });
    } finally {
      await centre.system.query('update tariff set per_act = 0');
      await centre.system.query(`delete from setting where name = 'readingOverdraft'`);
    }
  });

  it('ends with the quota of the day', async () => {
    const office = await centre.office();
    await centre.system.query('update client set reads_per_day = 6 where matricule = $1', [office.matricule]);
    const five = { ...all, limit: 5 };
    expect(rowsOf(await centre.ask(office, { service: 'IMPORT', query: five }))).toHaveLength(5);
    const [one, ...others] = rowsOf(await centre.ask(office, { service: 'IMPORT', query: five }));
    expect(others).toEqual([]);
    expect(one).toMatchObject({ isLast: true, next: expect.any(String) });
    const rest = { service: 'IMPORT', query: five, after: one?.next ?? '' } as const;
    expect(outcomeOf(await centre.ask(office, rest))).toBe('quota-reached');
    await centre.system.query('update client set reads_per_day = 100 where matricule = $1', [
      office.matricule,
    ]);
    const records = rowsOf(await centre.ask(office, rest)).flatMap(rows => rows.records);
    expect(records.map(record => record.get('Numero'))).toEqual([2, 3, 4, 5]);
  });

  const thousand = { ...all, columns: ['Numero', 'Nom'] };
  const numeros = (answer: Message[]) =>
    rowsOf(answer).flatMap(({ records }) => records.map(record => record.get('Numero')));

  it('goes as far as the account does, page by page, and each record is paid once', async () => {
    await centre.system.query(`update tariff set per_act = 10, per_kilobyte = 3 where service = 'IMPORT'`);
    try {
      const office = await centre.office({ batch: true });
      const read: unknown[] = [];
      let [spent, after]: [number, string | undefined] = [0, undefined];
      while (read.length < 120) {
        await recharge(office, 700);
        const { balance: had } = await balance(office);
        const question = { service: 'IMPORT', query: { ...thousand, limit: 120 } } as const;
        const answer = await centre.ask(office, after === undefined ? question : { ...question, after });
        read.push(...numeros(answer as Message[]));
        after = rowsOf(answer).at(-1)?.next;
        const { balance: has } = await balance(office);
        expect(has).toBeGreaterThanOrEqual(0);
        spent += had - has;
      }
      expect(read).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
      expect(after).toBeUndefined();
      const [row] = await centre.system.query<{ records: number; amount: number }>(
        `select sum(records)::int as records, -sum(amount)::int as amount from movement where client = $1 and kind = 'charge'`,
        [office.matricule],
      );
      expect(row).toEqual({ records: 120, amount: spent });
    } finally {
      await centre.system.query('update tariff set per_act = 0, per_kilobyte = 0');
    }
  });

  it('by the kilobyte alone is cut, too', async () => {
    await centre.system.query(`update tariff set per_kilobyte = 10 where service = 'IMPORT'`);
    try {
      const office = await centre.office();
      await recharge(office, 200);
      const answer = rowsOf(await centre.ask(office, { service: 'IMPORT', query: thousand }));
      expect(answer.length).toBeGreaterThan(20);
      expect(answer.length).toBeLessThan(200);
      expect(answer.at(-1)).toMatchObject({ isLast: true, next: `${answer.length}:${answer.length}` });
      const { balance: left } = await balance(office);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left).toBeLessThan(30);
    } finally {
      await centre.system.query('update tariff set per_kilobyte = 0');
    }
  });

  it('cut off after it was paid, brings what was paid, whatever the account holds by then', async () => {
    await centre.system.query(`update tariff set per_act = 10 where service = 'IMPORT'`);
    try {
      const office = await centre.office();
      await recharge(office, 45);
      const id = randomBytes(8);
      const cut = Promise.withResolvers<void>();
      await centre.restart({
        documents: {
          takeRequests: (limit, leaseMs) => centre.documents.takeRequests(limit, leaseMs),
          answerRequest: () => {
            cut.resolve();
            return Promise.reject(new Error('killed'));
          },
        },
      });
      await centre.deliver(office, await centre.sealed(office, { service: 'IMPORT', query: thousand }, id));
      await cut.promise;
      expect(await balance(office)).toEqual({ balance: 5, charges: 1 });
      await recharge(office, 1_000);
      await centre.restart();
      expect(numeros(await centre.answers(office, id))).toEqual([1, 2, 3, 4]);
      expect(await balance(office)).toEqual({ balance: 1_005, charges: 1 });
    } finally {
      await centre.system.query('update tariff set per_act = 0');
    }
  });
});

describe('a question', () => {
  it('asked again gets the same bytes, and is not paid again', async () => {
    const office = await centre.office();
    const id = randomBytes(8);
    const sdc = await centre.sealed(office, { service: 'IMPORT', query: { ...all, limit: 3 } }, id);
    expect(await centre.deliver(office, sdc)).toEqual({ kind: 'asked' });
    await centre.answers(office, id);
    const first = await centre.sdcs(office, id);
    await centre.data.query('delete from xms.outgoing');
    expect(await centre.deliver(office, sdc)).toEqual({ kind: 'repeated' });
    expect(await centre.sdcs(office, id)).toEqual(first);
    expect(await centre.data.query('select from xms.outgoing')).toHaveLength(3);
    expect(await balance(office)).toEqual({ balance: 0, charges: 1 });
  });

  it('that was cut off after it was paid is answered once, and paid once', async () => {
    const office = await centre.office();
    const id = randomBytes(8);
    const cut = Promise.withResolvers<void>();
    await centre.restart({
      documents: {
        takeRequests: (limit, leaseMs) => centre.documents.takeRequests(limit, leaseMs),
        answerRequest: () => {
          cut.resolve();
          return Promise.reject(new Error('killed'));
        },
      },
    });
    await centre.deliver(
      office,
      await centre.sealed(office, { service: 'IMPORT', query: { ...all, limit: 3 } }, id),
    );
    await cut.promise;
    expect(await balance(office)).toEqual({ balance: 0, charges: 1 });
    await centre.restart();
    expect(rowsOf(await centre.answers(office, id))).toHaveLength(3);
    expect(await balance(office)).toEqual({ balance: 0, charges: 1 });
  });

  it('that is slow holds up no other', async () => {
    const [slow, quick] = [await centre.office(), await centre.office()];
    const gate = Promise.withResolvers<void>();
    class Gated extends PostgresLibrary {
      override async select(...args: Parameters<PostgresLibrary['select']>) {
        if (args[0].limit === 1) await gate.promise;
        return super.select(...args);
      }
    }
    await centre.restart({ library: new Gated(centre.data) });
    const ids = Array.from({ length: 20 }, () => randomBytes(8));
    for (const id of ids) {
      await centre.deliver(
        slow,
        await centre.sealed(slow, { service: 'IMPORT', query: { ...all, limit: 1 } }, id),
      );
    }
    expect(rowsOf(await centre.ask(quick, { service: 'IMPORT', query: { ...all, limit: 2 } }))).toHaveLength(
      2,
    );
    gate.resolve();
    for (const id of ids) expect(rowsOf(await centre.answers(slow, id))).toHaveLength(1);
    await centre.restart();
  });

  it('among many at once is answered, each once', async () => {
    const offices: Office[] = [];
    for (let i = 0; i < 60; i++) offices.push(await centre.office());
    const answers = await Promise.all(offices.map(office => centre.ask(office, { service: 'ACCOUNT' })));
    for (const answer of answers) expect(only(answer, 'STATEMENT').balance).toBe(0n);
  });

  it('that only makes trouble is refused, and the others are answered', async () => {
    class Broken extends PostgresLibrary {
      override find(): Promise<FormRecord[]> {
        return Promise.reject(new TypeError('a fault of ours'));
      }
    }
    await centre.restart({ library: new Broken(centre.data) });
    const office = await centre.office();
    const answer = await centre.ask(office, {
      service: 'CERTIFY',
      table: 'Naissance',
      paper: new Map([['NumeroActe', '1/2024']]),
    });
    expect(outcomeOf(answer)).toBe('refused');
    only(await centre.ask(office, { service: 'ACCOUNT' }), 'STATEMENT');
    await centre.restart();
  }, 20_000);

  it('is answered by the rules that hold when its turn comes', async () => {
    const office = await centre.office();
    await centre.requests.stop();
    const id = randomBytes(8);
    await centre.deliver(office, await centre.sealed(office, { service: 'IMPORT', query: all }, id));
    await centre.change('update access_right set may_read = false where client = $1', [office.matricule]);
    await centre.restart();
    expect(outcomeOf(await centre.answers(office, id))).toBe('table-denied');
  });
});

describe('CERTIFY', () => {
  it('says what is to be said of a paper', async () => {
    const office = await centre.office();
    const certify = async (paper: FormRecord) =>
      only(await centre.ask(office, { service: 'CERTIFY', table: 'Naissance', paper }), 'CERTIFY-ANSWER');
    const paper = new Map([
      ['NumeroActe', '7/2024'],
      ['Nom', 'ngo  7'],
    ]);
    expect(await certify(paper)).toMatchObject({ verdict: 'genuine', differs: [], numero: 7n });
    expect(await certify(new Map([...paper, ['Nom', 'NGO 8']]))).toMatchObject({
      verdict: 'differs',
      differs: ['Nom'],
    });
    const born = new Map<string, string | CalendarDate>([
      ['Nom', 'NGO 9'],
      ['DateNaissance', CalendarDate.parse('2024-01-10') as CalendarDate],
    ]);
    expect(await certify(born)).toMatchObject({ verdict: 'genuine', numero: 9n });
    const none = await centre.ask(office, {
      service: 'CERTIFY',
      table: 'Naissance',
      paper: new Map([['Nom', 'X']]),
    });
    expect(outcomeOf(none)).toBe('paper-incomplete');
  });
});

describe('account, profile, message', () => {
  it('ACCOUNT', async () => {
    const office = await centre.office();
    await recharge(office, 500);
    only(
      await centre.ask(office, {
        service: 'CERTIFY',
        table: 'Naissance',
        paper: new Map([['NumeroActe', 'x']]),
      }),
      'CERTIFY-ANSWER',
    );
    expect(only(await centre.ask(office, { service: 'ACCOUNT' }), 'STATEMENT')).toMatchObject({
      balance: 500n,
      movements: [],
    });
    const { movements } = only(await centre.ask(office, { service: 'ACCOUNT', from: 0 }), 'STATEMENT');
    expect(movements).toMatchObject([
      { kind: 'recharge', count: 1, amount: 500n },
      { kind: 'charge', service: 'CERTIFY', count: 1, amount: 0n },
    ]);
  });

  it('PROFILE is shown, changed below status 3, and locked at 3', async () => {
    const office = await centre.office({ status: 2 });
    const change = { name: 'Mbalmayo II', telephone: '+237 222' };
    const profile = only(await centre.ask(office, { service: 'PROFILE', change }), 'PROFILE-ANSWER');
    expect(profile).toMatchObject({
      ...change,
      town: '',
      status: 2,
      batch: false,
      matricule: office.matricule,
      tables: [{ table: 'Naissance', write: false, read: true }],
    });
    const locked = await centre.office();
    expect(outcomeOf(await centre.ask(locked, { service: 'PROFILE', change }))).toBe('profile-locked');
    only(await centre.ask(locked, { service: 'PROFILE' }), 'PROFILE-ANSWER');
  });

  it('MESSAGE is stored once; one of an operator is sent once', async () => {
    const office = await centre.office();
    expect(
      outcomeOf(await centre.ask(office, { service: 'MESSAGE', subject: 'Panne', text: 'Plus de\npapier' })),
    ).toBe('done');
    const rows = await centre.system.query('select subject, text from received_message where client = $1', [
      office.matricule,
    ]);
    expect(rows).toEqual([{ subject: 'Panne', text: 'Plus de\npapier' }]);
    await centre.system.query(
      `insert into outgoing_message (client, subject, text, created_by) values ($1, 'Re', 'Demain', 'mbome')`,
      [office.matricule],
    );
    await centre.system.query(
      `insert into notice (client, kind, amount, balance) values ($1, 'recharge', 50, 50)`,
      [office.matricule],
    );
    await centre.until('posted', async () => (await centre.inbox(office)).length === 3);
    expect(await centre.inbox(office)).toMatchObject([
      { service: 'RECEIPT' },
      expect.anything(),
      expect.anything(),
    ]);
    expect((await centre.inbox(office)).slice(1)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ service: 'MESSAGE', subject: 'Re', text: 'Demain' }),
        expect.objectContaining({ service: 'NOTICE', kind: 'recharge', amount: 50n, balance: 50n }),
      ]),
    );
    // As after a crash between the two databases.
    await centre.system.query('update notice set taken_at = null where client = $1', [office.matricule]);
    centre.correspondence.wake();
    await centre.until('posted', async () => (await centre.affairs.letters(10)).length === 0);
    expect(await centre.inbox(office)).toHaveLength(3);
  });
});

describe('a letter', () => {
  it('waits for a certificate, and holds up no other', async () => {
    const [nobody, office] = [await centre.office({ isNew: true }), await centre.office()];
    for (const { matricule } of [nobody, office]) {
      await centre.system.query(
        `insert into outgoing_message (client, subject, text, created_by) values ($1, 'Avis', '…', 'mbome')`,
        [matricule],
      );
    }
    await centre.until('posted', async () => (await centre.inbox(office)).length === 1);
    expect(await centre.inbox(nobody)).toEqual([]);
    await centre.certify(nobody.matricule, nobody.key);
    centre.correspondence.wake();
    await centre.until('posted', async () => (await centre.inbox(nobody)).length === 1);
    expect(await centre.inbox(nobody)).toMatchObject([{ service: 'MESSAGE', subject: 'Avis' }]);
  });

  it('to a key that cannot be used holds up no other, however many there are', async () => {
    const [broken, office] = [await centre.office({ isNew: true }), await centre.office()];
    await centre.certify(broken.matricule, { ...broken.key, spki: Buffer.from('no key') });
    await centre.system.query(
      `insert into outgoing_message (client, subject, text, created_by)
       select case when i <= 250 then $1::int else $2 end, 'Avis', '…', 'mbome' from generate_series(1, 251) i`,
      [broken.matricule, office.matricule],
    );
    await centre.system.query(
      `insert into notice (client, kind, amount, balance)
       select case when i <= 250 then $1::int else $2 end, 'recharge', 1, 1 from generate_series(1, 251) i`,
      [broken.matricule, office.matricule],
    );
    centre.correspondence.wake();
    await centre.until('posted', async () => (await centre.inbox(office)).length === 2);
    expect(await centre.affairs.letters(1_000)).toHaveLength(500);
    await centre.system.query('delete from outgoing_message where client = $1', [broken.matricule]);
    await centre.system.query('delete from notice where client = $1', [broken.matricule]);
  });
});

describe('PASSWORD', () => {
  it('comes first, and opens the rest', async () => {
    const office = await centre.office();
    await centre.change('update client set password_hash = $2 where matricule = $1', [
      office.matricule,
      await hashPassword('zerokey'),
    ]);
    const password = (old: string, fresh: string) =>
      centre.ask(office, { service: 'PASSWORD', old, new: fresh }).then(outcomeOf);
    expect(outcomeOf(await centre.ask(office, { service: 'ACCOUNT' }))).toBe('password-initial');
    expect(await password('zerokex', 'long enough')).toBe('password-wrong');
    expect(await password('zerokey', 'short')).toBe('password-short');
    expect(await password('zerokey', 'Bonjour 2026')).toBe('done');
    only(await centre.ask(office, { service: 'ACCOUNT' }), 'STATEMENT');
    expect(await password('zerokey', 'Bonjour 2027')).toBe('password-wrong');
    expect(await password('Bonjour 2026', 'Bonjour 2027')).toBe('done');
  }, 20_000);

  it('is locked after five that were wrong, for a right one too, and for 15 minutes', async () => {
    const office = await centre.office();
    const password = (old: string) =>
      centre.ask(office, { service: 'PASSWORD', old, new: 'Bonjour 2026' }).then(outcomeOf);
    for (let i = 0; i < 5; i++) expect(await password('wrong')).toBe('password-wrong');
    expect(await password('zerokey')).toBe('password-locked');
    await centre.system.query(
      `update password_failure set last_at = now() - interval '16 minutes' where client = $1`,
      [office.matricule],
    );
    expect(await password('zerokey')).toBe('done');
  });

  it('changed before a crash is not wrong after it', async () => {
    const office = await centre.office();
    const id = randomBytes(8);
    const cut = Promise.withResolvers<void>();
    await centre.restart({
      documents: {
        takeRequests: (limit, leaseMs) => centre.documents.takeRequests(limit, leaseMs),
        answerRequest: () => {
          cut.resolve();
          return Promise.reject(new Error('killed'));
        },
      },
    });
    const question = { service: 'PASSWORD', old: 'zerokey', new: 'Bonjour 2026' } as const;
    await centre.deliver(office, await centre.sealed(office, question, id));
    await cut.promise;
    await centre.restart();
    expect(outcomeOf(await centre.answers(office, id))).toBe('done');
  });
});

describe('ENROL', () => {
  async function stranger(matricule: number) {
    const { privateKey, publicKey } = makeKey('ec');
    const spki = Buffer.from(spkiOf(publicKey));
    const request = makeRequest({ privateKey, publicKey }, { commonName: 'x', serialNumber: `${matricule}` });
    return { office: { matricule, key: { privateKey, spki, keyId: keyIdOf(spki) } }, request };
  }

  it('waits for an operator; the certificate goes to the key that asked, whenever that is', async () => {
    const { matricule } = await centre.office({ isNew: true });
    const { office, request } = await stranger(matricule);
    const enrol = (password: string) =>
      centre.ask(office, { service: 'ENROL', matricule, password, request }).then(outcomeOf);
    expect(await enrol('wrong')).toBe('password-wrong');
    const id = randomBytes(8);
    const sdc = await centre.sealed(
      office,
      { service: 'ENROL', matricule, password: 'zerokey', request },
      id,
    );
    await centre.deliver(office, sdc);
    expect(outcomeOf(await centre.answers(office, id))).toBe('done');
    await centre.accept();
    await centre.until('posted', async () => (await centre.sdcs(office, id)).length === 2);
    const [, answer] = await centre.opened(office, await centre.sdcs(office, id));
    const certificate = only([answer as Message], 'CERTIFICATE');
    expect(Buffer.from(certificate.about)).toEqual(id);
    const [own, authority] = certificate.certificates;
    const [row] = await centre.system.query<{ der: Buffer }>(
      'select der from certificate where key_id = $1',
      [office.key.keyId],
    );
    expect(Buffer.from(own as Uint8Array)).toEqual(row?.der);
    expect(Buffer.from(authority as Uint8Array)).toEqual(Buffer.from(centre.authority.certificate.der));
    only(await centre.ask(office, { service: 'ACCOUNT' }), 'STATEMENT');
  }, 20_000);

  it('of a root that was renewed is accepted where the old one alone is known', async () => {
    const store = new KeyStore(work.at('keys'));
    const old = store.createAuthority({ commonName: 'Centre', now: Date.now(), years: 20 });
    const { authority, authorities } = centre;
    centre.authorities = now => authoritiesAbove(store, now);
    centre.authority = store.renewAuthority({ now: Date.now(), years: 20 });
    try {
      const { matricule } = await centre.office({ isNew: true });
      const { office, request } = await stranger(matricule);
      const id = randomBytes(8);
      const enrol = { service: 'ENROL', matricule, password: 'zerokey', request } as const;
      await centre.deliver(office, await centre.sealed(office, enrol, id));
      await centre.answers(office, id);
      await centre.accept();
      await centre.until('posted', async () => (await centre.sdcs(office, id)).length === 2);
      const [, answer] = await centre.opened(office, await centre.sdcs(office, id));
      const [own, ...others] = only([answer as Message], 'CERTIFICATE').certificates.map(readCertificate);
      const trust = { anchors: [old.certificate], intermediates: others, revocationLists: [] };
      const chain = verifyChain(own as Certificate, trust, Date.now());
      expect(chain.at(-1)?.fingerprint).toBe(old.certificate.fingerprint);
    } finally {
      Object.assign(centre, { authority, authorities });
    }
  });

  it('refused by an operator says why', async () => {
    const { matricule } = await centre.office({ isNew: true });
    const { office, request } = await stranger(matricule);
    const id = randomBytes(8);
    await centre.deliver(
      office,
      await centre.sealed(office, { service: 'ENROL', matricule, password: 'zerokey', request }, id),
    );
    await centre.answers(office, id);
    await centre.system.query(
      `update certificate_request set decision = 'refused', decided_at = now(), reason = 'empreinte' where client = $1`,
      [matricule],
    );
    await centre.until('posted', async () => (await centre.sdcs(office, id)).length === 2);
    const [, answer] = await centre.opened(office, await centre.sdcs(office, id));
    expect(outcomeOf([answer as Message])).toBe('enrolment-refused');
  });

  it('of nobody, and for somebody else, looks like a wrong password', async () => {
    const unknown = await stranger(999_999);
    const asked = await centre.ask(unknown.office, {
      service: 'ENROL',
      matricule: 999_999,
      password: 'zerokey',
      request: unknown.request,
    });
    expect(outcomeOf(asked)).toBe('password-wrong');
    const [one, other] = [await centre.office(), await centre.office({ isNew: true })];
    const { request } = await stranger(other.matricule);
    const renewal = await centre.ask(one, {
      service: 'ENROL',
      matricule: other.matricule,
      password: 'zerokey',
      request,
    });
    expect(outcomeOf(renewal)).toBe('password-wrong');
    expect(
      await centre.system.query('select from certificate_request where client = $1', [other.matricule]),
    ).toEqual([]);
  });
});
