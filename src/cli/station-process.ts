/** The trial station's sender, as a process in the background: it exports what has Status 2, every minute. */
import type { DataFolder } from '../config.ts';
import { failed, startInBackground } from './background.ts';
import { endProcess } from './run-file.ts';

/** Slow enough to be watched. */
const trialPaceMs = 250;

export async function launchStation(folder: DataFolder): Promise<void> {
  const end = await startInBackground({
    folder,
    program: 'xmstation',
    args: ['export', '--watch', '--pace', `${trialPaceMs}`, '--data', folder.path],
    log: 'station',
  });
  if (end) throw failed(end, 'station-start');
}

export function stopStation(folder: DataFolder): Promise<void> {
  return endProcess(folder, 'station', 15_000);
}
