/** A station and the engine, through a broker: several records in one SDC, questions, and what comes unasked. */
import { randomBytes, X509Certificate } from 'node:crypto';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, topics } from '../../src/core/message.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import type { Question } from '../../src/station/asking.ts';
import type { Office } from '../site/enrol.ts';
import { makeSite, type Site } from '../site/site.ts';
import { Station } from '../site/station.ts';
import { until } from '../until.ts';

let site: Site;
const stations: Station[] = [];
beforeAll(async () => {
  site = await makeSite(4, 'ec');
  await site.startEngine();
});
afterAll(async () => {
  for (const station of stations) await station.close();
  await site?.close();
});

async function install(at: number, batch = 1): Promise<{ station: Station; office: Office }> {
  const office = site.offices[at] as Office;
  const station = await Station.install(site, office, { batch });
  stations.push(station);
  return { station, office };
}

async function filedOf(office: Office): Promise<{ messages: number; records: number }> {
  const [row] = await site.documents.query<{ messages: bigint; records: bigint }>(
    'select count(distinct message_id) as messages, count(*) as records from xms.provenance where client = $1',
    [office.matricule],
  );
  return { messages: Number(row?.messages), records: Number(row?.records) };
}

const outcomes = (station: Station) =>
  station.database.query('select outcome, count(*)::int from xms.kept group by 1 order by 1');

describe('several records in one SDC', () => {
  it('go one by one where the server does not grant it', async () => {
    const { station, office } = await install(0, 10);
    await station.write(25);
    expect(await station.export()).toBe(0);
    expect(await station.count(4)).toBe(25);
    expect(await filedOf(office)).toEqual({ messages: 25, records: 25 });
    expect(await outcomes(station)).toEqual([
      { outcome: 'filed', count: 25 },
      { outcome: 'renewed', count: 25 },
    ]);
  });

  it('are filed and receipted each by itself, and those refused go again in another', async () => {
    const { station, office } = await install(1, 10);
    await site.system.query('update client set batch = true where matricule = $1', [office.matricule]);
    await site.documents.query(`alter table "Naissance" add constraint person check ("Nom" <> 'PERSONNE')`);
    await station.write(25);
    await station.database.query(`update "Naissance" set "Nom" = 'PERSONNE' where "Numero" in (3, 14)`);
    expect(await station.export()).toBe(0);
    expect([await station.count(3), await station.count(4)]).toEqual([2, 23]);
    expect(await filedOf(office)).toEqual({ messages: 3, records: 23 });
    const reasons = await station.database.query(
      `select numero, reason ->> 'code' as code from xms.kept where outcome = 'refused' order by numero`,
    );
    expect(reasons).toEqual([
      { numero: 3n, code: 'record-constraint' },
      { numero: 14n, code: 'record-constraint' },
    ]);

    await site.documents.query('alter table "Naissance" drop constraint person');
    expect(await station.export(60_000, true)).toBe(0);
    expect([await station.count(3), await station.count(4)]).toEqual([0, 25]);
    expect(await filedOf(office)).toEqual({ messages: 4, records: 25 });
  });

  it('are cut in halves where together they are too large for any receiver', async () => {
    const [station] = stations.slice(-1) as [Station];
    await station.write(6);
    // Random, for what deflates well is not too large: 72 KB together.
    for (let numero = 26; numero <= 31; numero++) {
      await station.database.query('update "Naissance" set "MentionsMarginales" = $1 where "Numero" = $2', [
        randomBytes(12_000).toString('base64'),
        numero,
      ]);
    }
    expect(await station.export()).toBe(0);
    expect(await station.count(4)).toBe(31);
    expect(await filedOf(site.offices[1] as Office)).toEqual({ messages: 6, records: 31 });
  });
});

describe('a question', () => {
  const never = new AbortController().signal;
  const account: Question = { service: 'ACCOUNT' };

  it('is answered though the one who asks has no link', async () => {
    const { station } = await install(2);
    const asking = station.ask(account, never);
    const answer = await station.connected(() => asking);
    expect(answer).toMatchObject([{ service: 'STATEMENT', movements: [] }]);
    expect(await station.database.query('select service from xms.asked where answered_at is null')).toEqual(
      [],
    );
  });

  it('may be refused', async () => {
    const [station] = stations.slice(-1) as [Station];
    const question: Question = {
      service: 'IMPORT',
      query: { table: 'Naissance', columns: [], order: [] },
    };
    const answer = await station.connected(() => station.ask(question, never));
    expect(answer).toMatchObject({ kind: 'refused', reason: { code: expect.stringMatching(/-denied$/) } });
  });

  it.each([
    ['one by one', false, 56],
    ['together, where that is granted', true, 1],
  ])('has records as its answer, %s', async (_name, batch, messages) => {
    const [station] = stations.slice(-1) as [Station];
    const { matricule } = site.offices[2] as Office;
    await site.system.query('update client set status = 3, batch = $2 where matricule = $1', [
      matricule,
      batch,
    ]);
    await site.system.query('update access_right set may_read = true where client = $1', [matricule]);
    const question: Question = {
      service: 'IMPORT',
      query: {
        table: 'Naissance',
        columns: ['Numero', 'Nom'],
        order: [{ column: 'Numero', descending: false }],
      },
    };
    const answer = await station.connected(() => station.ask(question, never));
    if ('kind' in answer) throw new Error(JSON.stringify(answer));
    expect(answer).toHaveLength(messages);
    const rows = answer.filter(one => one.service === 'ROWS');
    expect(rows.map(({ part }) => part)).toEqual(Array.from({ length: messages }, (_, part) => part));
    const numeros = rows.flatMap(({ records }) => records.map(record => record.get('Numero')));
    expect(numeros).toHaveLength(56);
    expect(numeros).toEqual([...numeros].sort((a, b) => Number(a) - Number(b)));
  });

  it('is not sealed where no server would read it', async () => {
    const [station] = stations.slice(-1) as [Station];
    const note: Question = { service: 'MESSAGE', subject: 'x'.repeat(321), text: '' };
    await expect(station.ask(note, never)).rejects.toMatchObject({ code: 'sdc-payload' });
  });

  it('outlives the one who asked, and its answer is kept', async () => {
    const [station] = stations.slice(-1) as [Station];
    const gone = new AbortController();
    const asking = station.ask(account, gone.signal);
    gone.abort();
    await expect(asking).rejects.toThrow(/abort/);
    const arrived = async () => {
      const open = 'select from xms.asked where answered_at is null';
      await until(async () => (await station.database.query(open)).length === 0);
    };
    await station.connected(arrived);
    const [kept] = await station.database.query('select count(*) from xms.received where about is not null');
    expect(kept).toEqual({ count: 59n });
  });
});

describe('a record that was filed', () => {
  it('and is put back to Status 2 takes its margin notes to the centre', async () => {
    const [station] = stations as [Station];
    await station.database.query(
      `update "Naissance" set "Status" = 2, "MentionsMarginales" = 'mariée à Kribi' where "Numero" = 7`,
    );
    expect(await station.export()).toBe(0);
    expect(await station.count(3)).toBe(0);
    const noted = await site.documents.query(
      `select "Status" from "Naissance" where "MentionsMarginales" = 'mariée à Kribi'`,
    );
    expect(noted).toEqual([{ Status: 2 }]);
  });

  it('and is at Status 0 is cancelled at the centre, once, and stays at 0', async () => {
    for (const [at, office] of site.offices.slice(0, 2).entries()) {
      const station = stations[at] as Station;
      const cancelledAtCentre = () =>
        site.documents.query(
          `select p.numero_there from xms.provenance p join "Naissance" n on n."Numero" = p.numero
            where p.client = $1 and n."Status" = 0 group by 1 order by 1`,
          [office.matricule],
        );
      const kept = async () => (await station.database.query('select from xms.kept where cancels')).length;
      await station.database.query('update "Naissance" set "Status" = 0 where "Numero" in (2, 5)');
      await station.database.query(`insert into "Naissance" ("Status", "Nom") values (0, 'jamais exportée')`);
      expect(await station.export()).toBe(0);
      expect(await cancelledAtCentre()).toEqual([{ numero_there: 2n }, { numero_there: 5n }]);
      expect([await station.count(0), await station.count(3)]).toEqual([3, 0]);
      const sent = await kept();
      expect(await station.export()).toBe(0);
      expect(await kept()).toBe(sent);
    }
  });
});

it('what the server sends by itself is kept and told, once', async () => {
  const [station] = stations.slice(-1) as [Station];
  const office = site.offices[2] as Office;
  const { publicKey } = new X509Certificate(office.certificate);
  const notice: Answer = {
    id: randomBytes(8),
    recipient: office.keyId,
    at: 1_771_459_200,
    service: 'NOTICE',
    kind: 'recharge',
    amount: 5_000n,
    balance: 7_500n,
  };
  const signer = { keyId: site.server.keyId, privateKey: site.serverKey };
  const recipient = { keyId: office.keyId, spki: publicKey.export({ type: 'spki', format: 'der' }) };
  const [sealed] = await createSealer({ signer }).seal([{ message: notice, recipient }]);
  const client = await mqtt.connectAsync(site.broker.url);
  await station.connected(async () => {
    for (let times = 0; times < 2; times++) {
      await client.publishAsync(topics.down(office.matricule), sealed?.sdc as Buffer, { qos: 1 });
    }
    const told = await station.events.until(
      event => event.kind === 'received' && event.message.service === 'NOTICE',
    );
    expect(told).toMatchObject({ message: { amount: 5_000n, balance: 7_500n } });
    expect(await station.events.until(({ kind }) => kind !== 'link')).toEqual({
      kind: 'ignored',
      why: 'repeat',
    });
  });
  await client.endAsync();
  const kept = await station.database.query(`select about from xms.received where service = 'NOTICE'`);
  expect(kept).toEqual([{ about: null }]);
});

it('a letter that was sent before the station ever connected comes after its first message, once', async () => {
  const { station, office } = await install(3);
  await site.system.query(
    `insert into outgoing_message (client, subject, text, created_by) values ($1, 'Avis', 'Demain', 'mbome')`,
    [office.matricule],
  );
  const sent = async () => {
    const [row] = await site.documents.query<{ times: number }>(
      `select count(*)::int as times from xms.sent s join xms.letter l using (outbox)
        where l.client = $1 and not exists (select from xms.outgoing w where w.outbox = s.outbox)`,
      [office.matricule],
    );
    return row?.times;
  };
  await until(async () => (await sent()) === 1);
  await station.write(1);
  expect(await station.export()).toBe(0);
  await site.system.query(`insert into command (verb) values ('cycle')`);
  await until(async () => (await sent()) === 2);
  await station.connected(async () => {
    // The first was for nobody: else this one would be ignored as its repeat.
    const told = await station.events.until(({ kind }) => kind === 'received' || kind === 'ignored');
    expect(told).toMatchObject({ kind: 'received', message: { service: 'MESSAGE', text: 'Demain' } });
  });
  const kept = await station.database.query(`select service from xms.received`);
  expect(kept).toEqual([{ service: 'MESSAGE' }]);
});
