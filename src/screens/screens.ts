/** The one table of screens of the work area: one line per screen here, and one for its look in views.tsx. */

import type { Key } from '../terminal/key.ts';
import { refusalOf } from './acts.ts';
import type { Desk } from './desk.ts';
import { Help } from './help/help.ts';
import type { BindingId, Place } from './keys.ts';
import type { MenuEntry } from './menus.ts';
import { MessageScreen } from './messages/message.ts';
import { Messages } from './messages/messages.ts';
import type { Observable } from './observable.ts';

export interface Screen {
  /** Where its own keys stand in the table of keys. */
  readonly places?: readonly Place[];
  /** Those of its keys that are of use just now, in the order to show them. */
  hints?(): readonly BindingId[];
  /** What it shows changes with this; hints are made anew then. */
  readonly model?: Observable;
  /** Takes a key before anything else does; false: it does nothing here. */
  key?(key: Key): boolean;
  /** Esc: false where something within the screen ended instead, or must not be lost. */
  leave?(): boolean | Promise<boolean>;
  /** It is not seen any more. */
  close?(): void;
}

/** What each screen is while it is open. */
export interface Screens {
  monitor: Screen;
  infos: Screen;
  help: Help;
  messages: Messages;
  message: MessageScreen;
}

/** What a screen must be told to open. */
interface ScreenArguments {
  message: number;
}

export type Argument<Id extends ScreenId> = Id extends keyof ScreenArguments ? [ScreenArguments[Id]] : [];

export type ScreenId = keyof Screens;

interface ScreenEntry<Id extends ScreenId> {
  /** The menu that is marked while it is open. */
  readonly menu?: MenuEntry['id'];
  open(desk: Desk, ...argument: Argument<Id>): Screens[Id];
}

export const screens: { readonly [Id in ScreenId]: ScreenEntry<Id> } = {
  monitor: { menu: 'transmissions', open: openMonitor },
  infos: { menu: 'infos', open: () => ({}) },
  help: { open: desk => new Help(desk) },
  messages: { menu: 'transmissions', open: desk => new Messages(desk) },
  message: { menu: 'transmissions', open: (desk, id) => new MessageScreen(desk, id) },
};

export interface OpenScreen<Id extends ScreenId = ScreenId> {
  readonly id: Id;
  readonly screen: Screens[Id];
}

export function openScreen<Id extends ScreenId>(
  id: Id,
  desk: Desk,
  ...argument: Argument<Id>
): OpenScreen<Id> {
  return { id, screen: screens[id].open(desk, ...argument) };
}

const transmissions = ['engine-launch', 'engine-pause', 'engine-resume', 'engine-cycle'] as const;

function openMonitor(desk: Desk): Screen {
  return {
    places: ['monitor'],
    hints: () => transmissions.filter(act => refusalOf(act, desk) === undefined),
  };
}
