/**
 * A query as nested arrays: [table, [column …], condition or null, [[column, is descending] …], limit or null]. A
 * condition is an array that starts with the number of its kind.
 */
import type { Comparison, Condition, Query } from '../core/query.ts';
import type { Value } from '../core/record.ts';
import { unreadable } from './cbor.ts';
import type { CborReader } from './cbor-reader.ts';
import type { CborWriter } from './cbor-writer.ts';
import { choice, flag, type Kind, list, orNull, row, text, whole } from './kind.ts';

const maxDepth = 16;
/** Of one query, those within others counted too. */
const maxConditions = 200;
const maxListed = 1_000;

/** Bytes of the name of a table or column: PostgreSQL has none longer. */
export const name = text(1, 63);
const comparison = choice<Comparison>('=', '<>', '<', '<=', '>', '>=', 'like');
const conditionKind = choice<Condition['kind']>('compare', 'in', 'null', 'not', 'and', 'or');
/** Elements of a condition's array, its kind included. */
const lengths = { compare: 4, in: 3, null: 2, not: 2, and: 2, or: 2 } as const;

const value: Kind<Value> = {
  write: (writer, value) => writer.value(value),
  read: (reader, what) => reader.value(what),
};
const listed = list(value, 1, maxListed);

const condition: Kind<Condition> = {
  write: (writer, value, what) => writeCondition(writer, value, { what, depth: 0, count: 0 }),
  read: (reader, what) => readCondition(reader, { what, depth: 0, count: 0 }),
};

/** In place of a query the text of a SELECT is allowed. */
export const query: Kind<Query | string> = {
  write(writer, value, what) {
    if (typeof value === 'string') selectText.write(writer, value, what);
    else restricted.write(writer, value, what);
  },
  read: (reader, what) => (reader.isText ? selectText.read(reader, what) : restricted.read(reader, what)),
};

const selectText = text(1, 8_000);
const restricted = row<Query>({
  table: name,
  columns: list(name, 0, 1_600),
  where: orNull(condition),
  order: list(row({ column: name, descending: flag }), 0, 32),
  limit: orNull(whole(1, 1_000_000_000)),
});

interface Walk {
  readonly what: string;
  depth: number;
  count: number;
}

/** Counts a condition in, `within` those that it is part of. */
function within<T>(walk: Walk, work: () => T): T {
  if (++walk.count > maxConditions || ++walk.depth > maxDepth) throw unreadable(walk.what);
  const result = work();
  walk.depth--;
  return result;
}

function writeCondition(writer: CborWriter, condition: Condition, walk: Walk): void {
  within(walk, () => {
    const { what } = walk;
    writer.array(lengths[condition.kind]);
    conditionKind.write(writer, condition.kind, what);
    switch (condition.kind) {
      case 'compare':
        name.write(writer, condition.column, what);
        comparison.write(writer, condition.by, what);
        writer.value(condition.value);
        return;
      case 'in':
        name.write(writer, condition.column, what);
        listed.write(writer, condition.values, what);
        return;
      case 'null':
        name.write(writer, condition.column, what);
        return;
      case 'not':
        writeCondition(writer, condition.condition, walk);
        return;
      case 'and':
      case 'or':
        conditions(walk).write(writer, condition.conditions, what);
    }
  });
}

function readCondition(reader: CborReader, walk: Walk): Condition {
  return within(walk, () => {
    const { what } = walk;
    const length = reader.array(what);
    const found = conditionKind.read(reader, what);
    if (length !== lengths[found]) throw unreadable(what);
    switch (found) {
      case 'compare': {
        const column = name.read(reader, what);
        const by = comparison.read(reader, what);
        return { kind: found, column, by, value: reader.value(what) };
      }
      case 'in': {
        const column = name.read(reader, what);
        return { kind: found, column, values: listed.read(reader, what) };
      }
      case 'null':
        return { kind: found, column: name.read(reader, what) };
      case 'not':
        return { kind: found, condition: readCondition(reader, walk) };
      case 'and':
      case 'or':
        return { kind: found, conditions: conditions(walk).read(reader, what) };
    }
  });
}

function conditions(walk: Walk): Kind<readonly Condition[]> {
  const one: Kind<Condition> = {
    write: (writer, value) => writeCondition(writer, value, walk),
    read: reader => readCondition(reader, walk),
  };
  return list(one, 1, maxConditions);
}
