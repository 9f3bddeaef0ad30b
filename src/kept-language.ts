/** The language that the console keeps in config.json: read before its first frame, when config.ts is not loaded yet. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Language, languages } from './core/language.ts';

/** Undefined: none is kept there, or the file is for config.ts to judge. */
export function keptLanguage(dataFolder: string): Language | undefined {
  try {
    const { language } = JSON.parse(readFileSync(join(dataFolder, 'config.json'), 'utf8')) as {
      readonly language?: unknown;
    };
    return languages.find(one => one === language);
  } catch {
    return undefined;
  }
}
