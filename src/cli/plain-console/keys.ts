/** The keys of the screen on top, as they are told: what can be done here, by which letter. */
import { type Binding, type BindingId, bindings, caption, type Place } from '../../screens/keys.ts';
import type { Screen } from '../../screens/screens.ts';
import type { LineDesk } from './line-desk.ts';

/** In lines they are done in another way, or of no use. */
const otherwise: ReadonlySet<BindingId> = new Set(['search', 'open-row', 'change-row', 'next-page', 'help']);

/** Those of use just now, in one line; once for each of its kind. */
export function tellKeys(desk: LineDesk): void {
  const { talk, texts } = desk;
  const { lines } = talk;
  const { screen }: { readonly screen: Screen } = desk.top;
  const hints = screen.hints?.() ?? [];
  const keys = hints.flatMap(id => {
    const binding = ownBindings(desk).find(one => one.id === id);
    return binding && !otherwise.has(id) ? [lines.key(nameOf(binding, desk), texts.keys[id].hint)] : [];
  });
  if (desk.list) {
    const open = hints.includes('change-row') ? 'change-row' : 'open-row';
    keys.unshift(
      lines.key(lines.number, texts.keys[open].hint),
      lines.key(lines.search, texts.keys.search.hint),
    );
    talk.once(lines.rows);
  }
  if (keys.length > 0) talk.once(lines.keys([...keys, lines.key('?', lines.allKeys)].join(', ')));
}

/** All of the screen on top, one a line. */
export function tellAllKeys(desk: LineDesk): void {
  const { talk, texts } = desk;
  const all = ownBindings(desk).filter(({ id }) => !otherwise.has(id));
  for (const binding of all) talk.labelled(nameOf(binding, desk), texts.keys[binding.id].help);
  if (desk.list) {
    talk.labelled(talk.lines.number, texts.keys['open-row'].help);
    talk.labelled(talk.lines.search, texts.keys.search.help);
  } else if (all.length === 0) talk.say(talk.lines.noKeys);
  talk.labelled('.', texts.keys.back.help);
}

/** What a key is of the screen on top; undefined: nothing. */
export function ownKey(
  desk: LineDesk,
  typed: string,
): { readonly id: BindingId; readonly name: string } | undefined {
  // A letter works in either case unless both are in the table.
  for (const name of [typed, typed.toLowerCase()]) {
    const binding = ownBindings(desk).find(({ keys }) => keys.includes(name));
    if (binding) return { id: binding.id, name };
  }
  return undefined;
}

/** Moving about is the reader's own, and forms are asked. */
function ownBindings(desk: LineDesk): readonly Binding[] {
  const places: readonly Place[] = desk.places;
  return places.flatMap(place => {
    if (place === 'pager' || place === 'form') return [];
    if (place !== 'list') return bindings[place];
    return bindings.list.filter(({ id }) => id === 'sort' || id === 'refresh');
  });
}

function nameOf({ keys: [key = ''] }: Binding, { texts }: LineDesk): string {
  return caption(key, texts);
}
