/** No screen is without a frame that was looked at: in each language, at each size. */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { languages } from '../../src/core/language.ts';
import type { Phase } from '../../src/screens/console.ts';
import { type ScreenId, screens } from '../../src/screens/screens.ts';

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
const frames = files.map(file => basename(file));

/** Where the frame has another name than the screen: it is one of several. */
const named: Readonly<Partial<Record<ScreenId, string>>> = {
  setup: 'setup-complete',
  'setup-broker': 'setup-broker-form',
  intake: 'certificate-to-register',
};
const phases: Readonly<Record<Exclude<Phase['name'], 'work'>, string>> = {
  start: 'start',
  connexion: 'connexion-first',
  'first-operator': 'first-operator',
  login: 'login',
  quitting: 'quitting',
};

it.each([...(Object.keys(screens) as ScreenId[]).map(id => named[id] ?? id), ...Object.values(phases)])(
  '%s has its golden frames',
  name => {
    for (const language of languages) {
      for (const size of ['80x24', '120x40']) expect(frames).toContain(`${name}.${language}.${size}.txt`);
    }
  },
);
