/** `xmstation import`: records of the centre into the office's own tables (guide §6.3). */
import { sentence, XmError } from '../../core/errors.ts';
import type { Query } from '../../core/query.ts';
import type { FormTable } from '../../core/record.ts';
import type { Landing } from '../../core/station-ports.ts';
import { readSelect } from '../../db/select-text.ts';
import { type ImportEvent, importQuery, importRecords } from '../../station/importer.ts';
import { exitCodes, noArguments, positive } from '../command-line.ts';
import type { OpenStation } from '../open-station.ts';
import {
  linked,
  needed,
  print,
  type StationSession,
  tableOf,
  tellRefusal,
  usage,
  withStation,
} from './session.ts';

type Tally = { -readonly [K in 'landed' | 'updated' | 'known']: number } & {
  faults: Landing['faults'];
  /** Where it goes on, as long as it has not come to its end. */
  next?: string | undefined;
};

export function importCommand(session: StationSession, args: readonly string[]): Promise<number> {
  const { language, texts } = session;
  noArguments(args, language);
  const text = selectText(session);
  return withStation(session, async open => {
    const query = await queryOf(open, text);
    const { after } = session.flags;
    const tally: Tally = { landed: 0, updated: 0, known: 0, faults: [], next: after };
    const outcome = await linked(session, open, (parts, ending, tellHowFar) =>
      importRecords(
        parts,
        query,
        ending,
        event => {
          if (event.kind === 'landed') add(tally, event);
          const count = tally.landed + tally.updated + tally.known;
          tellHowFar(
            event.kind === 'parts' ? texts.arriving(count, event.parts) : `${texts.sent('IMPORT')}  ${count}`,
          );
        },
        after,
      ),
    ).catch((error: unknown) => {
      // What has landed before stays, and is told.
      if (error instanceof XmError && error.code === 'answer-late') tell(session, tally);
      throw error;
    });
    if (outcome.kind === 'refused') {
      if (tally.next !== undefined && !session.flags.json) tell(session, tally);
      return tellRefusal(session, outcome, tally);
    }
    tell(session, tally);
    if (tally.faults.length === 0) return exitCodes.ok;
    for (const { numero, reason } of tally.faults) {
      console.error(texts.notLanded(`${numero}`, sentence(reason.code, reason.params, language)));
    }
    return exitCodes.refused;
  });
}

/** The SELECT of `--sql`, or that of the other options. Throws `usage`. */
function selectText(session: StationSession): string {
  const { sql, table, columns, where, order, limit } = session.flags;
  const others = [table, columns, where, order, limit];
  if (sql !== undefined) {
    if (others.some(one => one !== undefined)) throw usage(session.texts.sqlAlone);
    return sql;
  }
  const names = columns?.split(',').map(name => quotedName(name.trim()));
  return [
    `select ${names?.join(', ') ?? '*'} from ${quotedName(needed(session, '--table', table))}`,
    where === undefined ? '' : `where ${where}`,
    order === undefined ? '' : `order by ${order}`,
    limit === undefined ? '' : `limit ${positive('--limit', limit, session.language)}`,
  ].join(' ');
}

/** Read here, by the grammar that the server has: what it would refuse costs neither bytes nor a wait. */
async function queryOf(open: OpenStation, text: string): Promise<Query> {
  const query = await readSelect(text, await open.store.tables());
  const table: FormTable = await tableOf(open, query.table);
  return importQuery(query, table);
}

function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function add(tally: Tally, { landing, next }: Extract<ImportEvent, { kind: 'landed' }>): void {
  const { landed, updated, known, faults } = landing;
  tally.landed += landed;
  tally.updated += updated;
  tally.known += known;
  tally.faults = [...tally.faults, ...faults];
  tally.next = next;
}

function tell(session: StationSession, tally: Tally): void {
  const { landed, updated, known, faults, next } = tally;
  const { texts } = session;
  print(session, tally, [
    texts.imported(landed, updated, known, faults.length),
    ...(next === undefined ? [] : [texts.rest(next)]),
  ]);
}
