/** The keys, from the table of keys. */
import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { cell } from '../components/cell.ts';
import { Line } from '../components/Line.tsx';
import { bindings, caption, type Place } from '../keys.ts';
import { useLook } from '../look.ts';
import type { ViewProps } from '../views.tsx';

const keysWidth = 11;

export function HelpView({ screen }: ViewProps<'help'>): ReactNode {
  const { texts, window } = useLook();
  const half = Math.floor(window.columns / 2);
  return (
    <>
      <Line>{` ${texts.help.title}`}</Line>
      <Line />
      <Box>
        <Box flexDirection="column" width={half} flexShrink={0}>
          <Keys place="everywhere" />
        </Box>
        <Box flexDirection="column" width={window.columns - half} flexShrink={0}>
          {screen.about.map(place => (
            <Keys key={place} place={place} />
          ))}
        </Box>
      </Box>
    </>
  );
}

function Keys({ place }: { readonly place: Place }): ReactNode {
  const { texts } = useLook();
  return (
    <>
      <Text bold>{` ${texts.help.places[place]}`}</Text>
      {bindings[place].map(({ id, keys }) => (
        <Line key={id}>
          {` ${cell(keys.map(key => caption(key, texts)).join(' '), keysWidth)} ${texts.keys[id].help}`}
        </Line>
      ))}
    </>
  );
}
