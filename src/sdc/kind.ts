/** Kinds of value in a message's map: how each stands in CBOR, and its bounds, which writer and reader hold alike. */
import { unreadable } from './cbor.ts';
import type { CborReader } from './cbor-reader.ts';
import type { CborWriter } from './cbor-writer.ts';

/** `what` names the field in a refusal, `sdc-payload`. */
export interface Kind<T> {
  write(writer: CborWriter, value: T, what: string): void;
  read(reader: CborReader, what: string): T;
}

/** Bytes of UTF-8. */
export function text(least: number, most: number): Kind<string> {
  return {
    write(writer, value, what) {
      requireWithin(Buffer.byteLength(value), least, most, what);
      writer.text(value);
    },
    read: (reader, what) => reader.text(what, least, most),
  };
}

export function bytes(least: number, most: number): Kind<Uint8Array> {
  return {
    write(writer, value, what) {
      requireWithin(value.length, least, most, what);
      writer.bytes(value);
    },
    read: (reader, what) => reader.bytes(least, most, what),
  };
}

export function whole(least: number, most: number): Kind<number> {
  return {
    write(writer, value, what) {
      if (!Number.isInteger(value)) throw unreadable(what);
      requireWithin(value, least, most, what);
      writer.integer(value);
    },
    read(reader, what) {
      const value = reader.integer(what);
      if (typeof value === 'bigint') throw unreadable(what);
      requireWithin(value, least, most, what);
      return value;
    },
  };
}

/** As PostgreSQL's bigint: −2⁶³ to 2⁶³−1. */
export const long: Kind<bigint> = {
  write(writer, value, what) {
    if (BigInt.asIntN(64, value) !== value) throw unreadable(what);
    writer.integer(value);
  },
  read(reader, what) {
    const value = BigInt(reader.integer(what));
    if (BigInt.asIntN(64, value) !== value) throw unreadable(what);
    return value;
  },
};

export const flag: Kind<boolean> = {
  write: (writer, value) => writer.value(value),
  read: (reader, what) => reader.boolean(what),
};

/** One of these words, as its place among them, from 0. */
export function choice<T extends string>(...words: readonly T[]): Kind<T> {
  return {
    write(writer, value, what) {
      const place = words.indexOf(value);
      if (place < 0) throw unreadable(what);
      writer.integer(place);
    },
    read(reader, what) {
      const word = words[Number(reader.integer(what))];
      if (word === undefined) throw unreadable(what);
      return word;
    },
  };
}

export function list<T>(kind: Kind<T>, least: number, most: number): Kind<readonly T[]> {
  return {
    write(writer, values, what) {
      requireWithin(values.length, least, most, what);
      writer.array(values.length);
      for (const value of values) kind.write(writer, value, what);
    },
    read(reader, what) {
      const length = reader.array(what);
      requireWithin(length, least, most, what);
      return Array.from({ length }, () => kind.read(reader, what));
    },
  };
}

/** Null where there is none. */
export function orNull<T extends {}>(kind: Kind<T>): Kind<T | undefined> {
  return {
    write(writer, value, what) {
      if (value === undefined) writer.value(null);
      else kind.write(writer, value, what);
    },
    read: (reader, what) => (reader.takeNull() ? undefined : kind.read(reader, what)),
  };
}

/** An array with a place for each member, in this order. */
export function row<T extends object>(members: { readonly [M in keyof T]-?: Kind<T[M]> }): Kind<T> {
  const kinds = Object.entries<Kind<unknown>>(members);
  return {
    write(writer, value, what) {
      writer.array(kinds.length);
      const members = new Map(Object.entries(value));
      for (const [name, kind] of kinds) kind.write(writer, members.get(name), what);
    },
    read(reader, what) {
      if (reader.array(what) !== kinds.length) throw unreadable(what);
      return present(kinds.map(([name, kind]) => [name, kind.read(reader, what)])) as T;
    },
  };
}

/** An object of those that have a value. */
export function present(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function requireWithin(value: number, least: number, most: number, what: string): void {
  if (value < least || value > most) throw unreadable(what);
}
