/** `xmstation`, as an office runs it: its folder, and the built program on it. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DataFolder, StationFolder } from '../../src/config.ts';
import { readCertificate } from '../../src/pki/certificate.ts';
import { KeyStore } from '../../src/pki/key-store.ts';
import type { Office } from './enrol.ts';
import type { Site } from './site.ts';

const program = join(dirname(dirname(import.meta.dirname)), 'bin', 'xmstation.js');

export interface StationPlace {
  readonly brokerUrl: string;
  readonly database: { readonly host: string; readonly port: number; readonly name: string };
}

/** Returns the data folder. */
export function makeStationFolder(
  site: Site,
  { matricule, certificate, privateKey }: Office,
  place: StationPlace,
): string {
  const data = new DataFolder(join(site.home, `office-${matricule}`));
  const folder = new StationFolder(data.at('station'));
  const keys = new KeyStore(folder.path);
  keys.addGeneration('station', { certificate: readCertificate(certificate), privateKey });
  keys.keepPeerCertificate('server', site.server);
  folder.keepSecret('database-password', site.postgres.server.password);
  folder.set({
    matricule,
    database: { ...place.database, user: site.postgres.server.user },
    broker: { url: place.brokerUrl, userName: `${matricule}` },
  });
  return data.path;
}

/** Runs `xmstation export` to its end; rejects, with what it said, where it fails. `through`: before the command. */
export async function runExport(
  folder: string,
  through: readonly string[],
  ...args: string[]
): Promise<string> {
  const [command, ...rest] = [
    ...through,
    process.execPath,
    program,
    'export',
    ...args,
    '--data',
    folder,
    '--lang',
    'en',
  ];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('exit', resolve),
  );
  const said = await text(child.stdout);
  const code = await ended;
  if (code !== 0) throw new Error(`xmstation ended with ${code}: ${said}`);
  return said;
}
