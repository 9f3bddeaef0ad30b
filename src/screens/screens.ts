/** The one table of screens of the work area: one line per screen here, and one for its look in views.tsx. */
import { refusalOf } from './acts.ts';
import type { Desk } from './desk.ts';
import type { BindingId, Place } from './keys.ts';
import type { MenuEntry } from './menus.ts';

interface Screen {
  /** Where its own keys stand in the table of keys. */
  readonly place?: Place;
  /** Those of its keys that are of use just now, in the order to show them. */
  hints?(): readonly BindingId[];
}

interface HelpScreen extends Screen {
  /** What it tells the keys of, besides those that work everywhere. */
  readonly places: readonly Place[];
}

/** What each screen is while it is open. */
export interface Screens {
  monitor: Screen;
  infos: Screen;
  help: HelpScreen;
}

export type ScreenId = keyof Screens;

interface ScreenEntry<Open extends Screen> {
  /** The menu that is marked while it is open. */
  readonly menu?: MenuEntry['id'];
  open(desk: Desk): Open;
}

export const screens: { readonly [Id in ScreenId]: ScreenEntry<Screens[Id]> } = {
  monitor: { menu: 'transmissions', open: openMonitor },
  infos: { menu: 'infos', open: () => ({}) },
  help: { open: openHelp },
};

export interface OpenScreen<Id extends ScreenId = ScreenId> {
  readonly id: Id;
  readonly screen: Screens[Id];
}

export function openScreen<Id extends ScreenId>(id: Id, desk: Desk): OpenScreen<Id> {
  return { id, screen: screens[id].open(desk) };
}

const transmissions = ['engine-launch', 'engine-pause', 'engine-resume', 'engine-cycle'] as const;

function openMonitor(desk: Desk): Screen {
  return {
    place: 'monitor',
    hints: () => transmissions.filter(act => refusalOf(act, desk) === undefined),
  };
}

function openHelp({ place }: Desk): HelpScreen {
  return { places: [...(place ? [place] : []), 'menu'] };
}
