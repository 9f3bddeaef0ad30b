/** A centre and one office of it, which files on a key carry things between. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Office } from '../site/enrol.ts';
import { makeSite, type Site } from '../site/site.ts';
import { Station } from '../site/station.ts';
import { makeStationFolder } from '../site/station-program.ts';

export interface Pair {
  readonly site: Site;
  readonly station: Station;
  readonly matricule: number;
  /** Data folders. */
  readonly server: string;
  readonly office: string;
  /** An empty folder. */
  readonly key: string;
  readonly close: () => Promise<void>;
}

/** The office has written so many records, and sent none. */
export async function makePair(records: number): Promise<Pair> {
  const site = await makeSite(1, 'ec');
  const own = site.offices[0] as Office;
  const key = mkdtempSync(join(tmpdir(), 'xms-key-'));
  let station: Station | undefined;
  const close = async () => {
    await station?.close();
    await site.close();
    rmSync(key, { recursive: true, force: true });
  };
  try {
    station = await Station.install(site, own);
    const { host, port, database: name } = station.settings;
    const office = makeStationFolder(site, own, {
      brokerUrl: site.broker.url,
      database: { host, port, name },
    });
    await station.write(records);
    const server = join(site.home, 'XMSData');
    return { site, station, matricule: own.matricule, server, office, key, close };
  } catch (error) {
    await close();
    throw error;
  }
}
