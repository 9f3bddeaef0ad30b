/** What operators do in lines, on a real database: forms, lists, what is wrong, what is given up. */
import { afterEach, describe, expect, it } from 'vitest';
import { listBrokers } from '../../../src/core/administration/broker.ts';
import { showClient } from '../../../src/core/administration/client.ts';
import { showOperator } from '../../../src/core/administration/operator.ts';
import type { Operator } from '../../../src/core/operator.ts';
import { glyphsFor } from '../../../src/screens/glyphs.ts';
import { consoleTexts } from '../../../src/text/console.ts';
import { linesTexts } from '../../../src/text/lines.ts';
import { lose } from '../../db/databases.ts';
import { Centre } from '../administration/centre.ts';
import { Reader } from './reader.ts';

const superviseur: Operator = { id: 0, userName: 'os:root', name: 'root', privilege: 4 };
const texts = consoleTexts.fr;
const lines = linesTexts.fr;
const centre = await Centre.found(30);
const { administration, accounts } = centre.ports.stores;

let reader: Reader;

afterEach(() => {
  centre.ports.readOnly = false;
  reader.desk.close();
});

async function opened(...options: [language?: 'fr' | 'en', privilege?: 1 | 2 | 3 | 4]): Promise<void> {
  const [language = 'fr', privilege = 4] = options;
  await centre.system.query(`update operator set privilege = $1 where user_name = 'mbome'`, [privilege]);
  reader = await Reader.open(centre.ports, language, privilege);
}

let regain: () => Promise<void>;

/** An answer before which the database is lost, and one before which it is back. */
const losing = (answer: string) => async () => {
  regain = await lose(centre.system);
  return answer;
};
const regaining = (answer: string) => async () => {
  await regain();
  return answer;
};

const sheetOf = (client: number) => showClient(administration, superviseur, client);

describe('a form', () => {
  it('creates a client, and asks again only for what is wrong', async () => {
    await opened();
    const form = await reader.hear('créer-client', 'Ɓamenda', 'Bamenda', 'douze', '2', '9001', '6 11');
    expect(form[0]).toBe(lines.form(texts.acts['client-create'].name));
    expect(reader.script.prompts.map(prompt => prompt.replace(/ ?[[:].*/, ''))).toEqual([
      'nom',
      'ville',
      'téléphone',
      'statut',
      'matricule',
      'téléphone',
    ]);
    expect(reader.script.prompts.at(-1)).toBe('téléphone [douze] :');
    expect(form).toContain('Client créé : matricule 9001, Ɓamenda.');
    expect(await sheetOf(9_001)).toMatchObject({ name: 'Ɓamenda', telephone: '6 11', status: 2 });
    expect(form).toContain('9001 Ɓamenda');
  });

  it('tells once what core refuses, and asks for that field', async () => {
    await opened();
    const form = await reader.hear('créer-client', 'Kribi', '', '', '', '1024', '9002');
    expect(form.filter(line => line.includes('1024 déjà attribué'))).toHaveLength(1);
    expect(reader.script.prompts.at(-1)).toBe('matricule [1024] :');
    expect(form).toContain('Client créé : matricule 9002, Kribi.');
  });

  it('keeps, empties and changes what is there', async () => {
    await opened();
    await reader.hear('modifier-client 1026', 'Yaoundé 4', '!');
    expect(await sheetOf(1_026)).toMatchObject({ name: 'Yaoundé 4', telephone: '+237 677 12 34 56' });
    await reader.hear('modifier-client 1026', '', '', '-');
    expect(await sheetOf(1_026)).toMatchObject({ name: 'Yaoundé 4', town: 'Yaoundé', telephone: '' });
  });

  it('says of a text that it is too long, and of a choice that it is none', async () => {
    await opened();
    const heard = await reader.hear('statut 1026', 'sept', '?', '0', 'o');
    expect(heard).toContain(lines.noChoice);
    expect(heard.filter(line => line === '0 : suspendu')).toHaveLength(2);
    expect((await sheetOf(1_026)).status).toBe(0);
    const long = await reader.hear('modifier-client 1026', 'x'.repeat(500), '.');
    expect(long.join()).toMatch(/\d+ caractères au plus/);
    expect((await sheetOf(1_026)).name).toBe('Yaoundé 4');
  });

  it('is given up with a dot: at once where nothing was typed, else after a question', async () => {
    await opened();
    await reader.hear('recharge 1024', '.');
    expect(reader.desk.top.id).toBe('client');
    const heard = await reader.hear('recharge 1024', '500', '.', 'n', 'R/1');
    expect(heard).toContain(texts.entry.abandon);
    expect(heard.join('\n')).toContain('500');
    await reader.hear('recharge 1024', '500', '.', 'o');
    expect((await sheetOf(1_024)).balance).toBe(17_345 + 500);
  });

  it('recharges a client, and a second time with the same receipt only once', async () => {
    await opened();
    const before = (await sheetOf(1_025)).balance;
    await reader.hear('clients 1025');
    const heard = await reader.hear('$', '2500', '2026/0099');
    expect(heard.join('\n')).toContain(`${texts.clients.client} : 1025 « Mairie de Yaoundé II »`);
    await reader.hear('$', '2500', '2026/0099');
    expect((await sheetOf(1_025)).balance).toBe(before + 2_500);
  });

  it('that cannot be saved stays as it was typed', async () => {
    await opened();
    const before = (await sheetOf(1_025)).balance;
    // Saved again, and corrected before.
    const heard = await reader.hear('recharge 1025', '600', losing('2026/0100'), regaining('c'), '700', '');
    expect(heard.filter(line => line.startsWith('Rien n’est enregistré, la saisie reste'))).toHaveLength(1);
    expect(heard.filter(line => line === lines.notSaved.question)).toHaveLength(1);
    expect(reader.script.prompts.slice(-2)).toEqual(['montant XAF [600] :', 'reçu n° [2026/0100] :']);
    expect((await sheetOf(1_025)).balance).toBe(before + 700);
  });

  it('that is not given up after all is not saved by that', async () => {
    await opened();
    const before = (await sheetOf(1_025)).balance;
    const typed = ['600', losing('2026/0101'), regaining('a'), 'n', 'a', 'o'];
    const heard = await reader.hear('recharge 1025', ...typed);
    expect((await sheetOf(1_025)).balance).toBe(before);
    expect(heard.filter(line => line === lines.notSaved.question)).toHaveLength(2);
    expect(heard).toContain(lines.givenUp);
  });

  it('takes a message of several lines, which an empty one ends', async () => {
    await opened();
    const heard = await reader.hear('message 7');
    expect(heard[0]).toBe(texts.messages.one(7));
    await reader.hear('clients 1024');
    await reader.hear('message', 'Horaires', 'Fermé lundi.', 'Ouvert mardi.', '');
    const [row] = await centre.system.query<{ text: string }>(
      'select text from outgoing_message order by id desc limit 1',
    );
    expect(row?.text.trim()).toBe('Fermé lundi.\nOuvert mardi.');
  });

  it('creates an operator; passwords are never told, and both are asked again where they differ', async () => {
    await opened();
    const [first, second] = ['quatre chevaux bais', 'cinq chevaux'];
    const heard = await reader.hear(
      'créer-utilisateur',
      'ebolo',
      'Ebolo Anne',
      '',
      '2',
      first,
      second,
      '',
      first,
    );
    expect(await showOperator(administration, superviseur, 'ebolo')).toMatchObject({ privilege: 2 });
    expect(heard.join('\n')).not.toMatch(/chevaux/);
    const prompts = reader.script.prompts.filter(line => line.startsWith(`${texts.operators.again} `));
    expect(prompts).toHaveLength(2);
  });

  it('says what keeps one from opening it: a privilege, read-only mode, no client', async () => {
    await opened('fr', 1);
    expect((await reader.hear('créer-client')).join()).toMatch(/Privilège 2 nécessaire \(le vôtre : 1\)/);
    await opened();
    expect(await reader.hear('recharge')).toEqual([texts.clients.noneChosen]);
    expect((await reader.hear('recharge 999999')).join()).toMatch(/Client inconnu : 999999/);
    centre.ports.readOnly = true;
    await opened();
    expect((await reader.hear('créer-client')).join()).toMatch(/Lecture seule/);
  });
});

describe('a list', () => {
  it('is told ten rows at a time, numbered on, and opened by their numbers', async () => {
    await opened();
    const head = await reader.hear('clients');
    expect(head[0]).toMatch(/^Clients : \d+$/);
    expect(head[1]).toMatch(/^1\. matricule 1024, nom Mbalmayo II, ville Mbalmayo, statut 3, solde 17 845$/);
    expect(head.filter(line => /^\d+\. /.test(line))).toHaveLength(10);
    expect(head).toContain(lines.more);
    const next = await reader.hear('suite');
    expect(next[0]).toMatch(/^11\. matricule 20\d\d/);
    const [, matricule] = /^13\. matricule (\d+)/.exec(next[2] ?? '') ?? [];
    expect((await reader.hear('13'))[0]).toMatch(new RegExp(`^Clients › ${matricule} `));
    // Back on it, it is where it was.
    expect(await reader.hear('.')).toEqual(['Clients']);
    expect(await reader.hear('3')).toEqual([lines.rowGone(3)]);
    let last = next;
    while (last.includes(lines.moreAndBefore)) last = await reader.hear('suite');
    expect(await reader.hear('suite')).toEqual([lines.noMore]);
  });

  it('that has one order only says so, and asks nothing', async () => {
    await opened();
    await reader.hear('tarifs');
    expect(await reader.hear('s')).toEqual([texts.refusals.oneOrder]);
  });

  it('goes back to the rows before, by the numbers that they had', async () => {
    await opened();
    const head = await reader.hear('clients');
    const first = head.filter(line => /^\d+\. /.test(line));
    await reader.hear('suite');
    const third = await reader.hear('suite');
    const second = await reader.hear('avant');
    expect(second[0]).toMatch(/^11\. /);
    expect(second.at(-1)).toBe(lines.moreAndBefore);
    expect(third[0]).toMatch(/^21\. /);
    expect(await reader.hear('avant')).toEqual([...first, lines.more]);
    expect(await reader.hear('avant')).toEqual([lines.nothingBefore]);
  });

  it('does nothing to a row that nobody has chosen', async () => {
    await opened();
    await reader.hear('clients');
    expect(await reader.hear('k')).toEqual([lines.chooseFirst('K')]);
    expect(await reader.hear('recharge')).toEqual([texts.clients.noneChosen]);
    expect((await reader.hear('2 k'))[0]).toContain('1025');
    await reader.hear('.');
    expect((await reader.hear('k'))[0]).toContain('1025');
    await reader.hear('.');
    await reader.hear('suite');
    expect(await reader.hear('k')).toEqual([lines.chooseFirst('K')]);
  });

  it('is searched, sorted, and told again without its search', async () => {
    await opened();
    await reader.hear('clients');
    const found = await reader.hear('/yaounde ii');
    expect(found[0]).toMatch(/^Clients, recherche « yaounde ii » : 1 sur \d+$/);
    expect(found[1]).toMatch(/^1\. matricule 1025/);
    expect((await reader.hear('.'))[0]).toMatch(/^Clients : \d+$/);
    const sorted = await reader.hear('s', '5');
    expect(sorted).toContain('5 : solde');
    await reader.hear('s', '5');
    expect((await reader.hear('r'))[1]).toMatch(/^1\. matricule 1024/);
    const journal = `Clients › ${texts.journal.title}`;
    expect((await reader.hear('journal tarif'))[0]).toBe(lines.list(journal, 'tarif', ''));
  });

  it('is there on the way back from a row that was opened by a command', async () => {
    await opened();
    await reader.hear('clients 1024');
    expect((await reader.hear('.'))[0]).toMatch(/^Clients : \d+$/);
    expect(await reader.hear('.')).toEqual([texts.monitor.title]);
  });

  it('has its keys, for the row that is named with them', async () => {
    await opened();
    await reader.hear('clients');
    expect(await reader.hear('?')).toContain(`K : ${texts.keys['client-account'].help}`);
    expect((await reader.hear('2 k'))[0]).toMatch(/1025/);
    expect(reader.desk.top.id).toBe('client-account');
    expect(await reader.hear('W')).toEqual([texts.refusals.unknownKey('W')]);
    expect(await reader.hear('quitter maintenant')).toEqual([lines.unknown('quitter maintenant')]);
  });

  it('adds a broker and takes it away, after a question', async () => {
    await opened();
    const add = (url: string) => reader.hear('n', url, '!');
    await reader.hear('brokers');
    await add('mqtts://un.exemple.cm:8883');
    const two = await add('mqtts://deux.exemple.cm:8883');
    const [, number] = /(\d+)\. .*deux/.exec(two.join('\n')) ?? [];
    await reader.hear(`${number} d`, 'n');
    expect(await listBrokers(administration, superviseur)).toHaveLength(2);
    const gone = await reader.hear('d', 'o');
    expect(gone).toContain(texts.settings.brokers.removed('mqtts://deux.exemple.cm:8883'));
    const left = await listBrokers(administration, superviseur);
    expect(left.map(({ url }) => url)).toEqual(['mqtts://un.exemple.cm:8883']);
  });

  it('changes a tariff', async () => {
    await opened('en');
    const list = await reader.hear('tariffs');
    const [, row] = /(\d+)\. service EXPORT/.exec(list.join('\n')) ?? [];
    await reader.hear(row ?? '', '', '45', '', '');
    const [tariff] = (await accounts.tariffs()).filter(({ service }) => service === 'EXPORT');
    expect(tariff?.perAct).toBe(45n);
  });
});

describe('the way to a screen', () => {
  it('is told when it is opened, and on the way back', async () => {
    await opened();
    await reader.hear('clients 1024');
    expect((await reader.hear('k'))[0]).toBe('Clients › 1024 Mbalmayo II › Compte');
    const form = await reader.hear('$', '.');
    expect(form[0]).toBe(lines.form('Clients › 1024 Mbalmayo II › Compte › Recharge'));
    expect((await reader.hear('.'))[0]).toBe('Clients › 1024 Mbalmayo II');
    expect((await reader.hear('.'))[0]).toMatch(/^Clients : \d+$/);
  });

  it('is told without signs that the terminal has not', async () => {
    await centre.system.query(`update operator set privilege = 4 where user_name = 'mbome'`);
    reader = await Reader.open(centre.ports, 'fr', 4, glyphsFor('linux'));
    await reader.hear('clients 1024');
    expect((await reader.hear('k'))[0]).toBe('Clients > 1024 Mbalmayo II > Compte');
  });
});

describe('a text', () => {
  it('is turned, printed and left by its keys', async () => {
    await opened();
    await reader.hear('compte 1024');
    expect((await reader.hear('-')).length).toBeGreaterThan(1);
    expect(await reader.hear('p')).toEqual([texts.entry.writing, expect.stringContaining('papers/')]);
    expect((await reader.hear('.'))[0]).toMatch(/^1024 Mbalmayo II$/);
    expect(await reader.hear('.')).toEqual([texts.monitor.title]);
  });

  it('is told a part at a time where it is long', async () => {
    await opened();
    const heard = await reader.hear('message 7');
    expect(heard.filter(line => line.startsWith('Colonne')).length).toBeLessThan(30);
    expect(heard).toContain(lines.more);
    expect((await reader.hear('suite')).at(-1)).toBe('Colonne29 : valeur 29');
    expect(await reader.hear('suite')).toEqual([lines.noMore]);
  });

  it('is kept as it was heard', async () => {
    await opened();
    await reader.hear('infos');
    await reader.hear('copier');
    expect(centre.ports.captures.at(-1)).toContain(texts.infos.serverName);
  });
});

describe('what clients write', () => {
  it('is told, read and answered', async () => {
    await centre.receive([1025, 'Panne', 'Plus de courant.\nMerci.', Date.UTC(2026, 0, 2)]);
    await opened();
    expect(await reader.hear('état')).toContain('courrier : 1 non lu');
    expect(await reader.hear('courrier')).toContainEqual(
      expect.stringMatching(/^1[.:)]? .*non lu.*1025 Mairie de Yaoundé II.*Panne/),
    );
    const told = await reader.hear('1');
    expect(told).toEqual(expect.arrayContaining(['Plus de courant.', 'Merci.']));
    await reader.hear('m', '', 'Demain', '!');
    const [row] = await centre.system.query(
      'select client, subject, text from outgoing_message order by id desc limit 1',
    );
    expect(row).toEqual({ client: 1025, subject: 'Re: Panne', text: 'Demain' });
  });
});
