/** The line that tells which keys are of use just now. */
import { Text } from 'ink';
import { Fragment, type ReactNode } from 'react';
import { displayWidth } from '../../terminal/glyph.ts';
import { Line } from '../components/Line.tsx';
import { type BindingId, captionOf, type Place } from '../keys.ts';
import { useLook } from '../look.ts';
import type { Question } from '../question.ts';

export interface Hint {
  readonly key: string;
  /** Absent: the key says it all. */
  readonly label?: string;
}

/** As many as fit. */
export function Hints({ hints }: { readonly hints: readonly Hint[] }): ReactNode {
  const { window } = useLook();
  let left = window.columns - 1;
  const shown = hints.filter(({ key, label = '' }) => {
    left -= displayWidth(key) + displayWidth(label) + (label === '' ? 2 : 3);
    return left >= -2;
  });
  return (
    <Line>
      {shown.map(({ key, label }, i) => (
        <Fragment key={key}>
          {i === 0 ? ' ' : '  '}
          <Text bold>{key}</Text>
          {label && ` ${label}`}
        </Fragment>
      ))}
    </Line>
  );
}

/** The answers to a question, the chosen one marked. */
export function Answers({ question }: { readonly question: Question }): ReactNode {
  const { glyphs } = useLook();
  return (
    <Line>
      {question.choices.map(({ id, letter, label }, i) => (
        <Fragment key={id}>
          {i === question.selected ? ` ${glyphs.marker} ` : '   '}
          <Text bold>{letter.toUpperCase()}</Text> {label}
        </Fragment>
      ))}
    </Line>
  );
}

/** The hints of bindings, each with its first key in the first of `places` that has it. */
export function useHints(ids: readonly BindingId[], places: readonly Place[]): Hint[] {
  const { texts } = useLook();
  return ids.map(id => ({ key: captionOf(id, places, texts), label: texts.keys[id].hint }));
}
