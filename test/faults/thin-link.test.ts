/** An office in the bush: 15 kbit/s, 1.2 s there and back, every twentieth packet lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOf, settled, wholeAccount } from '../site/account.ts';
import type { Office } from '../site/enrol.ts';
import { makeSite, type Site } from '../site/site.ts';
import { Station } from '../site/station.ts';
import { makeStationFolder, runExport } from '../site/station-program.ts';
import { noThinLink, ThinLink } from '../site/thin-link.ts';
import { Wire } from '../site/wire.ts';
import { isShort, scaled, tell } from './scale.ts';

const bush = { bitsPerSecond: 15_000, roundTripMs: 1_200, loss: 0.05 };
const count = scaled({ short: 3, full: 40 });
const whyNot = noThinLink();

if (whyNot) it.skip(`a thin link: not tried, ${whyNot}`);

describe.skipIf(whyNot)('over a thin link', () => {
  let link: ThinLink;
  let site: Site;
  let toPostgres: Wire;
  let station: Station;
  let folder: string;
  let sent = 0;
  beforeAll(async () => {
    link = await ThinLink.open(bush);
    site = await makeSite(1, 'ec', { host: link.centre.outside, through: link.centre.exec });
    await site.startEngine();
    const office = site.offices[0] as Office;
    // The office's PostgreSQL is its own: no thin link between them.
    toPostgres = await Wire.to(site.postgres.server.port, link.office.gateway);
    station = await Station.install(site, office);
    folder = makeStationFolder(site, office, {
      brokerUrl: `mqtt://${link.centre.address}:${new URL(site.broker.url).port}`,
      database: { host: link.office.gateway, port: toPostgres.port, name: station.settings.database },
    });
  });
  afterAll(async () => {
    await station?.close();
    await toPostgres?.close();
    await site?.close();
    link?.close();
  });

  it(`${count} records written at once arrive and get their receipts`, async () => {
    const seconds = await exported(count);
    tell(
      `${count} records at once: ${seconds.all.toFixed(1)} s with the connection; ${traffic(link, count)}`,
    );
  }, 300_000);

  it.skipIf(isShort)(
    'a record on an open connection has its receipt in seconds',
    async () => {
      const { waits } = await exported(6, '--pace', '8000');
      tell(`single records: receipts after ${waits.map(s => s.toFixed(1)).join(', ')} s`);
      expect(waits[waits.length >> 1]).toBeLessThan(5);
    },
    300_000,
  );

  it.skipIf(isShort).each([1, 20])(
    'without losses 40 records, %i in an SDC, take what their bytes and a round trip take, and a fifth',
    async batch => {
      link.conditions = { ...bush, loss: 0 };
      await site.system.query('update client set batch = true');
      await link.atRest();
      const [up, down] = [link.up.bytes, link.down.bytes];
      const { all, transfer } = await exported(40, '--batch', `${batch}`);
      const bytes = { up: link.up.bytes - up, down: link.down.bytes - down };
      const needed = (bytes.up * 8) / bush.bitsPerSecond;
      tell(
        `40 records, ${batch} in an SDC: ${bytes.up} bytes up, ${bytes.down} down; up they need ${needed.toFixed(1)} s;` +
          ` from sealing to the last receipt ${transfer.toFixed(1)} s, with the connection ${all.toFixed(1)} s`,
      );
      // What goes out last comes back as a receipt: that no thrift with bytes can shorten.
      expect(transfer).toBeLessThan(1.2 * (needed + bush.roundTripMs / 1_000));
    },
    300_000,
  );

  /** Seconds: for all, connection included; from the first sealing to the last receipt; and of each record from its sealing to its receipt, the shortest first. */
  async function exported(
    records: number,
    ...args: string[]
  ): Promise<{ all: number; transfer: number; waits: number[] }> {
    await station.write(records);
    sent += records;
    const startedAt = performance.now();
    await runExport(folder, link.office.exec, ...args);
    const all = (performance.now() - startedAt) / 1000;
    await settled(site, sent);
    expect(await accountOf(site)).toEqual(wholeAccount(sent));
    expect(await station.count(4)).toBe(sent);
    const rows = await station.database.query<{ s: number }>(
      `select extract(epoch from outcome_at - sealed_at)::float8 as s from xms.kept order by sealed_at desc limit $1`,
      [records],
    );
    const [span] = await station.database.query<{ s: number }>(
      `select extract(epoch from max(outcome_at) - min(sealed_at))::float8 as s
         from (select outcome_at, sealed_at from xms.kept order by sealed_at desc limit $1) recent`,
      [records],
    );
    return { all, transfer: span?.s ?? 0, waits: rows.map(({ s }) => s).sort((a, b) => a - b) };
  }
});

function traffic({ up, down }: ThinLink, records: number): string {
  const each = (bytes: number) => Math.round(bytes / records);
  return (
    `up ${up.bytes} bytes in ${up.packets} packets (${up.lost} lost), down ${down.bytes} in ${down.packets} (${down.lost} lost);` +
    ` ${each(up.bytes)} + ${each(down.bytes)} bytes a record`
  );
}
