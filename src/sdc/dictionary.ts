/**
 * Preset dictionaries of the payload: text that records are likely to hold, so that it need not travel. Named by an id
 * in the payload; the bytes behind an id never change (test/vectors/dictionary-*.bin).
 */
import { CalendarDate } from '../core/record.ts';
import { unreadable } from './cbor.ts';
import { CborWriter } from './cbor-writer.ts';
import { Deflater } from './deflate.ts';
import { civilRegistration } from './dictionaries/civil-registration.ts';
import { documents } from './dictionaries/documents.ts';
import { general } from './dictionaries/general.ts';
import { structureFragment } from './message-map.ts';

export interface DictionarySource {
  readonly id: number;
  /** Column names in the tables' own order, separated by a space. */
  readonly tables: readonly { readonly name: string; readonly columns: string }[];
  /** Values separated by `|`, each taken with its CBOR head; a line that starts with `~`: pieces without one. */
  readonly values: readonly string[];
  /** First and last day of the dates that are usual: their first bytes, after each of `before`. */
  readonly dates?: { readonly first: string; readonly last: string; readonly before: readonly string[] };
}

export interface Dictionary {
  readonly id: number;
  readonly bytes: Buffer;
  /** Raw deflate. */
  deflate(message: Buffer): Buffer;
}

const sources: readonly DictionarySource[] = [general, civilRegistration, documents];
const built = new Map<number, Dictionary>();

/** The dictionary of a table; the general one for tables of an installation's own, and for receipts. */
export function dictionaryFor(table: string | undefined): Dictionary {
  const source = sources.find(({ tables }) => tables.some(({ name }) => name === table)) ?? general;
  return build(source);
}

/** Refuses with `sdc-payload` an id that is not known. 0: no dictionary. */
export function dictionaryOf(id: number): Dictionary {
  if (id === 0) return build(none);
  const source = sources.find(source => source.id === id);
  if (!source) throw unreadable(`dictionary ${id}`);
  return build(source);
}

const none: DictionarySource = { id: 0, tables: [], values: [] };

function build(source: DictionarySource): Dictionary {
  const known = built.get(source.id);
  if (known) return known;
  const structures = source.tables.map(({ name, columns }) => structureFragment(name, columns.split(' ')));
  const bytes = Buffer.concat([...structures, ...source.values.flatMap(pieces), ...dates(source)]);
  const deflater = new Deflater(bytes);
  const dictionary = { id: source.id, bytes, deflate: (message: Buffer) => deflater.deflate(message) };
  built.set(source.id, dictionary);
  return dictionary;
}

function pieces(line: string): Buffer[] {
  if (line.startsWith('~')) return [Buffer.from(line.replaceAll('~', ''))];
  return line.split('|').map(value => {
    const writer = new CborWriter();
    writer.text(value);
    return writer.end();
  });
}

/** A date of these decades is five bytes; the fourth of them changes every 256 days. */
function dates({ dates }: DictionarySource): Buffer[] {
  if (!dates) return [];
  const all: Buffer[] = [];
  for (let day = dayOf(dates.first); day <= dayOf(dates.last); day += 256) {
    for (const before of dates.before) {
      const writer = new CborWriter();
      writer.text(before);
      writer.value(new CalendarDate(day));
      all.push(writer.end().subarray(0, -1));
    }
  }
  return all;
}

function dayOf(text: string): number {
  return CalendarDate.parse(text)?.days ?? 0;
}
