/** The console to be seen: each phase has a view. */
import type { ReactNode } from 'react';
import type { Console } from './console.ts';
import { type Look, LookProvider, useObserved } from './look.ts';
import { QuittingView } from './QuittingView.tsx';
import { LoginView } from './session/LoginView.tsx';
import { FirstOperatorView } from './setup/FirstOperatorView.tsx';
import { ConnexionView } from './start/ConnexionView.tsx';
import { StartView } from './start/StartView.tsx';
import { WorkspaceView } from './WorkspaceView.tsx';

export function App({ console, look }: { readonly console: Console; readonly look: Look }): ReactNode {
  useObserved(console);
  // Most views lay out what they show by its size.
  useObserved(look.window);
  return <LookProvider value={look}>{phaseView(console)}</LookProvider>;
}

function phaseView(console: Console): ReactNode {
  const { phase } = console;
  switch (phase.name) {
    case 'start':
      return <StartView console={console} start={phase.start} />;
    case 'connexion':
      return <ConnexionView console={console} connexion={phase.connexion} />;
    case 'first-operator':
      return <FirstOperatorView console={console} entry={phase.entry} />;
    case 'login':
      return <LoginView console={console} login={phase.login} />;
    case 'work':
      return <WorkspaceView console={console} workspace={phase.workspace} />;
    case 'quitting':
      return <QuittingView quitting={phase.quitting} />;
  }
}
