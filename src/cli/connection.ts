/** "Connexion": an installation's PostgreSQL as somebody gives it, at first or anew. */
import { resolve } from 'node:path';
import type { DataFolder } from '../config.ts';
import type { StartStep } from '../core/console-ports.ts';
import type { DatabaseAccess } from '../core/database-server.ts';
import { XmError } from '../core/errors.ts';
import { environmentDatabasePassword } from '../environment.ts';
import { migrateServer } from './installation.ts';
import { runningPid } from './run-file.ts';
import { databaseConnection, keepCertificates } from './secure-connection.ts';

const passwordName = 'database-password';

/**
 * Tries it, creates and upgrades the two databases, and only then keeps it: what does not work is not written down.
 * Throws `trial-running`, and what the catalogue has for PostgreSQL, migrations and certificates.
 */
export async function connect(
  folder: DataFolder,
  access: DatabaseAccess,
  report: (step: StartStep) => void = () => undefined,
): Promise<void> {
  demandNoTrial(folder);
  const { password = folder.secret(passwordName) ?? environmentDatabasePassword() ?? '', ...server } = access;
  report({ id: 'databases', state: 'running' });
  const { ca } = access;
  const isNewCa = ca !== undefined && ca !== folder.settings.database?.ca;
  const tried = isNewCa ? { ...server, ca: resolve(ca) } : server;
  await migrateServer({ ...databaseConnection(folder, tried), password });
  report({ id: 'databases', state: 'done' });
  const kept = isNewCa ? { ca: keepCertificates(folder, ca, 'database-ca') } : {};
  // The password first: cut off before the next line, it is the one that the form finds.
  folder.keepSecret(passwordName, password);
  folder.set({ database: { ...server, ...kept } });
}

/** Its engine would go on filing into the trial's databases, unseen from the new ones. */
function demandNoTrial(folder: DataFolder): void {
  if (folder.settings.database !== undefined) return;
  const isRunning = (['services', 'engine', 'station'] as const).some(
    name => runningPid(folder, name) !== undefined,
  );
  if (isRunning) throw new XmError('trial-running');
}
