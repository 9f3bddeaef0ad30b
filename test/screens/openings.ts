/** What each screen of the table must be told to open, of a centre that has one of everything. */
import { createSignatory } from '../../src/core/administration/signatory.ts';
import type { Operator } from '../../src/core/operator.ts';
import { receiveMessage } from '../../src/db/system/received-message.ts';
import type { Argument, ScreenId } from '../../src/screens/screens.ts';
import type { Centre } from './fichier/centre.ts';

const superviseur: Operator = { id: 0, userName: 'os:root', name: 'root', privilege: 4 };
const page = { search: '', sort: 'id', descending: false, from: 'start', limit: 1 } as const;
const client = 1_000;

type Given = { readonly [Id in ScreenId as Argument<Id> extends [] ? never : Id]: Argument<Id> };

export async function openingsOf(centre: Centre): Promise<Given> {
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
  await receiveMessage(centre.system, client, Buffer.alloc(8), 'Panne', 'Plus de papier.\nMerci.');
  const [letter] = await centre.administration.store.receivedMessages({ unread: true, limit: 1 });
  if (!letter) throw new Error('nothing to read');
  const invoice = await accounts.invoice(client, { first: '2025-02-01', last: '2025-02-28' }, 'mbome');
  return {
    message: [7],
    'sent-message': [7],
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
    'client-exchange': [client],
    'received-message': [letter],
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
}

/** With what this screen is opened; empty: with nothing. */
export function opening(given: Given, id: ScreenId): readonly unknown[] {
  return (given as Partial<Record<ScreenId, readonly unknown[]>>)[id] ?? [];
}
