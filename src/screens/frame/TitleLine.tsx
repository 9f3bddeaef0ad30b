/** The first line of a screen: its title, to the right how much it holds; or what is searched for, while it is typed. */
import type { ReactNode } from 'react';
import { ends } from '../components/cell.ts';
import { FieldRow } from '../components/FieldRow.tsx';
import { Line } from '../components/Line.tsx';
import { useLook } from '../look.ts';
import type { Screen } from '../screens.ts';

export const titleRows = 1;

export function TitleLine({ screen }: { readonly screen: Screen }): ReactNode {
  const { columns } = useLook().window;
  const { title = '', tally = '', search } = screen;
  if (search) return <FieldRow label=" /" labelWidth={0} field={search} focused />;
  return <Line>{ends(` ${title}`, tally === '' ? '' : `${tally} `, columns)}</Line>;
}
