/** The full form (`npm run test:faults`) and the short one, which runs with all other tests. */
export const isShort = process.env.MODE !== 'full';

export function scaled<T>(form: { readonly short: T; readonly full: T }): T {
  return isShort ? form.short : form.full;
}

/** A figure to be read in the output of the tests. */
export function tell(figures: string): void {
  process.stdout.write(`${figures}\n`);
}
