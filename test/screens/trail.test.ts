/** The way to a screen: who is named on it, and what is left of it where it does not fit. */
import { describe, expect, it } from 'vitest';
import { trailOf, trailText } from '../../src/screens/trail.ts';
import { loadWidths } from '../../src/terminal/glyph.ts';

const clients = { title: 'Clients' };
const sheet = { about: '1024 Mbalmayo II' };
const account = { ...sheet, title: 'Compte' };
const recharge = { ...sheet, title: 'Recharge' };

describe('a trail', () => {
  it.each([
    ['nothing at the Monitor', [{}], []],
    ['nothing of what is not read yet', [{}, clients, { about: undefined, title: undefined }], ['Clients']],
    ['a screen of its own by its title', [{}, clients], ['Clients']],
    ['a client by its name', [{}, clients, sheet], ['Clients', '1024 Mbalmayo II']],
    [
      'once whom several screens are about',
      [{}, clients, sheet, account, recharge],
      ['Clients', '1024 Mbalmayo II', 'Compte', 'Recharge'],
    ],
    [
      'another one by another name',
      [{}, account, { ...recharge, about: '1025 Kribi' }],
      ['1024 Mbalmayo II', 'Compte', '1025 Kribi', 'Recharge'],
    ],
    ['nobody twice', [{}, clients, account, sheet], ['Clients', '1024 Mbalmayo II']],
  ] as const)('names %s', (_case, screens, crumbs) => {
    expect(trailOf(screens)).toEqual(crumbs);
  });
});

describe('what is shown of it', () => {
  const trail = ['Clients', '1024 Centre d’état civil de Mbalmayo', 'Compte'];

  it.each([
    [80, 'Clients › 1024 Centre d’état civil de Mbalmayo › Compte'],
    [55, 'Clients › 1024 Centre d’état civil de Mbalmayo › Compte'],
    [54, '… › 1024 Centre d’état civil de Mbalmayo › Compte'],
    [49, '… › 1024 Centre d’état civil de Mbalmayo › Compte'],
    [48, '… › 1024 Centre d’état civil de Mbalma… › Compte'],
    [25, '… › 1024 Centre… › Compte'],
    [24, '… › Compte'],
    [10, '… › Compte'],
    [9, 'Compte'],
    [6, 'Compte'],
    [5, 'Comp…'],
    [0, ''],
  ])('in %d columns', (width, shown) => {
    expect(trailText(trail, '›', width)).toBe(shown);
  });

  it('in ASCII, where there is no more', () => {
    expect(trailText(trail, '>', 80)).toBe('Clients > 1024 Centre d’état civil de Mbalmayo > Compte');
  });

  it('by columns, not by characters', async () => {
    await loadWidths();
    expect(trailText(['雅温得', 'Solde'], '›', 13)).toBe('… › Solde');
    expect(trailText(['雅温得', 'Solde'], '›', 14)).toBe('雅温得 › Solde');
  });

  it('of a name that is longer than the line: its beginning', () => {
    expect(trailText(['Brokers', `mqtts://${'x'.repeat(90)}:8883`], '›', 30)).toBe(
      `mqtts://${'x'.repeat(21)}…`,
    );
  });
});
