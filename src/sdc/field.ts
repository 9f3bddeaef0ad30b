/** Fields of a message's map, by key, in ascending order; and how a whole body is written and read by them. */
import type { CborReader } from './cbor-reader.ts';
import type { CborWriter } from './cbor-writer.ts';
import { type Kind, present } from './kind.ts';

/** What one property of a message takes of the map: one entry, none, or several. */
export interface Field<T> {
  /** The keys that it may take. */
  readonly keys: readonly number[];
  entries(value: T): number;
  write(writer: CborWriter, value: T, name: string): void;
  read(reader: CborReader, name: string): T;
}

/** Properties of a body and their fields, in the order of the keys. */
export type Fields<Body> = { readonly [P in keyof Body]-?: Field<Body[P]> };

export function required<T>(key: number, kind: Kind<T>): Field<T> {
  return {
    keys: [key],
    entries: () => 1,
    write(writer, value, name) {
      writer.integer(key);
      kind.write(writer, value, name);
    },
    read(reader, name) {
      reader.key(key);
      return kind.read(reader, name);
    },
  };
}

export function optional<T extends {}>(key: number, kind: Kind<T>): Field<T | undefined> {
  return {
    keys: [key],
    entries: value => (value === undefined ? 0 : 1),
    write(writer, value, name) {
      if (value === undefined) return;
      writer.integer(key);
      kind.write(writer, value, name);
    },
    read: (reader, name) => (reader.takeKey(key) ? kind.read(reader, name) : undefined),
  };
}

/** An object whose own properties, all optional, are entries of the map; without any of them there is no object. */
export function group<T extends object>(fields: Fields<T>): Field<T | undefined> {
  const body = bodyOf(fields);
  return {
    keys: body.keys,
    entries: value => (value ? body.entries(value) : 0),
    write(writer, value) {
      if (value) body.write(writer, value);
    },
    read(reader) {
      const value = body.read(reader);
      return Object.keys(value).length > 0 ? value : undefined;
    },
  };
}

/** All properties of a message beside its head. */
export interface Body<T> {
  readonly keys: readonly number[];
  entries(value: T): number;
  write(writer: CborWriter, value: T): void;
  read(reader: CborReader): T;
}

export function bodyOf<T extends object>(fields: Fields<T>): Body<T> {
  const all = Object.entries<Field<unknown>>(fields);
  const valuesOf = (value: T) => new Map<string, unknown>(Object.entries(value));
  return {
    keys: all.flatMap(([, { keys }]) => keys),
    entries(value) {
      const values = valuesOf(value);
      return all.reduce((sum, [name, field]) => sum + field.entries(values.get(name)), 0);
    },
    write(writer, value) {
      const values = valuesOf(value);
      for (const [name, field] of all) field.write(writer, values.get(name), name);
    },
    read: reader => present(all.map(([name, field]) => [name, field.read(reader, name)])) as T,
  };
}
