/** What the screens of Clients do on keys, on a real database. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { showClient } from '../../../src/core/administration/client.ts';
import { listJournal } from '../../../src/core/administration/journal.ts';
import type { Operator } from '../../../src/core/operator.ts';
import { lose } from '../../db/databases.ts';
import type { Stage } from '../stage.tsx';
import { now } from '../stand-in.ts';
import { Centre } from './centre.ts';

const centre = await Centre.found(300);
const { administration } = centre.ports.stores;
const superviseur: Operator = { id: 0, userName: 'os:root', name: 'root', privilege: 4 };
const [tab, save, clear, down] = ['\t', '\x13', '\x15', '\x1b[B'];

let stage: Stage;

afterEach(() => {
  vi.useRealTimers();
  stage.close();
});

async function opened(...options: Parameters<Centre['open']>): Promise<void> {
  stage = await centre.open(...options);
}

/** Types each, and waits for what it leads to. */

/** As a terminal sends what is pasted. */
const pasted = (text: string) => `\x1b[200~${text}\x1b[201~`;

const sheetOf = (client: number) => showClient(administration, superviseur, client);

async function count(table: 'client' | 'movement' | 'outgoing_message'): Promise<number> {
  const [row] = await centre.system.query<{ count: bigint }>(`select count(*) from ${table}`);
  return Number(row?.count);
}

describe('the list', () => {
  it('searches without accents and case, keeps the search, and is left only without it', async () => {
    await opened();
    await stage.typed([':clients\r', '304'], ['/EBOLOWA\r', / 50 \/ 304 +\/ EBOLOWA/]);
    // Two Enters at once would be one.
    await stage.typed([`${down}\r`, /› \d+ Centre/]);
    await stage.esc();
    expect(stage.frame).toContain('/ EBOLOWA');
    await stage.typed([':moniteur\r', 'Lancer'], [':clients\r', '/ EBOLOWA']);
    await stage.esc();
    await stage.until(/▸ +1024/);
    expect(stage.frame).not.toContain('EBOLOWA');
  });

  it('is sorted by the column that is picked', async () => {
    await opened();
    await stage.typed([':clients\r', '304'], [`s${'\x1b[C'.repeat(4)}\r`, /solde↑/], ['ss', /solde↓/]);
    await stage.until(/▸ +1024 .*17 345/);
  });

  it('opens the client of a command, and searches for other words', async () => {
    await opened();
    await stage.typed([':clients 1026\r', 'Clients › 1026 Mairie de Yaoundé IV']);
    await stage.typed([':clients yaoundé ii\r', /▸ +1025/]);
    expect(stage.frame).toContain('/ yaoundé ii');
    await stage.type(':quitter maintenant\r');
    expect(stage.message).toContain('Commande inconnue : quitter maintenant');
  });

  it('says that there is no such client', async () => {
    await opened();
    await stage.typed([':clients 999999\r', 'Client inconnu : 999999']);
  });

  it('says what is needed: a privilege, or a client', async () => {
    await opened({}, 1);
    await stage.typed([':recharge\r', 'Privilège 2 nécessaire (le vôtre : 1)']);
    await stage.typed([':compte\r', 'Choisissez d’abord un client']);
    await stage.typed([':clients\r', '304'], ['n', 'Privilège 2 nécessaire']);
    expect(stage.frame).not.toContain('N créer');
  });
});

describe('the way to a screen', () => {
  const title = () => stage.frame.split('\n')[3]?.trim();

  it('names what each one on it is about once, and is the same on the way back', async () => {
    await opened();
    await stage.typed(
      [':clients\r', '304'],
      [`${down}\r`, /› 1025 Mairie de Yaoundé II$/m],
      ['k', /› Compte$/m],
    );
    expect(title()).toBe('Clients › 1025 Mairie de Yaoundé II › Compte');
    await stage.typed(['$', 'reçu n°']);
    expect(title()).toBe('Clients › 1025 Mairie de Yaoundé II › Compte › Recharge');
    await stage.esc();
    await stage.until(/› Compte$/m);
    await stage.esc();
    await stage.until(/› 1025 Mairie de Yaoundé II$/m);
    await stage.esc();
    await stage.until(/^ Clients +304/m);
  });

  it('names a client whose sheet was not opened, and is led back to it by its sheet', async () => {
    await opened();
    await stage.typed([':clients\r', '304'], ['k', /› Compte$/m]);
    expect(title()).toBe('Clients › 1024 Mbalmayo II › Compte');
    await stage.typed([':profil\r', '6 99 00 00 00']);
    expect(title()).toBe('Clients › 1024 Mbalmayo II');
  });

  it('loses its outer ends where it does not fit', async () => {
    await opened({ columns: 44 });
    await stage.typed([':clients\r', '304'], [down, /▸ +1025/], ['x', /› Certificats$/m]);
    expect(title()).toBe('… › 1025 Mairie de Yaoundé … › Certificats');
  });

  it('is drawn with signs that the terminal has', async () => {
    await opened({ term: 'linux' });
    await stage.typed([':clients\r', '304'], ['k', /> Compte$/m]);
    expect(title()).toBe('Clients > 1024 Mbalmayo II > Compte');
  });

  it('does not change while one moves in a list over another screen', async () => {
    await opened();
    await stage.typed([':journal\r', 'Journal'], [':clients\r', '304']);
    const before = title();
    expect(before).toMatch(/^Journal des actes › Clients +304$/);
    await stage.typed([down, /▸ +1025/]);
    expect(title()).toBe(before);
    await stage.typed(['/EBOLOWA\r', / 50 \/ 304 +\/ EBOLOWA/]);
    expect(title()).toMatch(/^Journal des actes › Clients +50 \/ 304 {3}\/ EBOLOWA$/);
  });
});

describe('a client', () => {
  it('is created once by a double Enter, and its sheet is shown', async () => {
    await opened();
    const before = await count('client');
    await stage.typed(
      [':clients\r', '304'],
      ['n', 'zerokey'],
      [`Ɓamenda${tab}Bamenda${tab}6 11${tab}${tab}9001`, '9001'],
    );
    await stage.type('\r\r');
    await stage.until('Client créé : matricule 9001, Ɓamenda.');
    await stage.until('Clients › 9001 Ɓamenda');
    expect(await count('client')).toBe(before + 1);
    expect(await sheetOf(9001)).toMatchObject({
      name: 'Ɓamenda',
      town: 'Bamenda',
      telephone: '6 11',
      status: 2,
    });
    await stage.esc();
    await stage.until('305');
  });

  it('that exists is told at its matricule, and what was typed stays', async () => {
    await opened();
    await stage.typed([':clients\r', '▸'], ['n', 'zerokey']);
    await stage.typed([`Kribi${tab.repeat(4)}1024${save}`, 'Matricule 1024 déjà attribué']);
    expect(stage.frame).toMatch(/nom +Kribi/);
  });

  it('gets status 3 from the Superviseur alone', async () => {
    await opened();
    await stage.typed([':clients\r', '▸'], ['n', 'zerokey']);
    await stage.typed([`Kribi${tab.repeat(3)}3${save}`, /3 {2}accès.*\n +Privilège 4 nécessaire/]);
  });

  it('is changed', async () => {
    await opened();
    await stage.typed(
      [':clients 1026\r', '677'],
      ['c', 'Modifier'],
      [`${clear}Yaoundé 4${save}`, 'enregistré : Yaoundé 4'],
    );
    expect(await sheetOf(1026)).toMatchObject({ name: 'Yaoundé 4', town: 'Yaoundé' });
    await stage.until('Clients › 1026 Yaoundé 4');
  });

  it('that is half typed is left after a question only', async () => {
    await opened();
    await stage.typed([':clients\r', '▸'], ['n', 'zerokey'], ['Kri', 'Kri']);
    await stage.esc();
    expect(stage.message).toBe('Abandonner ce qui a été tapé ?');
    await stage.type('n');
    expect(stage.frame).toMatch(/nom +Kri/);
    await stage.esc();
    await stage.typed(['o', /▸ +1024/]);
  });

  it('takes letters as text: no menu opens over a half-typed form', async () => {
    await opened();
    await stage.typed(
      [':clients\r', '▸'],
      ['n', 'zerokey'],
      [`${tab.repeat(3)}q`, /Q ne sert à rien ici\.$/m],
    );
    expect(stage.frame).toContain('Créer un client');
  });

  it('shows its keys on Ctrl-K, and is as it was afterwards', async () => {
    await opened();
    await stage.typed(
      [':clients\r', '▸'],
      ['n', 'zerokey'],
      ['Kri?', 'Kri?'],
      ['\x0b', 'Dans un formulaire'],
    );
    expect(stage.frame).toMatch(/Ctrl-S {2}enregistrer/);
    await stage.esc();
    await stage.type('bi');
    expect(stage.frame).toMatch(/nom +Kri\?bi/);
    expect(stage.frame).toContain('Ctrl-K aide');
  });

  it('is typed ahead on a slow link: nothing is lost', async () => {
    await opened();
    await stage.type(':clients 1027\r');
    await stage.type('cSœurs');
    await stage.until(/nom +Sœurs de l’EstSœurs/);
  });
});

/** What people type, paste and mistype; what the form of a new client makes of it. */
const tooLong = 'é'.repeat(300);
const inputs: readonly (readonly [field: string, tabs: number, text: string, seen: string | RegExp])[] = [
  ['name', 0, '', 'À remplir.'],
  ['name', 0, '   ', 'À remplir.'],
  ['name', 0, tooLong, '120 caractères au plus'],
  ['name', 0, 'A\x07\x00B', 'Client créé'],
  ['name', 0, pasted('Yokadouma\nrm -rf /\n'), 'Une seule ligne'],
  ['name', 0, 'مركز الحالة المدنية', 'مركز'],
  ['name', 0, '\u202Eabc', 'Des caractères invisibles'],
  ['name', 0, 'Ɓɔŋ e\u0301', 'Ɓɔŋ é'],
  ['town', 1, tooLong, '120 caractères au plus'],
  ['town', 1, pasted('Ébolowa\r\nautre'), 'Une seule ligne'],
  ['town', 1, '\u202Eabc', 'Des caractères invisibles'],
  ['telephone', 2, 'abc', 'Téléphone : chiffres'],
  ['telephone', 2, '٦٩٩', 'Téléphone : chiffres'],
  ['telephone', 2, '9'.repeat(80), '40 caractères au plus'],
  ['telephone', 2, pasted('6 99\n7'), 'Une seule ligne'],
  ['matricule', 4, 'douze', 'Un nombre entier, en chiffres.'],
  ['matricule', 4, '-1', 'Un nombre entier, en chiffres.'],
  ['matricule', 4, '0', 'Matricule 0 : un nombre entier positif'],
  ['matricule', 4, '99999999999999', '10 caractères au plus'],
];

describe('the form of a new client', () => {
  it.each(inputs)('%s, %#', async (field, tabs, text, seen) => {
    await opened();
    await stage.typed([':clients\r', '▸'], ['n', 'zerokey']);
    if (field !== 'name') await stage.type('Essai');
    await stage.typed([`${tab.repeat(tabs)}${text}${save}`, seen]);
    expect(stage.frame.split('\n')).toHaveLength(24);
    const made = /matricule (\d+)/.exec(stage.message);
    if (!made) return;
    const sheet = await sheetOf(Number(made[1]));
    for (const value of [sheet.name, sheet.town, sheet.telephone]) {
      expect(value.length).toBeLessThanOrEqual(120);
      expect(value).not.toMatch(/\p{Cc}/u);
    }
  });
});

describe('money', () => {
  it('is recharged once for each receipt, however often it is entered', async () => {
    await opened();
    const before = await count('movement');
    for (const seen of ['1 500 XAF crédités, solde 1 500 XAF : client 1026', 'Déjà inscrit auparavant']) {
      await stage.typed([':clients 1026\r', '› 1026 '], ['$', 'reçu n°'], [`1 500${tab}R/7${save}`, seen]);
    }
    expect(await count('movement')).toBe(before + 1);
    expect(await sheetOf(1026)).toMatchObject({ balance: 1_500 });
  });

  it.each([
    ['', 'R', 'À remplir.'],
    ['0', 'R', 'Montant illisible ou hors limites : 0.'],
    ['-5', 'R', 'Montant illisible ou hors limites : -5.'],
    ['1.500', 'R', 'Montant illisible'],
    ['1e3', 'R', 'Montant illisible'],
    ['99999999999999999', 'R', 'Montant illisible'],
    ['١٢', 'R', 'Montant illisible'],
    ['12', '', 'À remplir.'],
    ['12', '2026/0001', /Référence « 2026\/0001 » déjà prise : 15000 pour le/],
  ])('is not recharged by %j, %j', async (amount, reference, seen) => {
    await opened();
    const before = await count('movement');
    await stage.typed([':clients 1026\r', '› 1026 '], ['$', 'reçu n°']);
    await stage.typed([`${amount}${tab}${reference}${save}`, seen]);
    expect(await count('movement')).toBe(before);
    expect(stage.frame).toContain('› Recharge');
  });

  it('is corrected with a reason, by who may', async () => {
    await opened();
    await stage.typed([':clients 1025\r', '› 1025 '], ['o', 'raison'], [`-250${tab}${save}`, 'À remplir.']);
    await stage.typed([`trop perçu${save}`, 'Correction de -250 XAF, solde -250 XAF : client 1025']);
    stage.close();
    await opened({}, 2);
    await stage.typed([':clients 1025\r', '› 1025 '], ['o', 'Privilège 3 nécessaire']);
  });

  it('is invoiced after a question; the invoice is printed, and goes to the client once', async () => {
    vi.useFakeTimers({ now, toFake: ['Date'] });
    await opened();
    await stage.typed(
      [':clients 1024\r', '› 1024 '],
      ['f', '2026-02'],
      ['\r', 'Facturer 01/02/2026-28/02/2026'],
    );
    await stage.typed(['n', 'Facturation'], [`${save}`, 'Facturer'], ['o', 'Facture n° 1 : 120 XAF.']);
    await stage.typed(['p', 'Écrit dans /srv/XMSData/papers/facture-1.txt']);
    expect(centre.ports.papers.get('facture-1')?.join('\n')).toMatch(
      /^FACTURE N° 1\n[\s\S]*03\/02\/2026 +EXPORT/,
    );
    const before = await count('outgoing_message');
    await stage.typed(
      ['e', /Message n° \d+ pour Mbalmayo II/],
      ['e', /Déjà confié au moteur : message n° \d+/],
    );
    expect(await count('outgoing_message')).toBe(before + 1);
  });

  it.each([
    ['', 'À remplir.'],
    ['février', 'Période illisible : février'],
    ['2026-02-30', 'Période illisible'],
    ['2026-02-01..2026-01-01', 'Période illisible'],
  ])('is not invoiced for %j', async (period, seen) => {
    await opened();
    await stage.typed(
      [':clients 1024\r', '› 1024 '],
      ['f', 'Facturation'],
      [`${clear}${period}${save}`, seen],
    );
  });

  it('that is of an open or an empty period is told at the period', async () => {
    await opened();
    await stage.typed([':clients 1024\r', '› 1024 '], ['f', 'Facturation']);
    await stage.typed([`${clear}2999${save}`, 'Facturer'], ['o', /La période court jusqu’au 2999/]);
    await stage.typed([`${clear}2020${save}`, 'Facturer'], ['o', 'Rien à facturer du 2020-01-01']);
  });

  it('is shown month by month, printed, and sent', async () => {
    vi.useFakeTimers({ now, toFake: ['Date'] });
    await opened();
    await stage.typed(
      [':clients 1024\r', '› 1024 '],
      ['k', '2026/0002'],
      ['-', '2026/0001'],
      ['-', 'aucun mouvement'],
    );
    await stage.typed(['+', '2026/0001'], ['p', 'compte-1024-2026-02.txt']);
    expect(centre.ports.papers.get('compte-1024-2026-02')?.join('\n')).toContain('RELEVÉ DE COMPTE');
    await stage.typed(['e', 'Message n°'], ['+', '2026/0002'], ['e', 'Message n°']);
    const letters = await centre.system.query<{ subject: string; text: string }>(
      'select subject, text from outgoing_message order by id desc limit 2',
    );
    expect(letters.map(({ subject }) => subject)).toEqual([
      'Votre compte, 01/03/2026 au 31/03/2026',
      'Votre compte, 01/02/2026 au 28/02/2026',
    ]);
    expect(letters[1]?.text).toContain('14 880');
  });

  it('of a month with more movements than a message carries is sent without the oldest', async () => {
    vi.useFakeTimers({ now, toFake: ['Date'] });
    await centre.system.query(
      `insert into movement (client, kind, service, message_id, bytes, amount, at)
       select 1024, 'charge', 'EXPORT', decode(md5('many' || n), 'hex'), 600, -1, '2025-11-02T00:00Z'::timestamptz + n * interval '1 minute'
         from generate_series(1, 500) n`,
    );
    await opened();
    await stage.typed(
      [':clients 1024\r', '› 1024 '],
      ['k', '2026/0002'],
      ['-', /02\/2026/],
      ['-', /01\/2026/],
    );
    await stage.typed(['-', /12\/2025/], ['-', /30\/11\/2025/], ['e', 'Message n°']);
    const [letter] = await centre.system.query<{ text: string }>(
      'select text from outgoing_message order by id desc limit 1',
    );
    expect(letter?.text.length).toBeLessThanOrEqual(4_000);
    expect(letter?.text.length).toBeGreaterThan(3_800);
    expect(letter?.text).toContain('mouvements plus anciens');
    expect(letter?.text.split('\n').at(-1)).toContain('02/11/2025 08:20');
  });
});

describe('a new status', () => {
  it('that suspends asks first, naming the client', async () => {
    await opened();
    await stage.typed(
      [':clients 1025\r', '› 1025 '],
      ['t', 'SDS compris'],
      ['0', '0  suspendu'],
      [save, /▸ N non/],
    );
    expect(stage.message).toBe('Suspendre le client 1025 « Mairie de Yaoundé II » ?');
    await stage.type('\r');
    expect((await sheetOf(1025)).status).toBe(2);
    await stage.typed([save, /▸ N non/], ['o', 'Client 1025 « Mairie de Yaoundé II » : statut 0.']);
    expect((await sheetOf(1025)).status).toBe(0);
    await stage.typed(['t', 'SDS compris'], [`1${save}`, 'statut 1.']);
  });

  it('is the Superviseur’s to give where it is 3, or was', async () => {
    await opened();
    await stage.typed(
      [':clients 1024\r', '› 1024 '],
      ['t', 'SDS compris'],
      [`2${save}`, 'Privilège 4 nécessaire'],
    );
    expect((await sheetOf(1024)).status).toBe(3);
    stage.close();
    await opened({}, 4);
    await stage.typed([':clients 1027\r', '› 1027 '], ['t', 'SDS compris'], [`3${save}`, 'statut 3.']);
  });
});

describe('a message', () => {
  it('keeps its lines, typed or pasted', async () => {
    await opened();
    const long = Array.from({ length: 10 }, (_, n) => `ligne ${n + 1}`).join('\r\n');
    await stage.typed(
      [':clients 1026\r', '› 1026 '],
      ['m', 'objet'],
      [`Avis${tab}${pasted(long)}`, 'ligne 8 ligne 9'],
    );
    await stage.typed([save, /Message n° \d+ pour/]);
    const [letter] = await centre.system.query(
      'select subject, text from outgoing_message order by id desc limit 1',
    );
    const lines = Array.from({ length: 7 }, (_, n) => `ligne ${n + 1}`);
    expect(letter).toEqual({ subject: 'Avis', text: [...lines, 'ligne 8 ligne 9 ligne 10'].join('\n') });
  });

  it('without a subject or a text is told so there', async () => {
    await opened();
    await stage.typed([':clients 1026\r', '› 1026 '], ['m', 'objet'], [save, 'À remplir.']);
    await stage.typed([`Avis${save}`, /texte *\n +Texte : 1 à 4000/]);
  });
});

describe('rights', () => {
  it('to write are given and withdrawn, in one act of the journal', async () => {
    await opened();
    await stage.typed([':clients 1026\r', '› 1026 '], ['d', 'BureauVote']);
    await stage.typed([`\x1b[C${tab}\x1b[D`, /Deces ▸ni écrire/], [save, 'droits enregistrés']);
    const { rights } = await sheetOf(1026);
    expect(rights.map(({ table, write }) => `${table} ${write}`)).toEqual([
      'BureauVote true',
      'Mariage true',
      'Naissance true',
    ]);
    const [row] = await listJournal(administration, superviseur, { limit: 1 });
    expect(row).toMatchObject({ operator: 'mbome', act: 'client-rights', detail: { client: 1026 } });
  });

  it('to read are the Superviseur’s: told at the table', async () => {
    await opened();
    await stage.typed(
      [':clients 1026\r', '› 1026 '],
      ['d', 'BureauVote'],
      [`${tab.repeat(2)}l`, /Diplome ▸lire/],
    );
    await stage.typed([save, /Diplome ▸lire\n +Privilège 4 nécessaire/]);
  });
});

describe('a password', () => {
  it('is set back after a question', async () => {
    await opened({}, 4);
    await stage.typed([':clients 1024\r', 'changé le 05/01/2026'], ['z', '▸ N non']);
    await stage.typed(['o', 'de nouveau « zerokey »'], ['', 'zerokey : à changer']);
    expect((await sheetOf(1024)).passwordChangedAt).toBeUndefined();
  });
});

describe('a database that is lost in the middle of an entry', () => {
  it('leaves the form as it was typed, says so, and is saved when it is back', async () => {
    await opened();
    await stage.typed([':clients 1026\r', '› 1026 '], ['c', 'Modifier'], [`${clear}Nom gardé`, 'Nom gardé']);
    const regain = await lose(centre.system);
    await stage.typed([save, 'Rien n’est enregistré, la saisie reste : PostgreSQL']);
    expect(stage.frame).toMatch(/nom +Nom gardé/);
    await regain();
    await stage.typed([save, 'Client 1026 enregistré : Nom gardé.']);
    expect((await sheetOf(1026)).name).toBe('Nom gardé');
  });

  it('does not keep the list from saying why', async () => {
    // The second row is chosen.
    const second = /solde\n +\d.*\n▸/;
    await opened();
    await stage.typed([':clients\r', '1024'], [down, second]);
    const regain = await lose(centre.system);
    await stage.typed(['r', 'PostgreSQL injoignable']);
    expect(stage.frame).toMatch(second);
    await regain();
  });
});
