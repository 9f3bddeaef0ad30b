/** An office at the end of a thin link, and the centre at the other: the built programs, and every IP packet counted. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { settled } from '../../test/site/account.ts';
import type { Office } from '../../test/site/enrol.ts';
import { makeSite, type Site } from '../../test/site/site.ts';
import { Station } from '../../test/site/station.ts';
import { makeStationFolder, runExport } from '../../test/site/station-program.ts';
import { ThinLink, type ThinLinkOptions } from '../../test/site/thin-link.ts';
import { Wire } from '../../test/site/wire.ts';

/** IP packets with their headers. */
export interface Volume {
  readonly up: number;
  readonly down: number;
  readonly packets: number;
}

export interface Exported {
  readonly volume: Volume;
  /** Seconds from the sealing of each record to its receipt, in the order of the sealing. */
  readonly waits: readonly number[];
}

const linkProgram = join(import.meta.dirname, 'office-link.ts');

export class RemoteOffice {
  readonly #link: ThinLink;
  readonly #site: Site;
  readonly #station: Station;
  readonly #folder: string;
  #sent = 0;

  private constructor(link: ThinLink, site: Site, station: Station, folder: string) {
    this.#link = link;
    this.#site = site;
    this.#station = station;
    this.#folder = folder;
  }

  /** `undo`: gets what is to be undone, in the order of its making, and before it is made: it can come at any time. */
  static async open(conditions: ThinLinkOptions, undo: (() => unknown)[]): Promise<RemoteOffice> {
    const link = await ThinLink.open(conditions);
    undo.push(() => link.close());
    const { centre, office: end } = link;
    const making = makeSite(1, 'ec', { host: centre.outside, through: centre.exec, tls: centre.address });
    undo.push(() => making.then(site => site.close()));
    const site = await making;
    const starting = site.startEngine();
    undo.push(() => starting.then(() => undefined));
    await starting;
    const office = site.offices[0] as Office;
    // The office's PostgreSQL is its own: no thin link between them.
    const toPostgres = await Wire.to(site.postgres.server.port, end.gateway);
    undo.push(() => toPostgres.close());
    const station = await Station.install(site, office);
    undo.push(() => station.close());
    const folder = makeStationFolder(site, office, {
      brokerUrl: secureOf(site).url,
      database: { host: end.gateway, port: toPostgres.port, name: station.settings.database },
    });
    return new RemoteOffice(link, site, station, folder);
  }

  set conditions(conditions: ThinLinkOptions) {
    this.#link.conditions = conditions;
  }

  /** `xmstation export` of so many births, one every `paceMs`, over one connection. */
  async export(count: number, paceMs: number): Promise<Exported> {
    await this.#station.write(count);
    this.#sent += count;
    const volume = await this.#volumeOf(() =>
      runExport(this.#folder, [...this.#link.office.exec, ...this.#trust], '--pace', `${paceMs}`),
    );
    await settled(this.#site, this.#sent);
    const rows = await this.#station.database.query<{ s: number }>(
      `select extract(epoch from outcome_at - sealed_at)::float8 as s
         from xms.kept where outcome = 'filed' order by sealed_at desc limit $1`,
      [count],
    );
    if (rows.length < count) throw new Error(`${rows.length} receipts for ${count} records`);
    return { volume, waits: rows.map(({ s }) => s).reverse() };
  }

  /** What a connection of the station's link costs, and each of `count` keep-alives on it. */
  async keepAlive(count: number): Promise<{ readonly connection: Volume; readonly each: Volume }> {
    const { office } = this.#link;
    const { url, authority } = secureOf(this.#site);
    const [command, ...args] = [...office.exec, process.execPath, linkProgram, url, authority];
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    try {
      const connection = await this.#volumeOf(() => answer(child));
      const each = await this.#volumeOf(async () => {
        for (let i = 0; i < count; i++) {
          child.stdin.write('ping\n');
          await answer(child);
          await this.#link.atRest();
        }
      });
      return { connection, each: part(each, count) };
    } finally {
      child.stdin.end();
      await ended;
    }
  }

  get #trust(): string[] {
    return ['env', `NODE_EXTRA_CA_CERTS=${secureOf(this.#site).authority}`];
  }

  /** All that goes over the link because of `work`, what comes late included. */
  async #volumeOf(work: () => Promise<unknown>): Promise<Volume> {
    const before = volume(this.#link);
    await work();
    await this.#link.atRest();
    const after = volume(this.#link);
    return {
      up: after.up - before.up,
      down: after.down - before.down,
      packets: after.packets - before.packets,
    };
  }
}

function volume({ up, down }: ThinLink): Volume {
  return { up: up.bytes, down: down.bytes, packets: up.packets + down.packets };
}

function part({ up, down, packets }: Volume, count: number): Volume {
  return { up: up / count, down: down / count, packets: packets / count };
}

function secureOf({ broker }: Site): { readonly url: string; readonly authority: string } {
  if (!broker.secure) throw new Error('the site has no TLS');
  return broker.secure;
}

/** Resolves with its next line. Rejects where it ends instead. */
async function answer(child: ChildProcessByStdio<Writable, Readable, null>): Promise<void> {
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => [])]);
  lines.close();
  if (line === undefined) throw new Error(`the link ended with ${child.exitCode}`);
}
