/** The looks of the screens of screens.ts: one line each. */
import type { FunctionComponent } from 'react';
import { EntryView } from './form/EntryView.tsx';
import { InfosView } from './infos/InfosView.tsx';
import { ListView } from './list/ListView.tsx';
import { PagerView } from './pager/PagerView.tsx';
import type { ScreenId, Screens } from './screens.ts';
import { MonitorView } from './transmissions/MonitorView.tsx';
import type { Workspace } from './workspace.ts';

export interface ViewProps<Id extends ScreenId> {
  readonly screen: Screens[Id];
  readonly workspace: Workspace;
  /** Rows of the work area that the screen has below its title. */
  readonly height: number;
}

export const views: { readonly [Id in ScreenId]: FunctionComponent<ViewProps<Id>> } = {
  monitor: MonitorView,
  infos: InfosView,
  help: PagerView,
  messages: ListView,
  message: PagerView,
  sent: ListView,
  'sent-message': PagerView,
  clients: ListView,
  client: PagerView,
  'client-create': EntryView,
  'client-change': EntryView,
  'client-account': PagerView,
  'client-recharge': EntryView,
  'client-correct': EntryView,
  'client-invoice': EntryView,
  'client-paper': PagerView,
  'client-status': EntryView,
  'client-message': EntryView,
  'client-rights': EntryView,
  'client-certificates': PagerView,
  'client-exchange': EntryView,
  inbox: ListView,
  'received-message': PagerView,
  operators: ListView,
  'operator-create': EntryView,
  'operator-change': EntryView,
  'operator-password': EntryView,
  signatories: ListView,
  'signatory-create': EntryView,
  'signatory-change': EntryView,
  'signatory-end': EntryView,
  settings: EntryView,
  brokers: ListView,
  broker: EntryView,
  tariffs: ListView,
  tariff: EntryView,
  'own-password': EntryView,
  setup: PagerView,
  'setup-broker': EntryView,
  'setup-client': EntryView,
  licence: PagerView,
  'licence-key': EntryView,
  certificates: ListView,
  certificate: PagerView,
  revocation: EntryView,
  requests: ListView,
  request: PagerView,
  refusal: EntryView,
  journal: ListView,
  'journal-entry': PagerView,
  'broker-test': PagerView,
  subscription: PagerView,
  t2d: PagerView,
  't2d-import': EntryView,
  't2d-export': EntryView,
  'certificate-register': EntryView,
  'certificate-issue': EntryView,
  intake: PagerView,
  authorities: ListView,
  authority: PagerView,
  'authority-import': EntryView,
  'server-renew': EntryView,
  'revocation-list': EntryView,
};
