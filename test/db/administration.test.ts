/** The acts of administration on a real database: their rules, who may, and what the journal says of them. */
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  addBroker,
  adoptBroker,
  changeBroker,
  listBrokers,
  removeBroker,
  selectBroker,
} from '../../src/core/administration/broker.ts';
import {
  changeClient,
  createClient,
  initialPassword,
  type NewClient,
  resetClientPassword,
  setClientStatus,
  showClient,
} from '../../src/core/administration/client.ts';
import { changeExchange } from '../../src/core/administration/client-exchange.ts';
import { sendMessage } from '../../src/core/administration/client-message.ts';
import { changeRights } from '../../src/core/administration/client-right.ts';
import { listJournal, verifyJournal } from '../../src/core/administration/journal.ts';
import {
  changeOperator,
  changeOwnPassword,
  createOperator,
  listOperators,
  setOperatorPassword,
  suspendOperator,
} from '../../src/core/administration/operator.ts';
import type { Administration, JournalRow } from '../../src/core/administration/ports.ts';
import { getSetting, listSettings, setSetting } from '../../src/core/administration/setting.ts';
import {
  changeSignatory,
  createSignatory,
  endSignatory,
  listSignatories,
} from '../../src/core/administration/signatory.ts';
import type { XmError } from '../../src/core/errors.ts';
import type { Operator, Privilege } from '../../src/core/operator.ts';
import { hashPassword, verifyPassword } from '../../src/core/password.ts';
import { createAdministrationStore } from '../../src/db/system/administration-store.ts';
import { registerCertificate } from '../../src/db/system/directory.ts';
import { readSettings, selectedBroker } from '../../src/db/system/setting.ts';
import { CrashingDatabase, insistently } from './crashing-database.ts';
import { clone, open } from './databases.ts';

const system = await clone('XMServerSystem');
const limits = { clients: 1_000, operators: 1_000 };
const administration: Administration = {
  store: createAdministrationStore(system),
  limits: async () => limits,
  tables: async () => new Set(['Naissance', 'Mariage', 'Deces', 'Diplome']),
};

const superviseur: Operator = { id: 0, userName: 'os:root', name: 'root', privilege: 4 };
const firstPage = { search: '', descending: false, limit: 10, from: 'start' } as const;
const password = 'quatre chevaux bais';

/** An operator that the table has. */
const passwordHash = await hashPassword(password);
let named = 0;
async function operatorOf(privilege: Privilege): Promise<Operator> {
  const entry = { userName: `op${++named}`, name: `Nom ${named}`, privilege };
  const id = await administration.store.insertOperator({ ...entry, certificateName: '' }, passwordHash);
  return { id: id ?? 0, ...entry };
}

const newClient = (changes: Partial<NewClient> = {}, operator = superviseur) =>
  createClient(administration, operator, {
    name: 'Mairie de Yaoundé II',
    town: 'Yaoundé',
    telephone: '',
    status: 2,
    ...changes,
  });

/** What a call is refused with. */
async function refusal(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'done',
    (error: XmError) => error.code,
  );
}

/** The rows that were written since the last call. */
let seen = 0;
async function written(): Promise<Omit<JournalRow, 'id' | 'at'>[]> {
  const rows = await listJournal(administration, superviseur, { limit: 1_000 });
  const fresh = rows.filter(({ id }) => id > seen).reverse();
  seen = rows[0]?.id ?? seen;
  return fresh.map(({ id: _id, at: _at, ...row }) => row);
}
beforeEach(async () => {
  await written();
});

describe('a client', () => {
  it('is created with matricule, account, first password and the rights of new clients', async () => {
    const made = await newClient();
    expect(made).toMatchObject({
      name: 'Mairie de Yaoundé II',
      town: 'Yaoundé',
      status: 2,
      balance: 0,
      rights: ['Deces', 'Mariage', 'Naissance'].map(table => ({ table, write: true, read: false })),
      waitingMessages: 0,
    });
    expect(made.passwordChangedAt).toBeUndefined();
    const [stored] = await system.query<{ hash: string }>(
      'select password_hash as hash from client where matricule = $1',
      [made.matricule],
    );
    expect(await verifyPassword(initialPassword, stored?.hash ?? '')).toBe(true);
    expect(await written()).toMatchObject([
      {
        operator: 'os:root',
        act: 'client-create',
        detail: { client: made.matricule, before: null, after: { name: 'Mairie de Yaoundé II', status: 2 } },
      },
    ]);
  });

  it('gets the matricule that is wanted, once', async () => {
    expect(await newClient({ matricule: 70_000 })).toMatchObject({ matricule: 70_000 });
    expect(await refusal(newClient({ matricule: 70_000 }))).toBe('client-exists');
    expect(await refusal(newClient({ matricule: 0 }))).toBe('matricule-invalid');
    expect(await written()).toHaveLength(1);
  });

  it('is one, and its message is, however often they are sent under one reference', async () => {
    const reference = 'R-2026/1';
    const [first, again] = await Promise.all([newClient({ reference }), newClient({ reference })]);
    expect(again).toEqual(first);
    const client = first.matricule;
    expect(await written()).toMatchObject([{ act: 'client-create', detail: { client } }]);
    expect(await refusal(newClient({ reference, name: 'Kribi' }))).toBe('recorded-before');
    expect(await refusal(newClient({ reference, matricule: client + 1 }))).toBe('recorded-before');
    expect(await refusal(newClient({ reference: ' ' }))).toBe('reference-invalid');
    const send = (text: string) =>
      sendMessage(administration, superviseur, client, { subject: 'Avis', text, reference });
    const [id, same] = await Promise.all([send('Demain'), send('Demain')]);
    expect(same).toBe(id);
    expect(await refusal(send('Lundi'))).toBe('recorded-before');
    expect((await showClient(administration, superviseur, client)).waitingMessages).toBe(1);
    expect(await written()).toMatchObject([{ act: 'client-message', detail: { message: id } }]);
  });

  it.each(['before', 'during', 'answer'] as const)(
    'and its message, whose answer was lost (%s), are made once',
    async how => {
      const crashing = new CrashingDatabase(system, [
        { after: 3, how },
        { after: 99, how },
      ]);
      const shaken = { ...administration, store: createAdministrationStore(crashing) };
      const count = async () => (await system.query('select from client')).length;
      const clients = await count();
      const entry = { name: 'Lolodorf', town: '', telephone: '', status: 2, reference: `R-${how}` };
      const made = await insistently(() => createClient(shaken, superviseur, entry));
      expect(await count()).toBe(clients + 1);
      const message = { subject: 'Avis', text: 'Demain', reference: `R-${how}` };
      await crashing.close();
      const again = new CrashingDatabase(system, [{ after: 2, how }]);
      const store = createAdministrationStore(again);
      await insistently(() =>
        sendMessage({ ...administration, store }, superviseur, made.matricule, message),
      );
      await again.close();
      expect((await showClient(administration, superviseur, made.matricule)).waitingMessages).toBe(1);
    },
  );

  it('is changed field by field; what changes nothing writes nothing', async () => {
    const { matricule } = await newClient({ telephone: '699' });
    await written();
    expect(await changeClient(administration, superviseur, matricule, { town: ' Kribi ' })).toMatchObject({
      name: 'Mairie de Yaoundé II',
      town: 'Kribi',
      telephone: '699',
    });
    await changeClient(administration, superviseur, matricule, { town: 'Kribi' });
    expect(await refusal(changeClient(administration, superviseur, matricule, { name: '' }))).toBe(
      'name-invalid',
    );
    expect(await refusal(changeClient(administration, superviseur, 1, { name: 'x' }))).toBe('client-unknown');
    expect(await written()).toEqual([
      {
        operator: 'os:root',
        act: 'client-change',
        detail: { client: matricule, before: { town: 'Yaoundé' }, after: { town: 'Kribi' } },
      },
    ]);
  });

  it('of status 3 is the Superviseur’s alone: to make, to change, to take away', async () => {
    const manager = await operatorOf(2);
    expect(await refusal(newClient({ status: 3 }, manager))).toBe('privilege-needed');
    const { matricule } = await newClient({}, manager);
    const status = (operator: Operator, value: number) =>
      setClientStatus(administration, operator, matricule, value);
    expect(await refusal(status(manager, 3))).toBe('privilege-needed');
    expect(await status(manager, 1)).toMatchObject({ status: 1 });
    expect(await status(superviseur, 3)).toMatchObject({ status: 3 });
    expect(await refusal(status(manager, 0))).toBe('privilege-needed');
    expect(await refusal(changeClient(administration, manager, matricule, { town: 'x' }))).toBe(
      'privilege-needed',
    );
    expect(await refusal(status(superviseur, 4))).toBe('client-status-invalid');
    expect(await showClient(administration, await operatorOf(1), matricule)).toMatchObject({ status: 3 });
  });

  it('stays within the licence, however many create at once', async () => {
    const now = await administration.store.countClients({});
    const tight = { ...administration, limits: async () => ({ ...limits, clients: now + 2 }) };
    const others = [open(system.settings.database), open(system.settings.database)];
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        refusal(
          createClient({ ...tight, store: createAdministrationStore(others[i % 2] ?? system) }, superviseur, {
            name: `Client ${i}`,
            town: '',
            telephone: '',
            status: 0,
          }),
        ),
      ),
    );
    expect(outcomes.filter(outcome => outcome === 'done')).toHaveLength(2);
    expect(outcomes.filter(outcome => outcome === 'limit-clients')).toHaveLength(4);
    // What is there goes on, over the limit, too.
    const [first] = (await administration.store.clientPage({ ...firstPage, sort: 'matricule', limit: 1 }))
      .rows;
    const over = { ...tight, limits: async () => ({ ...limits, clients: 0 }) };
    expect(await setClientStatus(over, superviseur, first?.matricule ?? 0, 1)).toMatchObject({ status: 1 });
  });

  it('may exchange several records in one SDC, and read so many a day', async () => {
    const { matricule } = await newClient();
    const manager = await operatorOf(2);
    await written();
    const change = (operator: Operator, changes: Parameters<typeof changeExchange>[3]) =>
      changeExchange(administration, operator, matricule, changes);
    expect(await change(manager, { batch: true })).toEqual({ batch: true });
    expect(await refusal(change(manager, { readsPerDay: 5 }))).toBe('privilege-needed');
    expect(await refusal(change(superviseur, { readsPerDay: -1 }))).toBe('reads-invalid');
    expect(await change(superviseur, { readsPerDay: 0 })).toEqual({ batch: true, readsPerDay: 0 });
    expect(await showClient(administration, manager, matricule)).toMatchObject({
      batch: true,
      readsPerDay: 0,
    });
    expect(await change(superviseur, { readsPerDay: 'none' })).toEqual({ batch: true });
    await change(superviseur, {});
    expect((await written()).map(({ detail }) => detail)).toEqual([
      { client: matricule, before: { batch: false }, after: { batch: true } },
      { client: matricule, before: { readsPerDay: null }, after: { readsPerDay: 0 } },
      { client: matricule, before: { readsPerDay: 0 }, after: { readsPerDay: null } },
    ]);
  });

  it('has its rights granted and withdrawn by table; reading is SDS', async () => {
    const { matricule } = await newClient();
    const manager = await operatorOf(2);
    await written();
    const change = (operator: Operator, ...changes: Parameters<typeof changeRights>[3]) =>
      changeRights(administration, operator, matricule, changes);
    expect(await refusal(change(manager, { table: 'Permis', write: true }))).toBe('table-unknown');
    expect(await refusal(change(manager, { table: 'Naissance', read: true }))).toBe('privilege-needed');
    expect(
      await change(manager, { table: 'Diplome', write: true }, { table: 'Deces', write: false }),
    ).toEqual(['Diplome', 'Mariage', 'Naissance'].map(table => ({ table, write: true, read: false })));
    await change(superviseur, { table: 'Naissance', read: true });
    expect(await refusal(change(manager, { table: 'Naissance', read: false }))).toBe('privilege-needed');
    await change(manager, { table: 'Diplome', write: true });
    // A table that is gone can be withdrawn.
    await system.query(
      `insert into access_right (client, table_name, may_write) values ($1, 'Ancienne', true)`,
      [matricule],
    );
    await change(manager, { table: 'Ancienne', write: false });
    expect((await showClient(administration, manager, matricule)).rights.map(({ table }) => table)).toEqual([
      'Diplome',
      'Mariage',
      'Naissance',
    ]);
    const rows = await written();
    expect(rows.map(({ act, operator }) => [act, operator])).toEqual([
      ['client-rights', manager.userName],
      ['client-rights', 'os:root'],
      ['client-rights', manager.userName],
    ]);
    expect(rows[1]?.detail).toMatchObject({
      after: [{}, {}, { table: 'Naissance', write: true, read: true }],
    });
  });

  it('is sent messages, suspended or not', async () => {
    const { matricule } = await newClient({ status: 0 });
    await written();
    const send = (subject: string, text: string, client = matricule) =>
      sendMessage(administration, superviseur, client, { subject, text });
    const id = await send(' Réunion ', 'Demain\r\n10 h\n');
    expect(await refusal(send('', 'x'))).toBe('subject-invalid');
    expect(await refusal(send('x', ' \n'))).toBe('message-text-invalid');
    expect(await refusal(send('x', 'a\u001b[2J'))).toBe('message-text-invalid');
    expect(await refusal(send('x', 'y'.repeat(4_001)))).toBe('message-text-invalid');
    expect(await refusal(send('x', 'y', 1))).toBe('client-unknown');
    expect(
      await system.query(
        'select client, subject, text, created_by, taken_at from outgoing_message where id = $1',
        [id],
      ),
    ).toEqual([
      { client: matricule, subject: 'Réunion', text: 'Demain\n10 h', created_by: 'os:root', taken_at: null },
    ]);
    expect((await showClient(administration, superviseur, matricule)).waitingMessages).toBe(1);
    expect(await written()).toMatchObject([{ act: 'client-message', detail: { message: id } }]);
  });

  it('begins again with the first password', async () => {
    const { matricule } = await newClient();
    await system.query(
      `update client set password_hash = 'x', password_changed_at = now() where matricule = $1`,
      [matricule],
    );
    expect((await showClient(administration, superviseur, matricule)).passwordChangedAt).toBeDefined();
    await resetClientPassword(administration, superviseur, matricule);
    expect((await showClient(administration, superviseur, matricule)).passwordChangedAt).toBeUndefined();
    expect(await refusal(resetClientPassword(administration, superviseur, 1))).toBe('client-unknown');
  });

  it('is shown with the certificate that answers are sealed to', async () => {
    const { matricule } = await newClient();
    const keyId = Buffer.from('a1b2c3d4e5f60718', 'hex');
    const [notBefore, notAfter] = [1_600_000_000_000, 2_000_000_000_000];
    await registerCertificate(system, matricule, {
      keyId,
      spki: Buffer.from('s'),
      der: Buffer.from('d'),
      notBefore,
      notAfter,
    });
    expect((await showClient(administration, superviseur, matricule)).certificate).toEqual({
      key: 'a1b2c3d4e5f60718',
      notAfter,
      revoked: false,
    });
  });
});

describe('an operator', () => {
  it('is created by whoever has as much, and once', async () => {
    const head = await operatorOf(3);
    const create = (operator: Operator, userName: string, privilege: number, typed = password) =>
      createOperator(
        administration,
        operator,
        { userName, name: 'Nom', privilege, certificateName: '' },
        typed,
      );
    expect(await create(head, 'Awa', 3)).toMatchObject({ userName: 'Awa', privilege: 3 });
    expect(await refusal(create(superviseur, 'AWA', 1))).toBe('user-name-taken');
    expect(await refusal(create(head, 'chef', 4))).toBe('privilege-needed');
    expect(await refusal(create(await operatorOf(2), 'chef', 1))).toBe('privilege-needed');
    expect(await refusal(create(head, 'chef', 1, 'court'))).toBe('password-short');
    expect(await refusal(create(head, 'os:chef', 1))).toBe('user-name-invalid');
    const rows = (await written()).filter(({ detail }) => detail.operator === 'Awa');
    expect(rows).toEqual([
      {
        operator: head.userName,
        act: 'operator-create',
        detail: {
          operator: 'Awa',
          before: null,
          after: { name: 'Nom', certificateName: '', privilege: 3 },
        },
      },
    ]);
    expect(JSON.stringify(await listOperators(administration, head))).not.toContain('scrypt');
  });

  it('is changed and suspended by whoever has as much, and not by himself', async () => {
    const [head, other] = [await operatorOf(3), await operatorOf(3)];
    await written();
    const change = (operator: Operator, userName: string, changes: Parameters<typeof changeOperator>[3]) =>
      changeOperator(administration, operator, userName, changes);
    expect(await change(head, other.userName.toUpperCase(), { name: 'Autre', privilege: 2 })).toMatchObject({
      name: 'Autre',
      privilege: 2,
    });
    expect(await refusal(change(head, other.userName, { privilege: 4 }))).toBe('privilege-needed');
    expect(await refusal(change(head, other.userName, { privilege: 5 }))).toBe('privilege-invalid');
    expect(await refusal(change(head, head.userName, { privilege: 2 }))).toBe('operator-self');
    expect(await change(head, head.userName, { certificateName: 'Chef' })).toMatchObject({
      certificateName: 'Chef',
    });
    const chief = await operatorOf(4);
    await written();
    expect(await refusal(suspendOperator(administration, head, chief.userName))).toBe('privilege-needed');
    expect(await suspendOperator(administration, head, other.userName)).toMatchObject({ privilege: 0 });
    expect(await refusal(suspendOperator(administration, head, 'nobody'))).toBe('operator-unknown');
    expect(await written()).toEqual([
      {
        operator: head.userName,
        act: 'operator-suspend',
        detail: { operator: other.userName, before: { privilege: 2 }, after: { privilege: 0 } },
      },
    ]);
  });

  it('who was suspended since he logged in can do nothing any more', async () => {
    const head = await operatorOf(3);
    await suspendOperator(administration, superviseur, head.userName);
    await written();
    expect(await refusal(newClient({}, head))).toBe('privilege-needed');
    expect(await written()).toEqual([]);
  });

  it('is not suspended as the last Superviseur, by two at once neither', async () => {
    for (const { userName, privilege } of await listOperators(administration, superviseur)) {
      if (privilege === 4)
        await system.query('update operator set privilege = 3 where user_name = $1', [userName]);
    }
    const [one, two] = [await operatorOf(4), await operatorOf(4)];
    const outcomes = await Promise.all([
      refusal(suspendOperator(administration, superviseur, one.userName)),
      refusal(changeOperator(administration, superviseur, two.userName, { privilege: 3 })),
    ]);
    expect(outcomes.sort()).toEqual(['done', 'superviseur-last']);
  });

  it('counts for the licence while he is not suspended', async () => {
    const active = (await listOperators(administration, superviseur)).filter(
      ({ privilege }) => privilege > 0,
    );
    const full = { ...administration, limits: async () => ({ ...limits, operators: active.length }) };
    const entry = { userName: 'plein', name: 'Plein', privilege: 1, certificateName: '' };
    expect(await refusal(createOperator(full, superviseur, entry, password))).toBe('limit-operators');
    const gone = active.find(({ privilege }) => privilege === 3)?.userName ?? '';
    await suspendOperator(full, superviseur, gone);
    expect(await createOperator(full, superviseur, entry, password)).toMatchObject({ userName: 'plein' });
    expect(await refusal(changeOperator(full, superviseur, gone, { privilege: 3 }))).toBe('limit-operators');
  });

  it('has a new password by his own old one, or by whoever manages operators', async () => {
    const own = await operatorOf(1);
    const next = 'cinq chevaux noirs';
    await written();
    expect(await refusal(changeOwnPassword(administration, own, 'faux', next))).toBe('password-wrong');
    expect(await refusal(changeOwnPassword(administration, own, password, 'court'))).toBe('password-short');
    await changeOwnPassword(administration, own, password, next);
    const hash = async () => (await administration.store.passwordHash(own.id)) ?? '';
    expect(await verifyPassword(next, await hash())).toBe(true);
    const set = (operator: Operator, userName: string) =>
      setOperatorPassword(administration, operator, userName, password);
    expect(await refusal(set(own, own.userName))).toBe('privilege-needed');
    await set(await operatorOf(3), own.userName);
    expect(await verifyPassword(password, await hash())).toBe(true);
    expect(await refusal(set(await operatorOf(3), (await operatorOf(4)).userName))).toBe('privilege-needed');
    const rows = (await written()).filter(({ act }) => act.endsWith('password'));
    expect(rows.map(({ act, detail }) => [act, detail])).toEqual([
      ['own-password', { operator: own.userName }],
      ['operator-password', { operator: own.userName }],
    ]);
  });
});

describe('a signatory', () => {
  it('signs for a client within his days, once at a time', async () => {
    const { matricule: client } = await newClient();
    await written();
    const entry = { client, name: 'Atangana Jean', quality: 'Maire', from: '2026-01-01' };
    const create = (changes: object) =>
      createSignatory(administration, superviseur, { ...entry, ...changes });
    const first = await create({});
    expect(first).toEqual({ ...entry, id: first.id, clientName: 'Mairie de Yaoundé II' });
    expect(await refusal(create({ name: ' ATANGANA  JÉAN', from: '2030-01-01' }))).toBe('signatory-exists');
    expect(await refusal(create({ name: 'Autre', until: '2025-12-31' }))).toBe('days-reversed');
    expect(await refusal(create({ name: 'Autre', from: '2026-02-30' }))).toBe('day-invalid');
    expect(await refusal(create({ client: 1 }))).toBe('client-unknown');
    expect(await refusal(create({ name: 'Autre', certificate: 'ffffffffffffffff' }))).toBe(
      'certificate-unknown',
    );
    expect(await refusal(create({ name: 'Autre', certificate: 'xx' }))).toBe('certificate-unknown');
    expect(await endSignatory(administration, superviseur, first.id, '2026-06-30')).toMatchObject({
      until: '2026-06-30',
    });
    const second = await create({ from: '2026-07-01' });
    expect(
      await refusal(changeSignatory(administration, superviseur, first.id, { until: '2026-07-01' })),
    ).toBe('signatory-exists');
    expect(
      await changeSignatory(administration, superviseur, second.id, { quality: 'Officier d’état civil' }),
    ).toMatchObject({ quality: 'Officier d’état civil', from: '2026-07-01' });
    const page = await listSignatories(administration, await operatorOf(1), {
      ...firstPage,
      sort: 'from',
      client,
      search: 'atangana',
    });
    expect(page.rows.map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(await refusal(endSignatory(administration, superviseur, 999_999, '2026-01-01'))).toBe(
      'signatory-unknown',
    );
    expect((await written()).map(({ act }) => act)).toEqual([
      'signatory-create',
      'signatory-end',
      'signatory-create',
      'signatory-change',
    ]);
  });

  it('may have a certificate that is registered', async () => {
    const { matricule: client } = await newClient();
    const keyId = Buffer.from('00000000000000aa', 'hex');
    const stored = {
      spki: Buffer.from('s'),
      der: Buffer.from('d'),
      notBefore: 0,
      notAfter: 2_000_000_000_000,
    };
    await registerCertificate(system, client, { keyId, ...stored });
    const entry = {
      client,
      name: 'Essomba',
      quality: '',
      from: '2026-01-01',
      certificate: '00:00:00:00:00:00:00:AA',
    };
    expect(await createSignatory(administration, superviseur, entry)).toMatchObject({
      certificate: '00000000000000aa',
    });
  });
});

describe('a setting', () => {
  it('is what it was first until it is set, as it can be', async () => {
    const head = await operatorOf(3);
    await written();
    const set = (name: string, text: string, operator: Operator = head) =>
      setSetting(administration, operator, name, text);
    expect(await getSetting(administration, head, 'cyclePeriodS')).toEqual({
      name: 'cyclePeriodS',
      value: 60,
      isSet: false,
    });
    expect(await set('cyclePeriodS', ' 30 ')).toMatchObject({ value: 30, isSet: true });
    expect(await readSettings(system)).toMatchObject({
      cyclePeriodS: 30,
      serverName: 'XMServer',
      trial: false,
    });
    for (const wrong of ['', '4', '3601', '1e3', '-30', '60 s']) {
      expect(await refusal(set('cyclePeriodS', wrong)), wrong).toBe('setting-invalid');
    }
    expect(await refusal(set('serverName', ' '))).toBe('setting-invalid');
    for (const other of ['trial', 'installation', 'licence', 'latestMoment']) {
      expect(await refusal(set(other, 'false', superviseur)), other).toBe('setting-unknown');
    }
    expect(await refusal(getSetting(administration, head, '__proto__'))).toBe('setting-unknown');
    expect(await refusal(set('serverName', 'x', await operatorOf(2)))).toBe('privilege-needed');
    expect(await set('defaultWrites', 'Naissance, Diplome,')).toMatchObject({
      value: ['Naissance', 'Diplome'],
    });
    expect(await refusal(set('defaultWrites', 'Nulle'))).toBe('table-unknown');
    expect(await refusal(set('defaultReads', 'Naissance'))).toBe('privilege-needed');
    await set('defaultReads', 'Naissance', superviseur);
    expect((await newClient()).rights).toEqual([
      { table: 'Diplome', write: true, read: false },
      { table: 'Naissance', write: true, read: true },
    ]);
    expect(await set('defaultWrites', '')).toMatchObject({ value: [] });
    const rows = (await written()).filter(({ act }) => act === 'setting-change');
    expect(rows[0]).toEqual({
      operator: head.userName,
      act: 'setting-change',
      detail: { setting: 'cyclePeriodS', before: 60, after: 30 },
    });
    expect((await listSettings(administration, head)).map(({ name }) => name)).toContain('serverName');
  });

  it('of the decimals of the currency stays as it is once an account has moved', async () => {
    const set = (text: string) => setSetting(administration, superviseur, 'currencyDecimals', text);
    expect(await set('2')).toMatchObject({ value: 2 });
    const { matricule } = await newClient();
    await system.query('insert into account (client) values ($1) on conflict do nothing', [matricule]);
    await system.query(
      `insert into movement (client, kind, service, message_id, amount) values ($1, 'charge', 'EXPORT', '\\x01', -1)`,
      [matricule],
    );
    expect(await refusal(set('0'))).toBe('setting-fixed');
    expect(await set('2')).toMatchObject({ value: 2 });
  });
});

describe('a broker', () => {
  it('is added, selected in place of another, and removed when it is not in use', async () => {
    const head = await operatorOf(3);
    await written();
    const first = await addBroker(administration, head, {
      url: 'mqtts://mq.exemple.cm:8883/',
      userName: 'xms',
      password: 'secret',
    });
    expect(first).toMatchObject({ url: 'mqtts://mq.exemple.cm:8883', hasPassword: true, selected: false });
    const second = await addBroker(administration, head, { url: 'mqtt://autre' });
    for (const url of [
      'http://x',
      'mqtt://u:p@x',
      'mqtt://',
      'mqtt://x/a',
      'x',
      'mqtt://x?y',
      'mqtt://x:99999',
    ]) {
      expect(await refusal(addBroker(administration, head, { url })), url).toBe('broker-url');
    }
    expect(await refusal(addBroker(administration, head, { url: 'mqtt://autre' }))).toBe('broker-exists');
    await selectBroker(administration, head, first.id);
    await selectBroker(administration, head, first.id);
    await selectBroker(administration, head, second.id);
    expect(await selectedBroker(system)).toEqual({ url: 'mqtt://autre', keepAliveS: 60 });
    expect(await refusal(removeBroker(administration, head, second.id))).toBe('broker-selected');
    expect(await refusal(changeBroker(administration, head, second.id, { url: first.url }))).toBe(
      'broker-exists',
    );
    expect(await changeBroker(administration, head, first.id, { password: 'neuf' })).toMatchObject({
      userName: 'xms',
      hasPassword: true,
    });
    await removeBroker(administration, head, first.id);
    expect(await refusal(selectBroker(administration, head, first.id))).toBe('broker-unknown');
    expect((await listBrokers(administration, head)).map(({ id }) => id)).toEqual([second.id]);
    const rows = await written();
    expect(rows.map(({ act }) => act)).toEqual([
      'broker-add',
      'broker-add',
      'broker-select',
      'broker-select',
      'broker-change',
      'broker-remove',
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/secret|neuf/);
  });

  it('is adopted in one act, whatever was known of it, and a repeat changes nothing', async () => {
    const head = await operatorOf(3);
    await written();
    const entry = { url: 'mqtts://adopté:8883/', userName: 'xms', password: 'secret' };
    const made = await adoptBroker(administration, head, entry);
    expect(await selectedBroker(system)).toEqual({
      ...entry,
      url: 'mqtts://adopté:8883',
      keepAliveS: 60,
    });
    expect((await written()).map(({ act }) => act)).toEqual(['broker-add', 'broker-select']);
    expect(await adoptBroker(administration, head, { url: made.url, userName: 'xms' })).toEqual(made);
    expect(await selectedBroker(system)).toMatchObject({ password: 'secret' });
    expect(await written()).toEqual([]);
    await adoptBroker(administration, head, { url: made.url });
    expect(await selectedBroker(system)).toEqual({ url: made.url, keepAliveS: 60 });
    const rows = await written();
    expect(rows.map(({ act }) => act)).toEqual(['broker-change']);
    expect(JSON.stringify(rows)).not.toContain('secret');
    expect(await refusal(adoptBroker(administration, head, { url: 'http://x' }))).toBe('broker-url');
    expect(await refusal(adoptBroker(administration, await operatorOf(2), { url: 'mqtt://y' }))).toBe(
      'privilege-needed',
    );
  });
});

describe('how a broker is spoken to', () => {
  const vector = (name: string) =>
    readFileSync(new URL(`../vectors/keys/${name}.crt`, import.meta.url), 'utf8');
  const terms = {
    mqttVersion: '3.1.1',
    keepAliveS: 1_200,
    authority: vector('server-ec'),
    clientCertificate: vector('client-ec'),
    clientKey: 'broker.key',
  } as const;

  it('is kept for all machines, changed piece by piece, and told in the journal without its texts', async () => {
    const head = await operatorOf(3);
    await written();
    const { id } = await addBroker(administration, head, { url: 'mqtts://termes', ...terms });
    expect((await listBrokers(administration, head)).find(one => one.id === id)).toMatchObject(terms);
    const changed = await changeBroker(administration, head, id, { mqttVersion: 'auto', keepAliveS: 10 });
    expect(changed).toMatchObject({ keepAliveS: 10, clientKey: 'broker.key', authority: terms.authority });
    expect(changed).not.toHaveProperty('mqttVersion');
    const bare = await changeBroker(administration, head, id, {
      authority: '',
      clientCertificate: '',
      clientKey: '',
    });
    for (const name of ['authority', 'clientCertificate', 'clientKey']) expect(bare).not.toHaveProperty(name);
    await adoptBroker(administration, head, { url: 'mqtts://termes', ...terms });
    expect(await selectedBroker(system)).toEqual({ url: 'mqtts://termes', ...terms });
    await adoptBroker(administration, head, { url: 'mqtts://termes' });
    expect(await selectedBroker(system)).toMatchObject(terms);
    const rows = JSON.stringify(await written());
    expect(rows).toMatch(/"authority":\["(?:[0-9A-F]{2}:?){32}"\]/);
    expect(rows).not.toContain('BEGIN');
  });

  it.each([
    [{ keepAliveS: 9 }, 'broker-keep-alive'],
    [{ keepAliveS: 1_201 }, 'broker-keep-alive'],
    [{ keepAliveS: 10.5 }, 'broker-keep-alive'],
    [{ authority: 'no certificate' }, 'certificate-invalid'],
    [{ clientCertificate: terms.clientCertificate }, 'broker-key-needed'],
    [{ clientKey: 'broker.key' }, 'broker-certificate-needed'],
    [{ clientCertificate: terms.clientCertificate, clientKey: '../server.key' }, 'broker-key-name'],
    [{ clientCertificate: terms.clientCertificate, clientKey: '.hidden' }, 'broker-key-name'],
  ] as const)('%j is refused, and nothing is kept', async (wrong, code) => {
    const head = await operatorOf(3);
    const before = await listBrokers(administration, head);
    expect(await refusal(addBroker(administration, head, { url: 'mqtts://faux', ...wrong }))).toBe(code);
    expect(await listBrokers(administration, head)).toEqual(before);
  });
});

describe('the journal', () => {
  it('is searched by act and by operator, page after page, and proved whole', async () => {
    const acts = await listJournal(administration, superviseur, { act: 'client-create', limit: 2 });
    expect(acts).toHaveLength(2);
    const older = await listJournal(administration, superviseur, {
      act: 'client-create',
      operator: 'os:root',
      before: acts[1]?.id,
      limit: 1,
    });
    expect(older[0]?.id).toBeLessThan(acts[1]?.id ?? 0);
    expect(await listJournal(administration, superviseur, { operator: 'nobody', limit: 5 })).toEqual([]);
    expect(await verifyJournal(administration, superviseur)).toBeUndefined();
    expect(await refusal(listJournal(administration, await operatorOf(2), { limit: 1 }))).toBe(
      'privilege-needed',
    );
  });

  it('has no row of an act that failed', async () => {
    const { matricule } = await newClient();
    await written();
    const failing = administration.store.transaction(async records => {
      await records.writeJournal('client-change', { client: matricule }, 'os:root');
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect(await written()).toEqual([]);
  });
});
