/** `xmstation status`: the forms by status, what waits for a receipt, what was refused and why. */
import type { DataFolder } from '../config.ts';
import { sentence } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import { programTexts } from '../text/program.ts';
import { exitCodes } from './command-line.ts';
import { openStation } from './open-station.ts';

export async function runStationStatus(
  folder: DataFolder,
  json: boolean,
  language: Language,
): Promise<number> {
  const open = openStation(folder);
  try {
    const summary = await open.store.summary();
    const { matricule } = open.settings;
    if (json) {
      const refused = summary.refused.map(one => ({ ...one, numero: Number(one.numero) }));
      console.log(JSON.stringify({ matricule, ...summary, refused }));
      return exitCodes.ok;
    }
    const { station } = programTexts[language];
    for (const { table, byStatus } of summary.tables) {
      const counts = byStatus.map((count, status) => `${count} ${station.statuses[status]}`);
      console.log(`${table}: ${counts.join(', ')}`);
    }
    console.log(`${station.waiting}: ${summary.waiting}`);
    for (const { table, numero, reason } of summary.refused) {
      const why = reason ? sentence(reason.code, reason.params, language) : station.refusedSilently;
      console.log(`${table} ${numero}  ${station.refused}  ${why}`);
    }
    return exitCodes.ok;
  } finally {
    await open.close();
  }
}
