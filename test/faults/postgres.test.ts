/** PostgreSQL under load: killed, its sessions ended, without room for us, with a full disk. */

import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPostmaster } from '../../src/db/postmaster.ts';
import {
  accountOf,
  filed,
  filedCount,
  refusals,
  settled,
  settledEarly,
  wholeAccount,
} from '../site/account.ts';
import type { RunningEngine } from '../site/engine.ts';
import { Senders, sealLoad } from '../site/load.ts';
import { makeSite, type Site } from '../site/site.ts';
import { noSmallDisk, SmallDisk } from '../site/small-disk.ts';
import { isShort, scaled, tell } from './scale.ts';

const perSecond = 300;
const each = scaled({ short: 400, full: 2_400 });
const endSessions = `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'xmserver%'`;
const unreachable = /PostgreSQL cannot be reached/;

describe('PostgreSQL in trouble', () => {
  let site: Site;
  let engine: RunningEngine;
  let senders: Senders;
  let sent = 0;
  const disks: SmallDisk[] = [];
  beforeAll(async () => {
    site = await makeSite(20, 'ec');
    engine = await site.startEngine();
    senders = await Senders.connect(site.broker.url, 2);
  });
  afterAll(async () => {
    await senders?.close();
    for (const disk of disks) disk.unmount();
    await site?.close();
  });

  it('killed and started again', async () => {
    const times = scaled({ short: 1, full: 5 });
    const longest = await underLoad(times, async () => {
      await site.postgres.kill();
      await engine.log.until(line => unreachable.test(line));
      await site.postgres.revive();
    });
    tell(`PostgreSQL killed ${times} times: filing again ${longest} ms after its return at most`);
  }, 120_000);

  it('all our sessions ended', async () => {
    const times = scaled({ short: 3, full: 20 });
    const longest = await underLoad(times, () => site.system.query(endSessions));
    tell(`sessions ended ${times} times: filing again after ${longest} ms at most`);
  }, 120_000);

  it('no room for another connection', async () => {
    const longest = await underLoad(1, async () => {
      let isRefused = false;
      const refused = engine.log
        .until(line => /too many clients/.test(line))
        .then(() => {
          isRefused = true;
        });
      const others = await takeAllConnections(site, () => isRefused);
      await refused;
      await Promise.all(others.map(client => client.end()));
    });
    tell(`no room: filing again ${longest} ms after there is`);
  }, 120_000);

  it('a replica in its place for a while', async () => {
    const times = scaled({ short: 1, full: 5 });
    const { database } = site.documents.settings;
    const longest = await underLoad(times, async () => {
      await site.system.query(`alter database "${database}" set default_transaction_read_only = on`);
      await site.system.query(endSessions);
      await engine.log.until(line => /read-only transaction/.test(line));
      await site.system.query(`alter database "${database}" reset default_transaction_read_only`);
    });
    tell(`a replica ${times} times: filing again ${longest} ms after the end of it at most`);
  }, 120_000);

  if (noSmallDisk) it.skip(`full disk: not tried, ${noSmallDisk}`);
  it.skipIf(noSmallDisk)(
    'the disk of the tables full',
    async () => {
      const disk = smallDisk('tablespace', 64);
      const tables = [
        '"Naissance"',
        ...['inbox', 'provenance', 'due', 'outbox', 'outgoing', 'unbilled'].map(name => `xms.${name}`),
      ];
      const moveAll = async (tablespace: string) => {
        for (const table of tables)
          await site.documents.query(`alter table ${table} set tablespace ${tablespace}`);
      };
      try {
        await site.documents.query(`create tablespace small location '${disk.folder}'`);
        await moveAll('small');
        const longest = await underLoad(1, async () => {
          disk.fill();
          await engine.log.until(line => /No space left/.test(line));
          // Long enough for a message to be tried alone, and again.
          await engine.log.until(line => /No space left/.test(line));
          disk.free();
        });
        tell(`full disk: filing again ${longest} ms after there is room`);
      } finally {
        await moveAll('pg_default');
        await site.documents.query('drop tablespace small');
        disk.unmount();
      }
    },
    120_000,
  );

  it.skipIf(noSmallDisk || isShort)(
    'the disk of the write-ahead log full',
    async () => {
      const { folder } = site.postgres;
      const disk = smallDisk('log', 256);
      try {
        await underLoad(1, async () => {
          await site.postgres.kill();
          disk.take(join(folder, 'pg_wal'));
          await site.postgres.revive();
        });
        const longest = await underLoad(1, async () => {
          disk.fill();
          // It ends itself when the next segment cannot be made.
          while (isPostmaster(site.postgres.pid, folder)) {
            await site.documents.query('select pg_switch_wal()').catch(() => undefined);
          }
          await engine.log.until(line => unreachable.test(line));
          disk.free();
          await site.postgres.revive();
        });
        tell(`full disk of the log: filing again ${longest} ms after PostgreSQL’s return`);
      } finally {
        await site.postgres.close();
        disk.giveBack(join(folder, 'pg_wal'));
        disk.unmount();
        await site.postgres.revive();
      }
    },
    180_000,
  );

  function smallDisk(name: string, megabytes: number): SmallDisk {
    const disk = new SmallDisk(join(site.home, name), megabytes, site.postgres.folder);
    disks.push(disk);
    return disk;
  }

  /**
   * A load with that fault in its midst, `times` times; returns the most milliseconds from its end to the next filed.
   * A message for each fault is kept back until it has ended: a slow machine may have filed all others by then.
   */
  async function underLoad(times: number, fault: () => Promise<unknown>): Promise<number> {
    const load = await sealLoad(site, each, true, sent + 1);
    const kept = load.splice(-times);
    const ahead = sent + load.length;
    sent = ahead + times;
    const sending = [senders.pace(load, perSecond)];
    let longest = 0;
    for (const [i, message] of kept.entries()) {
      await filed(site, Math.min((await filedCount(site)) + 50, ahead + i));
      await fault();
      const endedAt = performance.now();
      const before = await filedCount(site);
      sending.push(senders.send([message], 1));
      await filed(site, before + 1);
      longest = Math.max(longest, performance.now() - endedAt);
    }
    await Promise.all(sending);
    await scaled({ short: settledEarly, full: settled })(site, sent);
    expect(await accountOf(site)).toEqual(wholeAccount(sent));
    expect(await refusals(site)).toEqual([]);
    return Math.round(longest);
  }

  /** Ends the engine's sessions again and again: it may be the quicker one where a place gets free. */
  async function takeAllConnections(at: Site, isRefused: () => boolean): Promise<pg.Client[]> {
    const taken: pg.Client[] = [];
    while (true) {
      const client = new pg.Client({ ...at.postgres.server, database: 'postgres' });
      client.on('error', () => undefined);
      try {
        await client.connect();
        taken.push(client);
      } catch {
        if (isRefused()) return taken;
        await taken[0]?.query(endSessions);
      }
    }
  }
});
