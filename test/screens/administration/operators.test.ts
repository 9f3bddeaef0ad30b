/** What the screens of Utilisateurs do on keys, on a real database. */
import { afterEach, describe, expect, it } from 'vitest';
import { showOperator } from '../../../src/core/administration/operator.ts';
import type { Operator } from '../../../src/core/operator.ts';
import { verifyPassword } from '../../../src/core/password.ts';
import type { Stage } from '../stage.tsx';
import { Centre } from './centre.ts';

const centre = await Centre.found();
const { administration } = centre.ports.stores;
const superviseur: Operator = { id: 0, userName: 'os:root', name: 'root', privilege: 4 };
const [tab, save, clear, right] = ['\t', '\x13', '\x15', '\x1b[C'];
const list = [':utilisateurs\r', 'Ngo Bell Ruth'] as const;
const secret = 'une longue phrase';

let stage: Stage;

afterEach(() => stage.close());

async function opened(...options: Parameters<Centre['open']>): Promise<void> {
  stage = await centre.open(...options);
}

const sheetOf = (userName: string) => showOperator(administration, superviseur, userName);

async function passwordOf(userName: string): Promise<string> {
  return (await administration.store.passwordHash((await sheetOf(userName)).id)) ?? '';
}

describe('the list', () => {
  it('is searched, and sorted by privilege', async () => {
    await opened();
    await stage.typed(list, ['/bell\r', /1 \/ \d+ +\/ bell/]);
    expect(stage.frame).not.toContain('Noah Jean');
    stage.console.key({ name: 'escape', text: '' });
    await stage.until('Noah Jean');
    await stage.typed([`s${right}${right}\r`, /privilège↑/]);
    await stage.until(/▸ abega/);
  });

  it('does not open to whoever is no head of centre', async () => {
    await opened({}, 2);
    expect(stage.frame).not.toContain('Utilisateurs');
    await stage.typed([':utilisateurs\r', 'Privilège 3 nécessaire (le vôtre : 2).']);
    await stage.typed([':infos\r', '© 2025'], ['u', 'Privilège 3 nécessaire']);
  });
});

describe('an operator', () => {
  it('is created once, with the password that he types twice, which is never seen', async () => {
    await opened();
    await stage.typed(list, ['n', 'deux fois']);
    await stage.typed([`ekotto${tab}Ekotto Jean${tab}ekotto-1${tab}${right}${tab}`, '2  clients']);
    const before = stage.frame;
    await stage.type(`${secret}${tab}${secret}`);
    expect(stage.frame).toBe(before);
    await stage.type('\r\r');
    await stage.until('Utilisateur créé : ekotto « Ekotto Jean ».');
    expect(await sheetOf('ekotto')).toMatchObject({
      name: 'Ekotto Jean',
      certificateName: 'ekotto-1',
      privilege: 2,
    });
    expect(await verifyPassword(secret, await passwordOf('ekotto'))).toBe(true);
  });

  it.each([
    ['', 'Nom', '', secret, secret, 'À remplir.'],
    ['x', 'Nom', '', secret, secret, 'Nom utilisateur : 2 à 32'],
    ['os:root', 'Nom', '', secret, secret, 'Nom utilisateur : 2 à 32'],
    ['Mbome', 'Nom', '', secret, secret, 'Nom utilisateur « Mbome » déjà pris'],
    ['neuf', '', '', secret, secret, 'À remplir.'],
    ['neuf', '\u202Enom', '', secret, secret, 'Des caractères invisibles'],
    ['neuf', 'Nom', '\u202Enom', secret, secret, 'Des caractères invisibles'],
    ['neuf', 'Nom', '', '', '', 'À remplir.'],
    ['neuf', 'Nom', '', secret, `${secret}!`, 'Les deux mots de passe diffèrent'],
    ['neuf', 'Nom', '', 'court', 'court', 'Mot de passe trop court'],
    ['neuf', 'Nom', '', 'neuf neuf neuf', 'neuf neuf neuf', 'Mot de passe trop facile'],
    ['neuf', 'Nom', '', 'é1'.repeat(150), 'é1'.repeat(150), '200 caractères au plus'],
  ])('is not created of %j %j %j', async (userName, name, certificate, password, again, seen) => {
    await opened();
    await stage.typed(list, ['n', 'deux fois']);
    await stage.type([userName, name, certificate, '', password, again].join(tab));
    await stage.typed([save, seen]);
    expect(stage.frame).toContain('Créer un utilisateur');
    expect(stage.frame).not.toContain(secret);
  });

  it('has at most the privilege of who makes him', async () => {
    await opened();
    await stage.typed(list, ['n', 'deux fois'], [`neuf${tab}Nom${tab}${tab}4${tab}`, '4  Superviseur']);
    await stage.typed([`${secret}${tab}${secret}${save}`, /4 {2}Superviseur\n +Privilège 4 nécessaire/]);
  });

  it('is changed; privilege 0 asks, and another lets him in again', async () => {
    await opened();
    await stage.typed(list, ['/jnoah\r', /1 \/ /], ['c', '› Modifier']);
    await stage.typed([
      `${clear}Noah J.${tab}${tab}0${save}`,
      'Suspendre l’utilisateur jnoah « Noah Jean » ?',
    ]);
    await stage.typed(['o', 'Utilisateur enregistré : jnoah « Noah J. ».']);
    expect(await sheetOf('jnoah')).toMatchObject({ name: 'Noah J.', privilege: 0 });
    await stage.until(/jnoah +Noah J\. +0/);
    await stage.typed(['c', '› Modifier'], [`${tab}${tab}2${save}`, 'Utilisateur enregistré']);
    expect((await sheetOf('jnoah')).privilege).toBe(2);
  });

  it('does not change his own privilege, nor one who has more', async () => {
    await opened();
    await stage.typed(list, ['/mbome\r', /1 \/ /], ['c', '› Modifier']);
    await stage.typed([`${tab}${tab}2${save}`, 'Nul ne change son propre privilège']);
    stage.close();
    await opened();
    await stage.typed(list, ['/chef\r', /1 \/ /], ['p', 'Nouveau mot de passe']);
    await stage.typed([
      `${secret}${tab}${secret}${save}`,
      'Rien n’est enregistré, la saisie reste : Privilège 4',
    ]);
  });

  it('types a new password himself', async () => {
    await opened();
    await stage.typed(list, ['/abega\r', /1 \/ /], ['p', 'Nouveau mot de passe']);
    await stage.typed([`${secret}${tab}${secret}${save}`, 'Mot de passe enregistré : abega']);
    expect(await verifyPassword(secret, await passwordOf('abega'))).toBe(true);
  });

  it('is suspended after a question', async () => {
    await opened();
    await stage.typed(list, ['/jnoah\r', /1 \/ /], ['z', '▸ N non'], ['\r', 'Z suspendre']);
    expect((await sheetOf('jnoah')).privilege).toBe(2);
    await stage.typed(['z', '▸ N non'], ['o', 'Utilisateur suspendu : jnoah']);
    expect((await sheetOf('jnoah')).privilege).toBe(0);
  });
});
