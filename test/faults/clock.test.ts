/** Clocks that jump: the server's, a station's, PostgreSQL's. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../src/core/engine/engine.ts';
import { topics } from '../../src/core/message.ts';
import { PostgresDocumentStore } from '../../src/db/document-store.ts';
import { PostgresSystemStore } from '../../src/db/system-store.ts';
import { openLink } from '../../src/mqtt/link.ts';
import { createOpener } from '../../src/sdc/opener.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import { accountOf, filed, refusals, settled, wholeAccount } from '../site/account.ts';
import { Senders, sealLoad } from '../site/load.ts';
import { makeSite, type Site } from '../site/site.ts';
import { Station } from '../site/station.ts';

const [minuteMs, dayMs] = [60_000, 86_400_000];
const each = 60;

/** Right but for what a test adds. */
class FalseClock {
  offMs = 0;
  readonly now = () => Date.now() + this.offMs;
}

describe('a clock that jumps', () => {
  let site: Site;
  let engine: Engine;
  let systemStore: PostgresSystemStore;
  let senders: Senders;
  const clock = new FalseClock();
  let sent = 0;
  beforeAll(async () => {
    site = await makeSite(10, 'ec');
    systemStore = new PostgresSystemStore(site.system);
    engine = engineWith(site, systemStore, clock);
    await engine.start();
    senders = await Senders.connect(site.broker.url, 2);
  });
  afterAll(async () => {
    await senders?.close();
    await engine?.command('stop');
    await systemStore?.close();
    await site?.close();
  });

  it.each([
    ['a year ahead', 365 * dayMs],
    ['half an hour back', -30 * minuteMs],
    ['right again', 0],
  ])('of the server: %s, it goes on', async (_name, offMs) => {
    const load = await sealLoad(site, each, true, 1_000_000 + sent);
    sent += load.length;
    const sending = senders.pace(load, 200);
    await filed(site, sent - each / 2);
    clock.offMs = offMs;
    await sending;
    await balanced();
    // It gives a sign of life every 10 s.
    expect(
      await site.system.query(`select from engine where seen_at > now() - interval '12 s'`),
    ).toHaveLength(1);
  });

  it('of PostgreSQL: what was written in the future does not wait for it', async () => {
    // As a clock leaves it that is set back by a year: leases, receipts that are due, the last signs of life.
    await site.documents.query(
      `insert into xms.outgoing select id, now() + interval '1 year' from xms.outbox where id % 2 > 0`,
    );
    await site.documents.query(
      `insert into xms.due (client, about, outcomes, digest, due_at)
       select p.client, p.message_id, jsonb_build_array(p.numero::text), p.digest, now() + interval '1 year'
         from xms.answer a join xms.provenance p on p.client = a.client and p.message_id = a.about
        where a.outbox % 2 = 0`,
    );
    await site.system.query(
      `insert into engine select 'ghost', status || '{"id": "ghost"}', now() + interval '1 year' from engine`,
    );
    await engine.command('cycle');
    await balanced();
    expect(await site.system.query(`select from engine where id = 'ghost'`)).toEqual([]);
  });

  it('of a station: set back by ten years, it still sends again what has no receipt', async () => {
    const own = new FalseClock();
    own.offMs = 3_650 * dayMs;
    const [office] = site.offices;
    if (!office) throw new Error('no office');
    const station = await Station.install(site, office, { clock: own });
    try {
      await station.write(each);
      // The broker takes everything, and forgets it before the server is back.
      await engine.command('pause');
      const exporting = station.export();
      await station.sent(each);
      await site.broker.kill();
      own.offMs = 0;
      await site.broker.revive();
      await engine.command('resume');
      sent += each;
      expect(await exporting).toBe(0);
      await balanced();
      expect(await station.count(4)).toBe(each);
    } finally {
      await station.close();
    }
  }, 60_000);

  async function balanced(): Promise<void> {
    await settled(site, sent);
    expect(await accountOf(site)).toEqual(wholeAccount(sent));
    expect(await refusals(site)).toEqual([]);
  }
});

/** As `xmserver engine` puts it together, in this process, by this clock. */
function engineWith(
  { server, serverKey, broker, system, documents }: Site,
  store: PostgresSystemStore,
  clock: FalseClock,
): Engine {
  const { host, port } = system.settings;
  return new Engine({
    clock,
    identity: { id: 'clock', pid: process.pid, host: 'here' },
    system: store,
    documents: new PostgresDocumentStore(documents),
    opener: createOpener({ recipients: [{ keyId: server.keyId, privateKey: serverKey }] }),
    sealer: createSealer({ signer: { keyId: server.keyId, privateKey: serverKey } }),
    connect: handlers =>
      openLink(
        {
          url: broker.url,
          clientId: 'xms-clock',
          keepAliveS: 60,
          sessionExpiryS: 900,
          subscriptions: [topics.allUp],
          retry: { firstMs: 50, longestMs: 500 },
        },
        handlers,
      ),
    adopt: async () => 0,
    brokerUrl: broker.url,
    chooseBroker: async () => undefined,
    database: { host: `${host}:${port}`, version: '' },
    cyclePeriodS: 60,
    answerDays: 180,
    readSettings: async () => ({ cyclePeriodS: 60, answerDays: 180 }),
    readKeys: async () => undefined,
    log: () => undefined,
  });
}
