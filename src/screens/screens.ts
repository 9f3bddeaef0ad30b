/** The one table of screens of the work area: one line per screen here, and one for its look in views.tsx. */

import type { Broker, JournalRow, ReceivedMessage } from '../core/administration/ports.ts';
import type { AuthorityRow, CertificateRequestRow, CertificateRow } from '../core/console-ports.ts';
import type { Invoice } from '../core/money/ports.ts';
import type { Tariff } from '../core/money/tariff.ts';
import type { Key } from '../terminal/key.ts';
import { refusalOf } from './acts.ts';
import { AccountScreen } from './clients/account.ts';
import { billing, invoiceScreen } from './clients/billing.ts';
import { ClientCertificates } from './clients/certificates.ts';
import { Clients } from './clients/clients.ts';
import { exchangeEntry } from './clients/exchange.ts';
import { Inbox } from './clients/inbox.ts';
import { messageEntry } from './clients/message.ts';
import { correctionEntry, rechargeEntry } from './clients/payment.ts';
import { ProfileScreen } from './clients/profile.ts';
import { ReceivedScreen } from './clients/received.ts';
import * as client from './clients/registration.ts';
import { rightsEntry } from './clients/rights.ts';
import { statusEntry } from './clients/status.ts';
import type { Desk, Subject } from './desk.ts';
import type { EntryScreen } from './form/entry.ts';
import { Help } from './help/help.ts';
import { Journal } from './journal/journal.ts';
import { JournalEntry } from './journal/journal-entry.ts';
import type { BindingId, Place } from './keys.ts';
import type { MenuEntry } from './menus.ts';
import { MessageScreen } from './messages/message.ts';
import { Messages } from './messages/messages.ts';
import type { Observable } from './observable.ts';
import { Operators } from './operators/operators.ts';
import * as operator from './operators/registration.ts';
import type { Pager } from './pager/pager.ts';
import type { PaperScreen } from './pager/paper.ts';
import { Authorities, authorityPage } from './security/authorities.ts';
import { CertificateScreen } from './security/certificate.ts';
import { Certificates } from './security/certificates.ts';
import { IntakeScreen, type IntakeSheet } from './security/intake.ts';
import { issuanceEntry } from './security/issuance.ts';
import { outsideEntry } from './security/outside.ts';
import { publicationEntry, renewalEntry } from './security/own-authority.ts';
import { openRefusal } from './security/refusal.ts';
import { registrationEntry } from './security/registration.ts';
import { RequestScreen } from './security/request.ts';
import { Requests } from './security/requests.ts';
import { openRevocationForm } from './security/revocation.ts';
import { SentMessages } from './sent/sent.ts';
import { SentMessageScreen } from './sent/sent-message.ts';
import { openBroker, openFirstBroker } from './settings/broker.ts';
import { Brokers } from './settings/brokers.ts';
import { LicenceScreen } from './settings/licence.ts';
import { openLicenceKey } from './settings/licence-key.ts';
import { openOwnPassword } from './settings/own-password.ts';
import { openSettings } from './settings/settings.ts';
import { openTariff } from './settings/tariff.ts';
import { Tariffs } from './settings/tariffs.ts';
import { Setup } from './setup/setup.ts';
import * as signatory from './signatories/registration.ts';
import { Signatories } from './signatories/signatories.ts';
import type { TextField } from './text-field.ts';
import { BrokerTestScreen } from './transmissions/broker-test.ts';
import { Subscription } from './transmissions/subscription.ts';
import { T2dScreen } from './transmissions/t2d.ts';
import { exportEntry, importEntry } from './transmissions/transfer-entry.ts';

export interface Screen {
  /** The name of whom or what it is about: said once of all screens about the same. */
  readonly about?: string | undefined;
  /** What it is, or what of that it shows; absent: it is all about that, or there is no way to be told. */
  readonly title?: string | undefined;
  /** How much it holds, beside the title. */
  readonly tally?: string;
  /** The field in the place of the title, while it is typed into. */
  readonly search?: TextField | undefined;
  /** Where its own keys stand in the table of keys. */
  readonly places?: readonly Place[];
  /** Those of its keys that are of use just now, in the order to show them. */
  hints?(): readonly BindingId[];
  /** What it shows changes with this; hints are made anew then. */
  readonly model?: Observable;
  /** Letters are text here: the keys that work everywhere do not. */
  readonly takesText?: boolean;
  /** What the acts of the menus are done to while it is on top. */
  readonly subject?: Subject;
  /** It is seen again: what it shows may have changed. */
  resume?(): void;
  /** Takes a key before anything else does; false: it does nothing here. */
  key?(key: Key): boolean;
  /** Esc: false where something within the screen ended instead, or must not be lost. */
  leave?(): boolean | Promise<boolean>;
  /** It is not seen any more. */
  close?(): void;
}

/** Something to read. */
export interface PagerScreen extends Screen {
  readonly pager: Pager;
}

/** What each screen is while it is open. */
export interface Screens {
  monitor: Screen;
  infos: Screen;
  help: Help;
  messages: Messages;
  message: MessageScreen;
  sent: SentMessages;
  'sent-message': SentMessageScreen;
  clients: Clients;
  client: ProfileScreen;
  'client-create': EntryScreen;
  'client-change': EntryScreen;
  'client-account': AccountScreen;
  'client-recharge': EntryScreen;
  'client-correct': EntryScreen;
  'client-invoice': EntryScreen;
  'client-paper': PaperScreen;
  'client-status': EntryScreen;
  'client-message': EntryScreen;
  'client-rights': EntryScreen;
  'client-certificates': ClientCertificates;
  'client-exchange': EntryScreen;
  inbox: Inbox;
  'received-message': ReceivedScreen;
  operators: Operators;
  'operator-create': EntryScreen;
  'operator-change': EntryScreen;
  'operator-password': EntryScreen;
  signatories: Signatories;
  'signatory-create': EntryScreen;
  'signatory-change': EntryScreen;
  'signatory-end': EntryScreen;
  settings: EntryScreen;
  brokers: Brokers;
  broker: EntryScreen;
  tariffs: Tariffs;
  tariff: EntryScreen;
  'own-password': EntryScreen;
  setup: Setup;
  'setup-broker': EntryScreen;
  'setup-client': EntryScreen;
  licence: LicenceScreen;
  'licence-key': EntryScreen;
  certificates: Certificates;
  certificate: CertificateScreen;
  revocation: EntryScreen;
  requests: Requests;
  request: RequestScreen;
  refusal: EntryScreen;
  journal: Journal;
  'journal-entry': JournalEntry;
  'broker-test': BrokerTestScreen;
  subscription: Subscription;
  t2d: T2dScreen;
  't2d-import': EntryScreen;
  't2d-export': EntryScreen;
  'certificate-register': EntryScreen;
  'certificate-issue': EntryScreen;
  intake: IntakeScreen;
  authorities: Authorities;
  authority: PagerScreen;
  'authority-import': EntryScreen;
  'server-renew': EntryScreen;
  'revocation-list': EntryScreen;
}

/** What a screen must be told to open. */
interface ScreenArguments {
  message: [id: number];
  'sent-message': [id: number];
  client: [matricule: number];
  'client-change': [matricule: number];
  'client-account': [matricule: number];
  'client-recharge': [matricule: number];
  'client-correct': [matricule: number];
  'client-invoice': [matricule: number];
  'client-paper': [invoice: Invoice];
  'client-status': [matricule: number];
  'client-message': [matricule: number, answers?: string];
  'client-rights': [matricule: number];
  'client-certificates': [matricule: number];
  'client-exchange': [matricule: number];
  'received-message': [message: ReceivedMessage];
  'operator-change': [userName: string];
  'operator-password': [userName: string];
  'signatory-change': [id: number];
  'signatory-end': [id: number];
  broker: [broker: Broker | undefined];
  'setup-broker': [known: Broker | undefined];
  tariff: [follows: Tariff | undefined];
  certificate: [key: string];
  revocation: [certificate: CertificateRow];
  request: [request: CertificateRequestRow];
  refusal: [request: CertificateRequestRow, onRefused: () => void];
  'journal-entry': [row: JournalRow];
  'certificate-register': [subject: Subject];
  'certificate-issue': [subject: Subject];
  intake: [sheet: IntakeSheet];
  authority: [row: AuthorityRow];
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
  infos: { menu: 'infos', open: ({ texts }) => ({ title: texts.infos.title }) },
  help: { open: desk => new Help(desk) },
  messages: { menu: 'transmissions', open: desk => new Messages(desk) },
  message: { menu: 'transmissions', open: (desk, id) => new MessageScreen(desk, id) },
  sent: { menu: 'transmissions', open: desk => new SentMessages(desk) },
  'sent-message': { menu: 'transmissions', open: (desk, id) => new SentMessageScreen(desk, id) },
  clients: { menu: 'clients', open: desk => new Clients(desk) },
  client: { menu: 'clients', open: (desk, matricule) => new ProfileScreen(desk, matricule) },
  'client-create': { menu: 'clients', open: desk => client.creation(desk) },
  'client-change': { menu: 'clients', open: client.change },
  'client-account': { menu: 'clients', open: (desk, matricule) => new AccountScreen(desk, matricule) },
  'client-recharge': { menu: 'clients', open: rechargeEntry },
  'client-correct': { menu: 'clients', open: correctionEntry },
  'client-invoice': { menu: 'clients', open: billing },
  'client-paper': { menu: 'clients', open: invoiceScreen },
  'client-status': { menu: 'clients', open: statusEntry },
  'client-message': { menu: 'clients', open: messageEntry },
  'client-rights': { menu: 'clients', open: rightsEntry },
  'client-certificates': {
    menu: 'clients',
    open: (desk, matricule) => new ClientCertificates(desk, matricule),
  },
  'client-exchange': { menu: 'clients', open: exchangeEntry },
  inbox: { menu: 'clients', open: desk => new Inbox(desk) },
  'received-message': { menu: 'clients', open: (desk, message) => new ReceivedScreen(desk, message) },
  operators: { menu: 'utilisateurs', open: desk => new Operators(desk) },
  'operator-create': { menu: 'utilisateurs', open: operator.creation },
  'operator-change': { menu: 'utilisateurs', open: operator.change },
  'operator-password': { menu: 'utilisateurs', open: operator.newPassword },
  signatories: { menu: 'signataires', open: desk => new Signatories(desk) },
  'signatory-create': { menu: 'signataires', open: signatory.creation },
  'signatory-change': { menu: 'signataires', open: signatory.change },
  'signatory-end': { menu: 'signataires', open: signatory.ending },
  settings: { menu: 'fichier', open: openSettings },
  brokers: { menu: 'fichier', open: desk => new Brokers(desk) },
  broker: { menu: 'fichier', open: openBroker },
  tariffs: { menu: 'fichier', open: desk => new Tariffs(desk) },
  tariff: { menu: 'fichier', open: openTariff },
  'own-password': { menu: 'fichier', open: openOwnPassword },
  setup: { menu: 'fichier', open: desk => new Setup(desk) },
  'setup-broker': { menu: 'fichier', open: openFirstBroker },
  'setup-client': { menu: 'fichier', open: desk => client.creation(desk, () => undefined) },
  licence: { menu: 'fichier', open: desk => new LicenceScreen(desk) },
  'licence-key': { menu: 'fichier', open: openLicenceKey },
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
  t2d: { menu: 'transmissions', open: desk => new T2dScreen(desk) },
  't2d-import': { menu: 'transmissions', open: importEntry },
  't2d-export': { menu: 'transmissions', open: exportEntry },
  'certificate-register': { menu: 'fichier', open: registrationEntry },
  'certificate-issue': { menu: 'fichier', open: issuanceEntry },
  intake: { menu: 'fichier', open: (desk, sheet) => new IntakeScreen(desk, sheet) },
  authorities: { menu: 'fichier', open: desk => new Authorities(desk) },
  authority: { menu: 'fichier', open: authorityPage },
  'authority-import': { menu: 'fichier', open: outsideEntry },
  'server-renew': { menu: 'fichier', open: renewalEntry },
  'revocation-list': { menu: 'fichier', open: publicationEntry },
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
