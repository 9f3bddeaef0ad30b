/** The list of clients: what a search finds, and that paging shows every row once, in every order. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Client, type ClientQuery, clientSorts } from '../../src/core/administration/ports.ts';
import { createAdministrationStore } from '../../src/db/system/administration-store.ts';
import { clone } from './databases.ts';

const system = await clone('XMServerSystem');
const store = createAdministrationStore(system);

const rows = [
  [1024, 'Mbalmayo II', 'Mbalmayo', '6 99 00 00 00', 3, 12_500],
  [1025, 'Mairie de Yaoundé II', 'Yaoundé', '+237 677 12 34 56', 2, 0],
  [1026, 'Mairie de Yaounde IV', 'Yaoundé', '', 3, 840],
  [1030, 'MAIRIE D’ÉBOLOWA', 'Ébolowa', '', 0, -5],
  [2024, 'Ŋgaoundéré I', 'Ngaoundéré', '', 2, 840],
  [2025, 'Sœurs de l’Est', 'Bertoua', '', 2, 840],
  [31024, 'Ɓamenda-Centre (annexe)', 'Bamenda', '', 1, 9_007_199_254_740_991],
] as const;

beforeAll(async () => {
  for (const [matricule, nom, ville, telephone, status, balance] of rows) {
    await system.query(
      'insert into client (matricule, nom, ville, telephone, status) values ($1, $2, $3, $4, $5)',
      [matricule, nom, ville, telephone, status],
    );
    await system.query('insert into account (client, balance) values ($1, $2)', [matricule, balance]);
  }
});

const list = (query: Partial<ClientQuery> = {}) =>
  store.clientPage({
    search: '',
    sort: 'matricule',
    descending: false,
    limit: 100,
    from: 'start',
    ...query,
  });
const matriculesOf = ({ rows: clients }: { readonly rows: readonly Client[] }) =>
  clients.map(({ matricule }) => matricule);
const found = async (search: string, query: Partial<ClientQuery> = {}) =>
  matriculesOf(await list({ search, ...query }));
const from = (side: 'at' | 'after' | 'before', row: { readonly key: string } | undefined) => ({
  from: { side, key: row?.key ?? '' },
});

describe('a search', () => {
  it.each([
    ['yaound', [1025, 1026]],
    ['YAOUNDÉ', [1025, 1026]],
    ['yaounde\u0301 ii', [1025]],
    ['ii yaoun', [1025]],
    ['mairie', [1025, 1026, 1030]],
    ['ebolowa', [1030]],
    ['Ébo', [1030]],
    ['ngaoundere', [2024]],
    ['soeur', [2025]],
    ['sœurs', [2025]],
    ['bamenda annexe', [31_024]],
    ['centre', [31_024]],
    // The beginning of a word, not its middle.
    ['aounde', []],
    ['1024', [1024]],
    ['102', [1024, 1025, 1026]],
    ['31024', [31_024]],
    ['699', [1024]],
    ['6990000001', []],
    ['69900', [1024]],
    ['+237 677', [1025]],
    ['237677', [1025]],
    ['', rows.map(([matricule]) => matricule)],
    ['  ', rows.map(([matricule]) => matricule)],
    // Nothing of it is a letter or a digit.
    ['!?', []],
    ["l'est", [2025]],
    ["x' or 'a':* & b | !c <-> \\", []],
    ['a\0b', [31_024]],
  ])('for %j finds %j', async (search, matricules) => {
    expect(await found(search)).toEqual(matricules);
    expect(await store.countClients({ search })).toBe(matricules.length);
  });

  it('goes with a status', async () => {
    expect(await found('', { status: 2 })).toEqual([1025, 2024, 2025]);
    expect(await found('mairie', { status: 3 })).toEqual([1026]);
    expect(await store.countClients({ status: 2 })).toBe(3);
    expect(await store.countClients({})).toBe(rows.length);
  });

  it('finds what was changed by what it is now', async () => {
    await store.updateClient(2025, { name: 'Kumba', town: 'Kumba', telephone: '', status: 2 });
    expect(await found('soeur')).toEqual([]);
    expect(await found('kumb')).toEqual([2025]);
  });
});

const columnOf: Record<ClientQuery['sort'], (client: Client) => number | string> = {
  matricule: ({ matricule }) => matricule,
  name: ({ matricule }) => matricule,
  town: ({ matricule }) => matricule,
  telephone: ({ telephone }) => telephone,
  status: ({ status }) => status,
  balance: ({ balance }) => balance,
  created: ({ createdAt }) => createdAt,
};

describe('a list', () => {
  it.each(clientSorts.flatMap(sort => [false, true].map(descending => [sort, descending] as const)))(
    'by %s (descending: %s) shows every client once, forth and back, search or not',
    async (sort, descending) => {
      for (const search of ['', 'm']) {
        const query = { sort, descending, search };
        const whole = await list(query);
        expect(whole.more).toBe(false);
        const all = matriculesOf(whole);
        expect(new Set(all).size).toBe(all.length);

        let page = await list({ ...query, limit: 2 });
        const forth = matriculesOf(page);
        while (page.more) {
          page = await list({ ...query, limit: 2, ...from('after', page.rows.at(-1)) });
          forth.push(...matriculesOf(page));
        }
        expect(forth).toEqual(all);

        page = await list({ ...query, limit: 2, from: 'end' });
        const back = matriculesOf(page);
        expect(back).toEqual(all.slice(-2));
        while (page.more) {
          page = await list({ ...query, limit: 2, ...from('before', page.rows[0]) });
          back.unshift(...matriculesOf(page));
        }
        expect(back).toEqual(all);

        for (const [i, row] of whole.rows.entries()) {
          expect(matriculesOf(await list({ ...query, limit: 2, ...from('at', row) }))).toEqual(
            all.slice(i, i + 2),
          );
        }
      }
      if (sort === 'name' || sort === 'town') return;
      const values = (await list({ sort, descending })).rows.map(columnOf[sort]);
      const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      expect(values).toEqual(descending ? sorted.reverse() : sorted);
    },
  );

  it('sorts names without case and accents', async () => {
    expect(matriculesOf(await list({ sort: 'name' }))).toEqual([31_024, 2025, 1030, 1025, 1026, 1024, 2024]);
  });

  it('goes on at the mark when rows come and go meanwhile', async () => {
    const first = await list({ limit: 2 });
    await system.query("insert into client (matricule, nom) values (1, 'Avant')");
    expect(matriculesOf(await list({ limit: 2, ...from('after', first.rows[1]) }))).toEqual([1026, 1030]);
    await system.query('delete from client where matricule = 1');
  });

  it('is empty where there is nothing', async () => {
    expect(await list({ sort: 'name', limit: 5, search: 'zzz' })).toEqual({
      rows: [],
      more: false,
    });
  });

  it.each([
    ['', 'x'],
    ['another order', mark(['name', 'kribi', 1])],
    ['no number', mark(['matricule', 'x', 1])],
    ['a number too large', mark(['matricule', '99999999999', 1])],
    ['an id too large', mark(['matricule', '1', 99_999_999_999])],
    ['no id', mark(['matricule', '1', 'x'])],
    ['statements', mark(['matricule', '1); drop table client', 1])],
    ['no text', mark(['matricule', null, 1])],
    ['no list', Buffer.from('{"a":1}').toString('base64url')],
  ])('refuses a mark that is none: %s', async (_what, key) => {
    await expect(list({ limit: 2, ...from('after', { key }) })).rejects.toMatchObject({
      code: 'page-unknown',
    });
  });
});

function mark(parts: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}
