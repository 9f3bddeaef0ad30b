/** What the screens of Signataires do on keys, on a real database. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listSignatories, showSignatory } from '../../../src/core/administration/signatory.ts';
import type { Operator } from '../../../src/core/operator.ts';
import { typedDay } from '../../../src/screens/form/day.ts';
import type { Stage } from '../stage.tsx';
import { now } from '../stand-in.ts';
import { Centre } from './centre.ts';

const centre = await Centre.found();
const { administration } = centre.ports.stores;
const superviseur: Operator = { id: 0, userName: 'os:root', name: 'root', privilege: 4 };
const [tab, save, clear] = ['\t', '\x13', '\x15'];
const list = [':signataires\r', 'Eyenga'] as const;

let stage: Stage;

beforeEach(() => void vi.useFakeTimers({ now, toFake: ['Date'] }));

afterEach(() => {
  stage.close();
  vi.useRealTimers();
});

async function opened(...options: Parameters<Centre['open']>): Promise<void> {
  stage = await centre.open(...options);
}

async function all() {
  const query = { search: '', sort: 'number', descending: false, from: 'start', limit: 100 } as const;
  return (await listSignatories(administration, superviseur, query)).rows;
}

describe('a signatory', () => {
  it('is entered once, for the client that stands beside him', async () => {
    await opened();
    const before = (await all()).length;
    await stage.typed(
      list,
      ['n', /client +1024/],
      [`${clear}1026${tab}Mvogo Anne${tab}maire${tab}`, 'maire'],
    );
    await stage.typed([`0A:1B:2C:3D:4E:5F:60:71${tab}${clear}01012026${tab}31/12/2027`, '31/12/2027']);
    await stage.type('\r\r');
    await stage.until(/Signataire enregistré : n° \d+ « Mvogo Anne »/);
    const rows = await all();
    expect(rows).toHaveLength(before + 1);
    expect(rows.at(-1)).toMatchObject({
      client: 1026,
      name: 'Mvogo Anne',
      quality: 'maire',
      certificate: '0a1b2c3d4e5f6071',
      from: '2026-01-01',
      until: '2027-12-31',
    });
    await stage.until('Mvogo Anne');
  });

  it.each([
    ['', 'Nom', '', '', '01/01/2026', '', 'À remplir.'],
    ['douze', 'Nom', '', '', '01/01/2026', '', 'Un nombre entier'],
    ['99999999999', 'Nom', '', '', '01/01/2026', '', '10 caractères au plus'],
    ['4711', 'Nom', '', '', '01/01/2026', '', 'Client inconnu : 4711'],
    ['1026', '', '', '', '01/01/2026', '', 'À remplir.'],
    ['1026', '\u202Enom', '', '', '01/01/2026', '', 'Des caractères invisibles'],
    ['1026', 'Nom', '\u202Equalité', '', '01/01/2026', '', 'Des caractères invisibles'],
    ['1026', 'Nom', '', 'clé', '01/01/2026', '', 'Aucun certificat de clé'],
    ['1026', 'Nom', '', 'ffffffffffffffff', '01/01/2026', '', 'Aucun certificat de clé'],
    ['1026', 'Nom', '', '', '', '', 'À remplir.'],
    ['1026', 'Nom', '', '', '30/02/2026', '', 'Une date du calendrier'],
    ['1026', 'Nom', '', '', 'demain', '', 'Une date du calendrier'],
    ['1026', 'Nom', '', '', '01/01/2026', '٠١/٠١', 'Une date du calendrier'],
    ['1026', 'Nom', '', '', '01/01/2026', '31/12/2025', 'Fin 2025-12-31 avant le début'],
    ['1024', 'ATANGANA PAUL', '', '', '01/01/2026', '', 'signe déjà pour le client 1024'],
  ])('is not entered of %j %j %j %j %j %j', async (client, name, quality, key, from, until, seen) => {
    await opened();
    const before = (await all()).length;
    await stage.typed(list, ['n', /client +1024/]);
    await stage.type([client, name, quality, key, from, until].map(value => `${clear}${value}`).join(tab));
    await stage.typed([save, seen]);
    expect(stage.frame).toContain('Créer un signataire');
    expect(await all()).toHaveLength(before);
  });

  it('is changed, and what is emptied is taken away', async () => {
    await opened();
    await stage.typed(list, ['\x1b[B', /▸ +2 /], ['\r', '› Modifier']);
    await stage.typed([
      `${tab}${clear}adjointe${tab.repeat(3)}${clear}${save}`,
      'Signataire enregistré : n° 2',
    ]);
    const changed = await showSignatory(administration, superviseur, 2);
    expect(changed).toMatchObject({ name: 'Eyenga Marie', quality: 'adjointe', from: '2024-06-01' });
    expect(changed.until).toBeUndefined();
  });

  it('is ended on a day, after a question that names him', async () => {
    await opened();
    await stage.typed(list, ['z', '› Mettre fin'], [`${clear}31.3.2026${save}`, '▸ N non']);
    expect(stage.message).toBe('Mettre fin le 31/03/2026 au signataire n° 1 « Atangana Paul » ?');
    await stage.typed(['n', '› Mettre fin'], [save, '▸ N non'], ['o', 'jusqu’au 31/03/2026 compris']);
    expect((await showSignatory(administration, superviseur, 1)).until).toBe('2026-03-31');
  });

  it('is seen with privilege 1, and changed with 2', async () => {
    await opened({}, 1);
    await stage.typed(list, ['c', 'Privilège 2 nécessaire (le vôtre : 1).'], ['z', 'Privilège 2 nécessaire']);
  });
});

describe('a day', () => {
  it.each([
    ['12/03/2026', 'fr', '2026-03-12'],
    ['1.3.2026', 'fr', '2026-03-01'],
    ['12032026', 'fr', '2026-03-12'],
    ['2026-03-12', 'fr', '2026-03-12'],
    ['20260312', 'en', '2026-03-12'],
    ['2026-03-12', 'en', '2026-03-12'],
  ] as const)('%s in %s is %s', (text, language, day) => {
    expect(typedDay(text, language)).toBe(day);
  });

  it.each([
    ['31/02/2026', 'fr'],
    ['12/03/26', 'fr'],
    ['12/03/2026', 'en'],
    ['', 'fr'],
  ] as const)('%j in %s is none', (text, language) => {
    expect(() => typedDay(text, language)).toThrow(/day-invalid|date/);
  });
});
