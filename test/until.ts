/** Waiting for what no event tells: of another process, or of a row in a database. */

const askMs = 20;

/** Resolves when the condition holds. It is not asked without a pause: whoever is waited for needs the processor, too. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(resolve => setTimeout(resolve, askMs));
}
