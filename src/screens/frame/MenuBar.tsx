/** The menus, and the lines of the one that is open. */
import { Box, Text } from 'ink';
import { Fragment, type ReactNode } from 'react';
import { displayWidth } from '../../terminal/glyph.ts';
import { refusalOf } from '../acts.ts';
import { cell } from '../components/cell.ts';
import { Line } from '../components/Line.tsx';
import { caption } from '../keys.ts';
import { useLook } from '../look.ts';
import { letterOf, type MenuEntry, type OpenMenu } from '../menus.ts';
import type { Workspace } from '../workspace.ts';

interface MenuBarProps {
  readonly menus: readonly MenuEntry[];
  /** The one that is open, or that the screen on top belongs to. */
  readonly marked: MenuEntry['id'] | undefined;
}

export function MenuBar({ menus, marked }: MenuBarProps): ReactNode {
  const { texts, glyphs } = useLook();
  return (
    <Line>
      {menus.map(({ id }) => {
        const word = texts.menus[id];
        return (
          <Fragment key={id}>
            {id === marked ? `${glyphs.marker} ` : '  '}
            <Text underline>{word.charAt(0)}</Text>
            {`${word.slice(1)} `}
          </Fragment>
        );
      })}
    </Line>
  );
}

/** Rows above the work area. */
const top = 3;

export function MenuLines({
  workspace,
  menu,
}: {
  readonly workspace: Workspace;
  readonly menu: OpenMenu;
}): ReactNode {
  const { texts, glyphs } = useLook();
  const { acts } = menu.menu;
  const width = Math.max(...acts.map(id => displayWidth(texts.acts[id].name))) + 6;
  const before = workspace.menus.slice(0, workspace.menus.indexOf(menu.menu));
  const left = before.reduce((sum, { id }) => sum + displayWidth(texts.menus[id]) + 3, 0);
  return (
    <Box position="absolute" marginTop={top} marginLeft={left} flexDirection="column">
      {acts.map((id, i) => {
        const letter = letterOf(id);
        const mark = i === menu.item ? glyphs.marker : ' ';
        const name = cell(texts.acts[id].name, width - 3);
        return (
          <Text key={id}>
            {`${glyphs.side}${mark} `}
            <Text dimColor={refusalOf(id, workspace) !== undefined}>
              {name + (letter ? caption(letter, texts) : ' ')}
            </Text>
            {` ${glyphs.side}`}
          </Text>
        );
      })}
      <Text>{glyphs.corners[0] + glyphs.rule.repeat(width + 1) + glyphs.corners[1]}</Text>
    </Box>
  );
}
