/** 100 000 clients: the list in every order, search as it is typed, one client opened. */
import { countClients, listClients, showClient } from '../../src/core/administration/client.ts';
import { type ClientQuery, clientSorts } from '../../src/core/administration/ports.ts';
import { silver } from '../../src/core/licence.ts';
import type { Operator } from '../../src/core/operator.ts';
import { createAdministrationStore } from '../../src/db/system/administration-store.ts';
import type { Section } from './section.ts';

const count = 100_000;
const operator: Operator = { id: 0, userName: 'bench', name: 'bench', privilege: 1 };

/** Names as they are given: most of them begin with the same word, and accents are many. */
const fill = `
  insert into client (matricule, nom, ville, telephone, status, password_hash)
  select 1000 + i, (array['Mairie de ', 'Centre secondaire de ', 'Mairie d’', 'Agence de '])[1 + i % 4]
           || town || ' ' || (array['I', 'II', 'III', 'IV', 'V', 'VI', 'VII'])[1 + i % 7] || ' ' || i / 24,
         town, '+237 6' || lpad((i * 7919 % 100000000)::text, 8, '0'), i % 4, 'scrypt$15$8$1$x$x'
    from generate_series(1, ${count}) i
   cross join lateral (select (array['Yaoundé', 'Douala', 'Ngaoundéré', 'Mbalmayo', 'Kribi', 'Ébolowa', 'Bafoussam',
     'Maroua', 'Mogodé', 'Fokoué', 'Sangmélima', 'Édéa', 'Bertoua', 'Garoua', 'Dzeng', 'Nkongsamba', 'Limbé',
     'Kumba', 'Bamenda', 'Yokadouma', 'Mora', 'Kousséri', 'Foumban', 'Mbouda'])[1 + i % 24] as town) t`;

export const clients: Section = {
  name: `${count} clients`,

  async fill({ system }) {
    await system.query(fill);
    await system.query(
      'insert into account (client, balance) select matricule, matricule * 7919 % 1000000 from client',
    );
    await system.query(
      `insert into access_right (client, table_name, may_write)
       select matricule, t, true from client, unnest(array['Naissance', 'Mariage', 'Deces']) t`,
    );
    await system.query(
      `insert into certificate (key_id, client, spki, der, not_before, not_after)
       select decode(lpad(to_hex(matricule), 16, '0'), 'hex'), matricule, '\\x00', '\\x00', now(), now() + interval '2 years'
         from client`,
    );
    for (const table of ['client', 'account', 'access_right', 'certificate']) {
      await system.query(`vacuum analyze ${table}`);
    }
  },

  actions({ system }) {
    const administration = {
      store: createAdministrationStore(system),
      limits: async () => silver,
      tables: async () => new Set<string>(),
    };
    const list = (query: Partial<ClientQuery>) =>
      listClients(administration, operator, {
        search: '',
        sort: 'matricule',
        descending: false,
        limit: 50,
        from: 'start',
        ...query,
      });
    const marks = new Map<string, string | undefined>();
    /** Pages through the list, one page further at each run, over and over. */
    const paging = (query: Partial<ClientQuery>) => async () => {
      const key = JSON.stringify(query);
      const mark = marks.get(key);
      const page = await list(mark === undefined ? query : { ...query, from: { side: 'after', key: mark } });
      marks.set(key, page.more ? page.rows.at(-1)?.key : undefined);
    };
    const sorted = clientSorts.flatMap(sort => [
      [`clients_by_${sort}`, paging({ sort })] as const,
      [`clients_by_${sort}_down`, paging({ sort, descending: true })] as const,
    ]);
    const typed = [
      'y',
      'ya',
      'yaound',
      'yaounde ii',
      'MAIRIE',
      'mairie d',
      'edea iv',
      '50123',
      '2376',
      'xyz',
    ];
    const words = (run: number) => typed[run % typed.length] as string;
    return {
      ...Object.fromEntries(sorted),
      clients_search: run => list({ search: words(run) }),
      clients_search_by_name: run => list({ search: words(run), sort: 'name' }),
      clients_search_by_town: run => list({ search: words(run), sort: 'town' }),
      clients_search_by_balance: run => list({ search: words(run), sort: 'balance' }),
      clients_search_by_telephone: run => list({ search: words(run), sort: 'telephone', descending: true }),
      clients_suspended_by_name: paging({ status: 0, sort: 'name' }),
      clients_count: () => countClients(administration, operator, {}),
      clients_search_count: run => countClients(administration, operator, { search: words(run) }),
      client_open: run => showClient(administration, operator, 1001 + ((run * 7_919) % count)),
    };
  },
};
