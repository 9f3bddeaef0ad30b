/** Any error as a sentence for the message line. */
import { faultText, hint, sentence, XmError } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import type { Reason } from '../core/ports.ts';
import type { ConsoleTexts } from '../text/console.ts';

/** The reason of an error; one that is not of the catalogue is a fault of ours, told by its own words. */
export function reasonOf(error: unknown): Reason {
  if (error instanceof XmError) return { code: error.code, params: error.params };
  // What is loaded late is looked for among the files of today.
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ERR_MODULE_NOT_FOUND')
    return { code: 'program-replaced', params: {} };
  return {
    code: 'internal-fault',
    params: { detail: faultText(error) },
  };
}

/** Sentence and hint, as sentences are written. */
export function wordsOf({ code, params }: Reason, texts: ConsoleTexts, language: Language): string {
  return texts.failure(capital(sentence(code, params, language)), hint(code, params, language));
}

/** The sentence alone. */
export function faultOf({ code, params }: Reason, texts: ConsoleTexts, language: Language): string {
  return texts.failure(capital(sentence(code, params, language)), undefined);
}

function capital(said: string): string {
  return said.charAt(0).toUpperCase() + said.slice(1);
}
