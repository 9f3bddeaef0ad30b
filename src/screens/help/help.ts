/** The keys, from the table of keys: those of the screen that it was asked on, and beside them those of everywhere. */
import type { Key } from '../../terminal/key.ts';
import { cell } from '../components/cell.ts';
import type { Desk } from '../desk.ts';
import { bindings, caption, type Place } from '../keys.ts';
import { Pager } from '../pager/pager.ts';
import type { Screen } from '../screens.ts';

/** Columns: what stands on the left, and the keys of each line. */
const half = 40;
const keysWidth = 12;

export class Help implements Screen {
  readonly places = ['pager'] as const;
  readonly pager = new Pager();

  constructor(desk: Desk) {
    const left = linesOf(desk, desk.places);
    const right = linesOf(desk, ['everywhere', 'menu']);
    const count = Math.max(left.length, right.length);
    const lines = Array.from(
      { length: count },
      (_, n) => `${cell(left[n] ?? '', half - 2)} ${right[n] ?? ''}`,
    );
    this.pager.show((left.length === 0 ? right : lines).map(text => ({ text: text.trimEnd() })));
  }

  get model(): Pager {
    return this.pager;
  }

  key(key: Key): boolean {
    return this.pager.key(key);
  }
}

function linesOf({ texts }: Desk, places: readonly Place[]): string[] {
  return places.flatMap((place, n) => [
    ...(n === 0 ? [] : ['']),
    `${texts.help.places[place]}`,
    ...bindings[place].map(({ id, keys }) => {
      const captions = keys.map(key => caption(key, texts)).join(' ');
      return ` ${cell(captions, keysWidth)} ${texts.keys[id].help}`;
    }),
  ]);
}
