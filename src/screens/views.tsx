/** The looks of the screens of screens.ts: one line each. */
import type { FunctionComponent } from 'react';
import { HelpView } from './help/HelpView.tsx';
import { InfosView } from './infos/InfosView.tsx';
import { MessagesView } from './messages/MessagesView.tsx';
import { MessageView } from './messages/MessageView.tsx';
import type { ScreenId, Screens } from './screens.ts';
import { MonitorView } from './transmissions/MonitorView.tsx';
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
};
