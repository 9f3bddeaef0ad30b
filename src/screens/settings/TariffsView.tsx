/** Tariffs as a list, each with its state. */
import type { ReactNode } from 'react';
import { ListView } from '../list/ListView.tsx';
import { useLook } from '../look.ts';
import type { ViewProps } from '../views.tsx';

export function TariffsView({ screen, height }: ViewProps<'tariffs'>): ReactNode {
  const { texts } = useLook();
  return (
    <ListView
      list={screen.list}
      title={texts.settings.tariffs.title}
      height={height}
      nothing={texts.settings.tariffs.nothing}
    />
  );
}
