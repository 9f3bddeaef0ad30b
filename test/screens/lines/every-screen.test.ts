/** Every screen of the table is told in lines: one that is added and cannot be told fails here. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSignatory } from '../../../src/core/administration/signatory.ts';
import { type Language, languages } from '../../../src/core/language.ts';
import type { Operator } from '../../../src/core/operator.ts';
import { EntryScreen } from '../../../src/screens/form/entry.ts';
import { type Argument, type ScreenId, screens } from '../../../src/screens/screens.ts';
import { linesTexts } from '../../../src/text/lines.ts';
import { Centre } from '../fichier/centre.ts';
import { Reader } from './reader.ts';

const superviseur: Operator = { id: 0, userName: 'os:root', name: 'root', privilege: 4 };
const page = { search: '', sort: 'id', descending: false, from: 'start', limit: 1 } as const;
const client = 1_000;

const centre = await Centre.open(Date.now());
afterAll(() => centre.remove());

type Given = { readonly [Id in ScreenId as Argument<Id> extends [] ? never : Id]: Argument<Id> };
let given: Given;

beforeAll(async () => {
  const ports = centre.ports();
  const { security, accounts } = (await ports.start(() => undefined)) as Pick<
    Awaited<ReturnType<typeof ports.start>>,
    'security' | 'accounts'
  >;
  await centre.issue(client, 'Mbalmayo II', 300);
  await centre.fileRequest(client);
  const signatory = await createSignatory(centre.administration, superviseur, {
    client,
    name: 'Atangana Paul',
    quality: 'maire',
    certificate: undefined,
    from: '2025-01-01',
    until: undefined,
  });
  const [certificate] = (await security.certificates(page, false)).rows.filter(row => row.client === client);
  const [request] = (await security.requests(page)).rows;
  const [row] = await centre.administration.store.journalPage({ limit: 1 });
  if (!certificate || !request || !row) throw new Error('nothing to open');
  await centre.system.query(
    `insert into movement (client, kind, service, message_id, bytes, amount, at)
     values ($1, 'charge', 'EXPORT', decode(md5('1'), 'hex'), 600, -35, '2025-02-03 12:00Z')`,
    [client],
  );
  const invoice = await accounts.invoice(client, { first: '2025-02-01', last: '2025-02-28' }, 'mbome');
  given = {
    message: [7],
    client: [client],
    'client-change': [client],
    'client-account': [client],
    'client-recharge': [client],
    'client-correct': [client],
    'client-invoice': [client],
    'client-paper': [invoice],
    'client-status': [client],
    'client-message': [client],
    'client-rights': [client],
    'client-certificates': [client],
    'operator-change': ['mbome'],
    'operator-password': ['mbome'],
    'signatory-change': [signatory.id],
    'signatory-end': [signatory.id],
    broker: [undefined],
    'setup-broker': [undefined],
    tariff: [undefined],
    certificate: [certificate.key],
    revocation: [certificate],
    request: [request],
    refusal: [request, () => undefined],
    'journal-entry': [row],
    'certificate-register': [{ client }],
    'certificate-issue': [{ signatory: signatory.id }],
    intake: [
      { title: 'à valider', lines: [{ text: 'une ligne' }], question: '', enter: async () => {}, done: '' },
    ],
    authority: [
      { key: 'AB:CD', holder: 'Racine', issuer: 'CN=Racine', notBefore: 0, notAfter: 1, anchor: true },
    ],
  };
});

describe.each(languages)('%s', (language: Language) => {
  it.each(Object.keys(screens) as ScreenId[])('tells %s', async id => {
    const reader = await Reader.open(centre.ports(), language);
    const { desk, script, commands } = reader;
    const open = desk.open.bind(desk) as (screen: ScreenId, ...argument: unknown[]) => void;
    open(id, ...((given as Partial<Record<ScreenId, readonly unknown[]>>)[id] ?? []));
    const { screen } = desk.top;
    const isForm = screen instanceof EntryScreen;
    // Of a form all fields are seen, and nothing is saved.
    if (isForm) script.type(['.']);
    await commands.run('');
    const { heard, prompts } = script;
    const { lines } = script.talk;
    if (isForm) {
      expect(heard[0]).toBe(lines.form(script.talk.titleOf([screen])));
      expect(prompts).toHaveLength(1);
      expect(desk.isAtHome).toBe(true);
    } else {
      const title = id === 'help' ? '' : script.talk.titleOf([screen]);
      // What goes wrong at once is told before it.
      expect(heard.some(line => line.startsWith(title))).toBe(true);
      expect(heard.length).toBeGreaterThan(title === '' ? 0 : 1);
      expect(prompts).toEqual([]);
    }
    for (const line of heard) {
      // The counters of the engine are those of the program's own lines.
      if (id !== 'monitor') expect(line).not.toMatch(/ {2}|[─-▟]|\p{Control}/u);
      expect(line).not.toMatch(/undefined|\[object|no stores/);
    }
    expect(heard.join('\n')).not.toContain(linesTexts[language].unknown(''));
    desk.close();
  });
});
