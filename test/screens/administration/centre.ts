/** A centre on a real database, for the screens: its stores, and people and sums of fixed days. */

import { randomBytes } from 'node:crypto';
import { licenceStore } from '../../../src/cli/administration/ports.ts';
import type { Privilege } from '../../../src/core/operator.ts';
import { hashPassword } from '../../../src/core/password.ts';
import { PostgresAccountStore } from '../../../src/db/account-store.ts';
import type { Database } from '../../../src/db/database.ts';
import { createAdministrationStore } from '../../../src/db/system/administration-store.ts';
import { fileCertificate } from '../../../src/db/system/certificate.ts';
import { countUnread, receiveMessage } from '../../../src/db/system/received-message.ts';
import { CrashingDatabase } from '../../db/crashing-database.ts';
import { clone } from '../../db/databases.ts';
import { Stage, type StageOptions } from '../stage.tsx';
import { now, StandIn } from '../stand-in.ts';

const towns = ['Yaoundé', 'Mbalmayo', 'Kribi', 'Ébolowa', 'Ngaoundéré', 'Bertoua'] as const;
const tables = ['BureauVote', 'Deces', 'Diplome', 'Mariage', 'Naissance', 'Permis'];

const names = {
  clients: [
    [1024, 'Mbalmayo II', 'Mbalmayo', '6 99 00 00 00', 3],
    [1025, 'Mairie de Yaoundé II', 'Yaoundé', '', 2],
    [1026, 'Mairie de Yaoundé IV', 'Yaoundé', '+237 677 12 34 56', 2],
    [1027, 'Sœurs de l’Est', 'Bertoua', '', 0],
  ],
  operators: [
    ['mbome', 'Mbome François', 'mbome-2025', 3],
    ['jnoah', 'Noah Jean', '', 2],
    ['abega', 'Abega Père', '', 0],
    ['chef', 'Ngo Bell Ruth', 'ngo-bell', 4],
  ],
} as const;

export class Centre {
  readonly system: Database;
  readonly ports = new StandIn();

  /** `others`: how many clients there are besides the named ones. */
  static async found(others = 0): Promise<Centre> {
    const centre = new Centre(await clone('XMServerSystem'));
    await centre.#people(others);
    await centre.#sums();
    return centre;
  }

  private constructor(system: Database) {
    this.system = system;
    this.ports.stores = storesOn(system);
    this.ports.certificates = [
      { key: '0a1b2c3d4e5f6071', subject: 'CN=Mbalmayo II', notBefore: now, notAfter: Date.UTC(2028, 2, 12) },
      { key: '71605f4e3d2c1b0a', subject: 'CN=Mbalmayo II', notBefore: 0, notAfter: now, revokedAt: now },
    ];
  }

  /** The console, logged in with a privilege that the database knows of, too. */
  async open(options: Omit<StageOptions, 'ports'> = {}, privilege: Privilege = 3): Promise<Stage> {
    this.ports.privilege = privilege;
    await this.system.query(`update operator set privilege = $1 where user_name = 'mbome'`, [privilege]);
    const stage = new Stage({ ...options, ports: this.ports });
    await stage.logIn();
    return stage;
  }

  /** Of a console that is opened then: its first act is done, and nobody is told. To be closed. */
  losesAnswer(): Database {
    const database = new CrashingDatabase(this.system, [{ after: 0, how: 'answer' }]);
    this.ports.stores = storesOn(database);
    return database;
  }

  async #people(others: number): Promise<void> {
    const { system } = this;
    const passwordHash = await hashPassword('quatre chevaux bais');
    const { store } = this.ports.stores.administration;
    for (const [userName, name, certificateName, privilege] of names.operators)
      await store.insertOperator({ userName, name, certificateName, privilege }, passwordHash);
    for (const [matricule, name, town, telephone, status] of names.clients) {
      await store.insertClient({ name, town, telephone, status }, passwordHash, matricule);
      await store.writeRights(
        matricule,
        ['Deces', 'Mariage', 'Naissance'].map(table => ({ table, write: true, read: table === 'Naissance' })),
      );
    }
    await system.query(
      `with made as (
         insert into client (matricule, nom, ville, status)
         select 2000 + n, 'Centre d’état civil n° ' || n, ($2::text[])[1 + n % 6], 2 from generate_series(1, $1) n
         returning matricule)
       insert into account (client) select matricule from made`,
      [others, towns],
    );
    await fileCertificate(system, {
      keyId: Buffer.from('0a1b2c3d4e5f6071', 'hex'),
      client: 1024,
      role: 'station',
      subject: 'CN=Mbalmayo II',
      spki: Buffer.from('key'),
      der: Buffer.from('certificate'),
      notBefore: now,
      notAfter: Date.UTC(2028, 2, 12),
    });
    for (const [client, name, quality, from, until] of [
      [1024, 'Atangana Paul', 'officier d’état civil', '2025-01-01', undefined],
      [1025, 'Eyenga Marie', 'maire', '2024-06-01', '2025-12-31'],
    ] as const) {
      await store.insertSignatory({ client, name, quality, from, until });
    }
    await this.#date();
  }

  /** Of last month's acts an invoice can be made; a recharge stands in this one. */
  async #sums(): Promise<void> {
    const { system } = this;
    await system.query(
      `with written as (
         insert into movement (client, kind, service, message_id, bytes, amount, at, reference, operator)
         select 1024, kind, service, decode(md5(n::text), 'hex'), bytes, amount, at::timestamptz, reference, operator
           from (values (1, 'recharge', null, null::integer, 15000, '2026-02-02 09:00Z', '2026/0001', 'mbome'),
                        (2, 'charge', 'EXPORT', 600, -35, '2026-02-03 10:12Z', null, null),
                        (3, 'charge', 'EXPORT', 580, -35, '2026-02-04 11:13Z', null, null),
                        (4, 'charge', 'CERTIFY', 300, -50, '2026-02-05 12:14Z', null, null),
                        (5, 'charge', 'EXPORT', 610, -35, '2026-03-10 08:15Z', null, null),
                        (6, 'recharge', null, null, 2500, '2026-03-11 09:16Z', '2026/0002', 'mbome'))
                 as m (n, kind, service, bytes, amount, at, reference, operator)
         returning amount)
       update account set balance = balance + (select sum(amount) from written) where client = 1024`,
    );
    await this.ports.stores.accounts.invoice(1024, { first: '2026-02-01', last: '2026-02-28' }, 'mbome');
    // An invoice is final, and its day is not ours to choose: for the frames it is.
    await system.query('alter table invoice disable trigger invoice_final');
    await system.query('update invoice set created_at = $1', [new Date(now)]);
    await system.query('alter table invoice enable trigger invoice_final');
  }

  /** What clients have written: the number of each, in the order given. */
  async receive(
    ...letters: readonly (readonly [client: number, subject: string, text: string, at: number])[]
  ): Promise<void> {
    for (const [client, subject, text, at] of letters) {
      const id = randomBytes(8);
      await receiveMessage(this.system, client, id, subject, text);
      await this.system.query('update received_message set received_at = $2 where message_id = $1', [
        id,
        new Date(at),
      ]);
    }
    await this.count();
  }

  /** As the console's listener does. */
  async count(): Promise<void> {
    this.ports.unreadMessages = await countUnread(this.system);
    this.ports.engine.tell(this.ports.engine.status);
  }

  /** What is made in these tests was made on this day. */
  async #date(): Promise<void> {
    const at = [new Date(Date.UTC(2026, 0, 5, 9))];
    await this.system.query('update client set created_at = $1', at);
    await this.system.query('update operator set created_at = $1', at);
    await this.system.query('update client set password_changed_at = $1 where matricule = 1024', at);
  }
}

function storesOn(system: Database): StandIn['stores'] {
  return {
    administration: {
      store: createAdministrationStore(system),
      limits: async () => ({ clients: 1_000_000, operators: 20 }),
      tables: async () => new Set(tables),
    },
    accounts: new PostgresAccountStore(system),
    licence: licenceStore(system),
    get security(): never {
      throw new Error('not of these screens');
    },
  };
}
