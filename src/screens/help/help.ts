/** The keys, from the table of keys: those of the screen it was asked on first, then those that work everywhere. */
import type { Key } from '../../terminal/key.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindings, caption, type Place } from '../keys.ts';
import { Pager, type PagerLine } from '../pager/pager.ts';
import type { PagerScreen } from '../screens.ts';

export class Help implements PagerScreen {
  readonly places = ['pager'] as const;
  readonly pager = new Pager();
  readonly title: string;

  get model(): Pager {
    return this.pager;
  }

  constructor({ places, texts }: Pick<Desk, 'places' | 'texts'>) {
    this.title = texts.help.title;
    const about = new Set<Place>([...places, 'everywhere', 'menu', 'prompt', 'question']);
    const sections = [...about].map(place => section(place, texts));
    this.pager.show(sections.flatMap((lines, at) => (at === 0 ? lines : [{ text: '' }, ...lines])));
  }

  hints(): readonly BindingId[] {
    return this.pager.hasMore ? ['next-page'] : [];
  }

  key(key: Key): boolean {
    return this.pager.key(key);
  }
}

function section(place: Place, texts: Desk['texts']): PagerLine[] {
  return [
    { text: texts.help.places[place] },
    ...bindings[place].map(({ id, keys }) => ({
      label: keys.map(key => caption(key, texts)).join(' '),
      text: texts.keys[id].help,
    })),
  ];
}
