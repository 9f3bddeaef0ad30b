/** The one table of screens of the work area: one line per screen here, and one for its look in views.tsx. */

import type { Broker, JournalRow } from '../core/administration/ports.ts';
import type { CertificateRequestRow, CertificateRow } from '../core/console-ports.ts';
import type { Tariff } from '../core/money/tariff.ts';
import type { Key } from '../terminal/key.ts';
import { refusalOf } from './acts.ts';
import type { Desk } from './desk.ts';
import type { FormScreen } from './form/form-screen.ts';
import { Journal } from './journal/journal.ts';
import { JournalEntry } from './journal/journal-entry.ts';
import type { BindingId, Place } from './keys.ts';
import type { MenuEntry } from './menus.ts';
import { MessageScreen } from './messages/message.ts';
import { Messages } from './messages/messages.ts';
import type { Observable } from './observable.ts';
import { CertificateScreen } from './security/certificate.ts';
import { Certificates } from './security/certificates.ts';
import { openRefusal } from './security/refusal.ts';
import { RequestScreen } from './security/request.ts';
import { Requests } from './security/requests.ts';
import { openRevocationForm } from './security/revocation.ts';
import { openBroker } from './settings/broker.ts';
import { Brokers } from './settings/brokers.ts';
import { LicenceScreen } from './settings/licence.ts';
import { LicenceKeyScreen } from './settings/licence-key.ts';
import { openOwnPassword } from './settings/own-password.ts';
import { openSettings } from './settings/settings.ts';
import { openTariff } from './settings/tariff.ts';
import { Tariffs } from './settings/tariffs.ts';
import { BrokerTestScreen } from './transmissions/broker-test.ts';
import { Subscription } from './transmissions/subscription.ts';

export interface Screen {
  /** Where its own keys stand in the table of keys. */
  readonly places?: readonly Place[];
  /** Letters are typed into it: menus, help and commands are not at hand. */
  readonly takesText?: boolean;
  /** Those of its keys that are of use just now, in the order to show them. */
  hints?(): readonly BindingId[];
  /** What it shows changes with this; hints are made anew then. */
  readonly model?: Observable;
  /** Takes a key before anything else does; false: it does nothing here. */
  key?(key: Key): boolean;
  /** Esc: false where something within the screen ended instead, or must not be lost. */
  leave?(): boolean | Promise<boolean>;
  /** It is on top again: what was on top of it may have changed what it shows. */
  shown?(): void;
  /** It is not seen any more. */
  close?(): void;
}

interface HelpScreen extends Screen {
  /** The places whose keys it tells, besides those that work everywhere. */
  readonly about: readonly Place[];
}

/** What each screen is while it is open. */
export interface Screens {
  monitor: Screen;
  infos: Screen;
  help: HelpScreen;
  messages: Messages;
  message: MessageScreen;
  settings: FormScreen;
  brokers: Brokers;
  broker: FormScreen;
  tariffs: Tariffs;
  tariff: FormScreen;
  'own-password': FormScreen;
  licence: LicenceScreen;
  'licence-key': FormScreen;
  certificates: Certificates;
  certificate: CertificateScreen;
  revocation: FormScreen;
  requests: Requests;
  request: RequestScreen;
  refusal: FormScreen;
  journal: Journal;
  'journal-entry': JournalEntry;
  'broker-test': BrokerTestScreen;
  subscription: Subscription;
}

/** What a screen must be told to open. */
interface ScreenArguments {
  message: [id: number];
  broker: [broker: Broker | undefined];
  tariff: [follows: Tariff | undefined];
  certificate: [key: string];
  revocation: [certificate: CertificateRow];
  request: [request: CertificateRequestRow];
  refusal: [request: CertificateRequestRow, onRefused: () => void];
  'journal-entry': [row: JournalRow];
}

export type Argument<Id extends ScreenId> = Id extends keyof ScreenArguments ? ScreenArguments[Id] : [];

export type ScreenId = keyof Screens;

interface ScreenEntry<Id extends ScreenId> {
  /** The menu that is marked while it is open. */
  readonly menu?: MenuEntry['id'];
  open(desk: Desk, ...argument: Argument<Id>): Screens[Id];
}

export const screens: { readonly [Id in ScreenId]: ScreenEntry<Id> } = {
  monitor: { menu: 'transmissions', open: openMonitor },
  infos: { menu: 'infos', open: () => ({}) },
  help: { open: openHelp },
  messages: { menu: 'transmissions', open: desk => new Messages(desk) },
  message: { menu: 'transmissions', open: (desk, id) => new MessageScreen(desk, id) },
  settings: { menu: 'fichier', open: openSettings },
  brokers: { menu: 'fichier', open: desk => new Brokers(desk) },
  broker: { menu: 'fichier', open: openBroker },
  tariffs: { menu: 'fichier', open: desk => new Tariffs(desk) },
  tariff: { menu: 'fichier', open: openTariff },
  'own-password': { menu: 'fichier', open: openOwnPassword },
  licence: { menu: 'fichier', open: desk => new LicenceScreen(desk) },
  'licence-key': { menu: 'fichier', open: desk => new LicenceKeyScreen(desk) },
  certificates: { menu: 'fichier', open: desk => new Certificates(desk) },
  certificate: { menu: 'fichier', open: (desk, key) => new CertificateScreen(desk, key) },
  revocation: { menu: 'fichier', open: openRevocationForm },
  requests: { menu: 'fichier', open: desk => new Requests(desk) },
  request: { menu: 'fichier', open: (desk, row) => new RequestScreen(desk, row) },
  refusal: { menu: 'fichier', open: openRefusal },
  journal: { menu: 'fichier', open: desk => new Journal(desk) },
  'journal-entry': { menu: 'fichier', open: (desk, row) => new JournalEntry(desk, row) },
  'broker-test': { menu: 'transmissions', open: desk => new BrokerTestScreen(desk) },
  subscription: { menu: 'transmissions', open: desk => new Subscription(desk) },
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

function openHelp({ places }: Desk): HelpScreen {
  return { about: [...places, 'menu'] };
}
