/** A form in the work area, once what it holds has been read. */
import type { ReactNode } from 'react';
import { Line } from '../components/Line.tsx';
import { FormView } from './FormView.tsx';
import type { FormScreen } from './form-screen.ts';

interface FormScreenViewProps {
  readonly screen: FormScreen;
  readonly height: number;
}

export function FormScreenView({ screen, height }: FormScreenViewProps): ReactNode {
  const { form, title } = screen;
  return form ? <FormView form={form} title={title} height={height} /> : <Line>{` ${title}`}</Line>;
}
