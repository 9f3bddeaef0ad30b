/** The console of an operator at work: the screen on top, within the frame. */
import { Box } from 'ink';
import { createElement, type ReactNode } from 'react';
import { isAct, refusalOf } from './acts.ts';
import { FieldRow } from './components/FieldRow.tsx';
import { Guard } from './components/Guard.tsx';
import type { Console } from './console.ts';
import { reasonOf, wordsOf } from './fault.ts';
import { Frame } from './frame/Frame.tsx';
import { Answers, type Hint, Hints, useHints } from './frame/Hints.tsx';
import { MenuBar, MenuLines } from './frame/MenuBar.tsx';
import { MessageLine } from './frame/MessageLine.tsx';
import { TitleLine, titleRows } from './frame/TitleLine.tsx';
import type { BindingId, Place } from './keys.ts';
import { useLook, useObserved } from './look.ts';
import type { Prompt } from './prompt.ts';
import { type OpenScreen, type Screen, type ScreenId, screens } from './screens.ts';
import { MonitorPane, paneRows } from './transmissions/MonitorPane.tsx';
import { views } from './views.tsx';
import type { Workspace } from './workspace.ts';

interface WorkspaceViewProps {
  readonly console: Console;
  readonly workspace: Workspace;
}

export function WorkspaceView({ console, workspace }: WorkspaceViewProps): ReactNode {
  const { texts, language, window } = useLook();
  useObserved(workspace);
  // Names, hints and refusals depend on the engine too.
  useObserved(workspace.session.monitor);
  const { installation, operator, monitor } = workspace.session;
  const { menu, prompt, top } = workspace;
  const { model = workspace }: Screen = top.screen;
  useObserved(model);
  const { question, message } = console;
  const trial = installation.trial ? ` · ${texts.trial}` : '';
  const product = installation.readOnly ? `${texts.product} · ${texts.readOnly}` : texts.product;
  const rowsAround = top.id === 'monitor' ? 0 : titleRows + paneRows(window, monitor);
  const height = window.workArea.rows - rowsAround;
  const lost = monitor.databaseLost && ({ text: texts.monitor.databaseLost, tone: 'bad' } as const);
  return (
    <Frame
      left={`${product} · ${installation.serverName}${trial}`}
      right={`${operator.userName} · ${texts.privilege(operator.privilege)}`}
      menuBar={<MenuBar menus={workspace.menus} marked={menu?.menu.id ?? screens[top.id].menu} />}
      hints={question ? <Answers question={question} /> : <WorkspaceHints workspace={workspace} />}
      message={
        prompt ? (
          <PromptLine prompt={prompt} />
        ) : (
          <MessageLine question={question} message={message} standing={lost} />
        )
      }
      overlay={menu && <MenuLines workspace={workspace} menu={menu} />}
    >
      <Box flexDirection="column" flexGrow={1} overflow="hidden">
        <Guard
          key={top.id}
          onFault={error => workspace.say(wordsOf(reasonOf(error), texts, language), 'bad')}
        >
          {top.id === 'monitor' || <TitleLine screens={workspace.stack} />}
          <ScreenView {...top} workspace={workspace} height={height} />
        </Guard>
      </Box>
      {top.id !== 'monitor' && <MonitorPane monitor={monitor} />}
    </Frame>
  );
}

function ScreenView<Id extends ScreenId>({
  id,
  ...props
}: OpenScreen<Id> & { readonly workspace: Workspace; readonly height: number }): ReactNode {
  return createElement(views[id], props);
}

const always: readonly BindingId[] = ['help', 'menu', 'command', 'quit'];

/** The keys of whatever is uppermost. */
function WorkspaceHints({ workspace }: { readonly workspace: Workspace }): ReactNode {
  const { menu, prompt, top, isAtHome } = workspace;
  const uppermost: readonly Place[] = menu ? ['menu'] : workspace.places;
  const places: readonly Place[] = [...uppermost, 'everywhere'];
  const back: readonly BindingId[] = isAtHome ? [] : ['back'];
  const { screen }: { readonly screen: Screen } = top;
  // What cannot be done just now is no hint.
  const own = (screen.hints?.() ?? []).filter(id => !isAct(id) || refusalOf(id, workspace) === undefined);
  const general: readonly BindingId[] = screen.takesText ? ['help', 'quit'] : always;
  const usual = [...own, ...back, ...general];
  const hints = useHints(menu ? ['open', 'next-item', 'next-menu', 'cancel'] : [...new Set(usual)], places);
  return <Hints hints={prompt ? commandHints(prompt) : hints} />;
}

/** The commands that what is typed may become. */
function commandHints({ matches }: Prompt): Hint[] {
  return matches.map(name => ({ key: name }));
}

function PromptLine({ prompt }: { readonly prompt: Prompt }): ReactNode {
  return <FieldRow label=":" labelWidth={0} field={prompt.field} focused />;
}
