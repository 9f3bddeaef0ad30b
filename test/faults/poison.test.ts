/** Messages that the database cannot take, whatever is tried: the others do not wait for them, and they can be found. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settled } from '../site/account.ts';
import type { Office } from '../site/enrol.ts';
import { birth, Collector, type LoadMessage, Senders, sealLoad, sealRecords } from '../site/load.ts';
import { ReceiptBook, type Waits, waits } from '../site/receipts.ts';
import { makeSite, type Site } from '../site/site.ts';
import { isShort, scaled, tell } from './scale.ts';

const others = scaled({ short: 100, full: 1_000 });
const perSecond = 100;
/** What others may wait longer than without the poison: the time of the attempts that found it out. */
const longestWaitMs = 3_000;
/** And as much again as a machine that is busy makes them wait anyway, each attempt being that much slower. */
const calmFactor = 10;

/** A table that takes everybody's births but these. */
const trap = `
  create function trap() returns trigger language plpgsql as $$
  begin
    case new."Nom"
      when 'RAISE' then raise exception 'a birth that nobody believes';
      when 'SERIALIZE' then raise serialization_failure using message = 'somebody was quicker';
      when 'TERMINATE' then perform pg_terminate_backend(pg_backend_pid());
      else null;
    end case;
    return new;
  end $$;
  create trigger trap before insert on "Naissance" for each row execute function trap();
  create table "Radie" ("Numero" integer generated always as identity primary key, "Status" smallint not null);`;

describe('a poisonous message', () => {
  let site: Site;
  let senders: Senders;
  let collector: Collector;
  let book: ReceiptBook;
  let villain: Office;
  let sent = 0;
  let calm: Waits;
  beforeAll(async () => {
    site = await makeSite(10, 'ec');
    await site.documents.query(trap);
    await site.system.query(
      `insert into access_right (client, table_name, may_write) select matricule, 'Radie', true from client`,
    );
    await site.startEngine();
    senders = await Senders.connect(site.broker.url, 2);
    collector = await Collector.connect(site.broker.url);
    book = new ReceiptBook(site, collector);
    villain = site.offices.at(-1) as Office;
    calm = await othersWait([]);
  });
  afterAll(async () => {
    await senders?.close();
    await collector?.close();
    await site?.close();
  });

  it.each([
    ['that its table’s trigger refuses', 'RAISE', 'record-constraint', 'a birth that nobody believes'],
    ['that fails as only passing faults do', 'SERIALIZE', 'internal-fault', 'somebody was quicker'],
  ])(
    '%s',
    async (_name, nom, code, detail) => {
      const poison = await sealRecords(
        site,
        villain,
        Array.from({ length: 10 }, (_, i) => birth(sent + i).set('Nom', nom)),
      );
      await amongOthers(poison);
      await refused(poison, code, detail);
    },
    60_000,
  );

  it('whose table is gone', async () => {
    const records = Array.from(
      { length: 10 },
      (_, i) =>
        new Map([
          ['Numero', i],
          ['Status', 2],
        ]),
    );
    const poison = await sealRecords(site, villain, records, { table: 'Radie' });
    await site.documents.query('drop table "Radie"');
    await amongOthers(poison);
    await refused(poison, 'internal-fault', 'Radie');
  }, 60_000);

  it.skipIf(isShort)(
    'that ends the session of whoever files it',
    async () => {
      const poison = await sealRecords(site, villain, [birth(sent).set('Nom', 'TERMINATE')]);
      await amongOthers(poison);
      await refused(poison, 'internal-fault', 'terminating connection');
    },
    300_000,
  );

  it('that cannot be answered', async () => {
    // A key that nobody can seal to.
    await site.system.query(`update certificate set spki = '\\x3000' where client = $1`, [villain.matricule]);
    await site.system.query(`update client set nom = nom || '.'`); // whoever remembers the old key forgets it
    const poison = await sealRecords(site, { ...villain }, [birth(sent)]);
    await amongOthers(poison);
  }, 60_000);

  /** Sends these in the midst of other offices' messages; those get their receipts in time. */
  async function amongOthers(poison: readonly LoadMessage[]): Promise<void> {
    const { p50, p99 } = await othersWait(poison);
    tell(`${expect.getState().currentTestName}: others wait ${p50} ms, p99 ${p99} ms; before ${calm.p99} ms`);
    expect(p99).toBeLessThan(longestWaitMs + calmFactor * calm.p99);
  }

  async function othersWait(poison: readonly LoadMessage[]): Promise<Waits> {
    const honest = { ...site, offices: site.offices.slice(0, -1) };
    const load = await sealLoad(honest, others, true, sent + 1_000);
    sent += load.length;
    const sentAt = new Map<string, number>();
    const every = Math.floor(load.length / (poison.length + 1));
    const mixed = load.flatMap((one, i) => {
      const drop = (i + 1) % every === 0 ? poison[(i + 1) / every - 1] : undefined;
      return drop ? [one, drop] : [one];
    });
    const theirs = new Set(load.map(({ id }) => id));
    await senders.pace(mixed, perSecond, ({ id }) => theirs.has(id) && sentAt.set(id, performance.now()));
    return waits(book, sentAt);
  }

  /** Its sender is told, and each of them can be found, with its reason and what it held. */
  async function refused(poison: readonly LoadMessage[], code: string, detail: string): Promise<void> {
    await book.until(poison.map(({ id }) => id));
    for (const { id, sdc } of poison) {
      expect(book.of(id).map(({ outcomes }) => outcomes.map(({ kind }) => kind))).toEqual([['refused']]);
      const found = await site.documents.query<{ reason: unknown; sdc: Buffer }>(
        `select reason, sdc from xms.inbox where outcome = 'refused' and client = $1 and message_id = $2`,
        [villain.matricule, Buffer.from(id, 'hex')],
      );
      expect(found).toEqual([{ reason: expect.objectContaining({ code }), sdc: Buffer.from(sdc) }]);
      expect(JSON.stringify(found[0]?.reason)).toContain(detail);
    }
    await settled(site, sent);
  }
});
