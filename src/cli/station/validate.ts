/** `xmstation validate`: records with Status 1 that fit their table go to Status 2, and are frozen (guide §6.4). */
import { sentence, XmError } from '../../core/errors.ts';
import { faultOf } from '../../core/record-rules.ts';
import type { Validation } from '../../core/station-ports.ts';
import { exitCodes } from '../command-line.ts';
import { Progress } from './progress.ts';
import { print, type StationSession, withOffice } from './session.ts';

/** Rows of one transaction: who edits others meanwhile is not held up. */
const pageSize = 500;

export function validate(session: StationSession, names: readonly string[]): Promise<number> {
  const { language, texts } = session;
  return withOffice(session, async ({ store }) => {
    const tables = await store.tables();
    const unknown = names.find(name => !tables.has(name));
    if (unknown !== undefined) throw new XmError('table-unknown', { table: unknown });
    const progress = new Progress(session.flags.json);
    const faults: ({ readonly table: string } & Validation['faults'][number])[] = [];
    let frozen = 0;
    try {
      for (const table of tables.values()) {
        if (names.length > 0 && !names.includes(table.name)) continue;
        for (let after: bigint | undefined = -(2n ** 63n); after !== undefined; ) {
          const page: Validation = await store.validate(table, after, pageSize, record =>
            faultOf(record, table),
          );
          frozen += page.frozen;
          faults.push(...page.faults.map(fault => ({ table: table.name, ...fault })));
          progress.show(`${table.name}: ${texts.validated(frozen)}`);
          after = page.last;
        }
      }
    } finally {
      progress.end();
    }
    const lines = faults.map(
      ({ table, numero, reason }) => `${table} ${numero}  ${sentence(reason.code, reason.params, language)}`,
    );
    print(session, { validated: frozen, faults }, [...lines, texts.validated(frozen)]);
    return faults.length > 0 ? exitCodes.refused : exitCodes.ok;
  });
}
