/** The looks of the screens of screens.ts: one line each. */
import type { FunctionComponent } from 'react';
import { ClientCertificatesView } from './clients/ClientCertificatesView.tsx';
import { ClientsView } from './clients/ClientsView.tsx';
import { EntryView } from './form/EntryView.tsx';
import { HelpView } from './help/HelpView.tsx';
import { InfosView } from './infos/InfosView.tsx';
import { JournalEntryView } from './journal/JournalEntryView.tsx';
import { JournalView } from './journal/JournalView.tsx';
import { MessagesView } from './messages/MessagesView.tsx';
import { MessageView } from './messages/MessageView.tsx';
import { OperatorsView } from './operators/OperatorsView.tsx';
import { PaperView } from './pager/PaperView.tsx';
import type { ScreenId, Screens } from './screens.ts';
import { CertificatesView } from './security/CertificatesView.tsx';
import { CertificateView } from './security/CertificateView.tsx';
import { RequestsView } from './security/RequestsView.tsx';
import { RequestView } from './security/RequestView.tsx';
import { BrokersView } from './settings/BrokersView.tsx';
import { LicenceView } from './settings/LicenceView.tsx';
import { TariffsView } from './settings/TariffsView.tsx';
import { SetupView } from './setup/SetupView.tsx';
import { SignatoriesView } from './signatories/SignatoriesView.tsx';
import { BrokerTestView } from './transmissions/BrokerTestView.tsx';
import { MonitorView } from './transmissions/MonitorView.tsx';
import { SubscriptionView } from './transmissions/SubscriptionView.tsx';
import { T2dView } from './transmissions/T2dView.tsx';
import type { Workspace } from './workspace.ts';

export interface ViewProps<Id extends ScreenId> {
  readonly screen: Screens[Id];
  readonly workspace: Workspace;
  /** Rows of the work area that the screen has. */
  readonly height: number;
}

export const views: { readonly [Id in ScreenId]: FunctionComponent<ViewProps<Id>> } = {
  monitor: MonitorView,
  infos: InfosView,
  help: HelpView,
  messages: MessagesView,
  message: MessageView,
  clients: ClientsView,
  client: PaperView,
  'client-create': EntryView,
  'client-change': EntryView,
  'client-account': PaperView,
  'client-recharge': EntryView,
  'client-correct': EntryView,
  'client-invoice': EntryView,
  'client-paper': PaperView,
  'client-status': EntryView,
  'client-message': EntryView,
  'client-rights': EntryView,
  'client-certificates': ClientCertificatesView,
  operators: OperatorsView,
  'operator-create': EntryView,
  'operator-change': EntryView,
  'operator-password': EntryView,
  signatories: SignatoriesView,
  'signatory-create': EntryView,
  'signatory-change': EntryView,
  'signatory-end': EntryView,
  settings: EntryView,
  brokers: BrokersView,
  broker: EntryView,
  tariffs: TariffsView,
  tariff: EntryView,
  'own-password': EntryView,
  setup: SetupView,
  'setup-broker': EntryView,
  'setup-client': EntryView,
  licence: LicenceView,
  'licence-key': EntryView,
  certificates: CertificatesView,
  certificate: CertificateView,
  revocation: EntryView,
  requests: RequestsView,
  request: RequestView,
  refusal: EntryView,
  journal: JournalView,
  'journal-entry': JournalEntryView,
  'broker-test': BrokerTestView,
  subscription: SubscriptionView,
  t2d: T2dView,
  't2d-import': EntryView,
  't2d-export': EntryView,
};
