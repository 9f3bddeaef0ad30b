/** What the console begins and ends with: its installation brought up, or first connected to a PostgreSQL. */
import type { DataFolder } from '../config.ts';
import type { ConsolePorts } from '../core/console-ports.ts';
import { XmError } from '../core/errors.ts';
import { ConsoleInstallation } from './console-ports.ts';

export interface ConsoleMode {
  /** Whoever is there may look, and change nothing; nothing is started for him either. */
  readonly readOnly: boolean;
  /** A PostgreSQL of the installation's own is asked for, where the trial would bring one along. */
  readonly setup?: boolean;
}

export function createConsolePorts(
  folder: DataFolder,
  { readOnly, setup = false }: ConsoleMode,
): ConsolePorts {
  let opening: Promise<ConsoleInstallation> | undefined;
  let connecting: Promise<void> | undefined;
  const close = async () => {
    await connecting?.catch(() => undefined); // it was told when it failed
    const opened = await opening?.catch(() => undefined);
    await opened?.close();
    opening = undefined;
  };
  return {
    async connection() {
      const server = folder.settings.database;
      if (readOnly || (server === undefined && !setup)) return undefined;
      return { server, hasPassword: folder.secret('database-password') !== undefined };
    },
    async connect(access, report) {
      connecting = import('./connection.ts').then(({ connect }) => connect(folder, access, report));
      await connecting;
    },
    async start(report) {
      await close();
      if (setup && folder.settings.database === undefined) throw new XmError('database-unset');
      opening = ConsoleInstallation.open(folder, report, readOnly);
      return opening;
    },
    async quit(stopServices, report) {
      await close();
      if (stopServices) await (await import('./stop.ts')).stopAll(folder, report);
    },
  };
}
