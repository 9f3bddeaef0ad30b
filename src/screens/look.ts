/** What every view needs to draw, given to all of them at once. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Language } from '../core/language.ts';
import type { ConsoleTexts } from '../text/console.ts';
import type { Glyphs } from './glyphs.ts';
import type { Observable } from './observable.ts';
import type { Window } from './window.ts';

export interface Look {
  readonly texts: ConsoleTexts;
  readonly language: Language;
  readonly glyphs: Glyphs;
  readonly window: Window;
  /** Shows the cursor at a cell of the screen; undefined: hides it. */
  readonly placeCaret: (at: { readonly row: number; readonly column: number } | undefined) => void;
}

const LookContext = createContext<Look | undefined>(undefined);

export const LookProvider = LookContext.Provider;

export function useLook(): Look {
  const look = useContext(LookContext);
  if (!look) throw new Error('a view outside of App');
  return look;
}

/** Draws the view again whenever what it shows has changed. */
export function useObserved(model: Observable): void {
  useSyncExternalStore(model.subscribe, model.version);
}
