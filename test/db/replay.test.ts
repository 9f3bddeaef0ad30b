/** Questions that somebody has recorded, sent again when they are forgotten. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresDocumentStore } from '../../src/db/document-store.ts';
import { type Centre, makeCentre, type Office } from './centre.ts';

const dayMs = 86_400_000;

let centre: Centre;
beforeAll(async () => {
  centre = await makeCentre();
});
afterAll(() => centre.close());

/** As the centre is so many days later: what was asked is older, what is old enough is purged. */
async function later(days: number): Promise<void> {
  for (const [table, column] of [
    ['outbox', 'created_at'],
    ['request', 'answered_at'],
  ]) {
    await centre.data.query(`update xms.${table} set ${column} = ${column} - $1 * interval '1 day'`, [days]);
  }
  await centre.data.query('delete from xms.outgoing');
  const retention = async () => ({ attemptDays: 400, answerDays: centre.answerDays });
  await new PostgresDocumentStore(centre.data, retention).purge();
}

const townOf = async ({ matricule }: Office) => {
  const [row] = await centre.system.query<{ ville: string }>(
    'select ville from client where matricule = $1',
    [matricule],
  );
  return row?.ville;
};

/** Delivered, and answered. */
async function asked(office: Office, sdc: Uint8Array, id: Uint8Array): Promise<void> {
  expect(await centre.deliver(office, sdc)).toMatchObject({ kind: 'asked' });
  await centre.answers(office, id);
}

const move = (town: string) => ({ service: 'PROFILE', change: { town } }) as const;
const dated = { kind: 'refused', reason: { code: 'question-date', params: { days: 180 } } };

describe('a change of the profile', () => {
  it('that is recorded and sent again when it is forgotten changes nothing', async () => {
    const office = await centre.office({ status: 2 });
    // As it looks half a year after it was sealed, at which it was answered.
    const [id, sealedAt] = [Buffer.from('recorded'), Date.now() - 181 * dayMs];
    const recorded = await centre.sealed(office, move('Kribi'), id, sealedAt);
    expect(await centre.deliver(office, recorded)).toMatchObject(dated);
    const [row] = await centre.data.query('select outcome, reason from xms.inbox order by id desc limit 1');
    expect(row).toMatchObject({ outcome: 'refused', reason: dated.reason });
  });

  it('of a clock that is wrong by less than that is carried out', async () => {
    const office = await centre.office({ status: 2 });
    for (const [name, days] of [
      ['backward', -179],
      ['forwards', 179],
    ] as const) {
      const id = Buffer.from(name);
      await asked(office, await centre.sealed(office, move(name), id, Date.now() + days * dayMs), id);
      expect(await townOf(office)).toBe(name);
    }
  });

  it('of a clock that was ahead is remembered until its date is as old', async () => {
    const office = await centre.office({ status: 2 });
    const id = Buffer.from('from-May');
    const recorded = await centre.sealed(office, move('Edéa'), id, Date.now() + 100 * dayMs);
    await asked(office, recorded, id);
    await centre.system.query(`update client set ville = 'Kribi' where matricule = $1`, [office.matricule]);
    await later(181);
    expect(await centre.sdcs(office, id)).toEqual([]);
    expect(await centre.deliver(office, recorded)).toMatchObject({ kind: 'repeated' });
    await later(100);
    const left = 'select from xms.request where client = $1';
    expect(await centre.data.query(left, [office.matricule])).toEqual([]);
    expect(await townOf(office)).toBe('Kribi');
  });
});

it('old passwords, recorded, lock nobody out', async () => {
  const office = await centre.office();
  const guess = { service: 'PASSWORD', old: 'an older one', new: 'Bonjour 2026' } as const;
  for (let i = 0; i < 6; i++) {
    const sdc = await centre.sealed(office, guess, Buffer.alloc(8, i), Date.now() - 200 * dayMs);
    expect(await centre.deliver(office, sdc)).toMatchObject(dated);
  }
  const change = { service: 'PASSWORD', old: 'zerokey', new: 'Bonjour 2026' } as const;
  expect(await centre.ask(office, change)).toMatchObject([{ receipts: [{ outcomes: [{ kind: 'done' }] }] }]);
});
