/** The user's guide names no command and no option that the programs do not have, and says the same in both languages. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** `xmserver client list --search`: the words of a command and its options, without what they are given. */
interface Named {
  readonly program: string;
  readonly words: readonly string[];
  readonly options: readonly string[];
}

function commandsOf(language: 'fr' | 'en'): Named[] {
  const text = readFileSync(join(root, `docs/guide.${language}.md`), 'utf8');
  return [...text.matchAll(/`(xmserver|xmstation)([^`]*)`/g)].map(([, program = '', rest = '']) => {
    const parts = rest.trim().split(/\s+/);
    const words: string[] = [];
    for (const part of parts) {
      if (!/^[a-z][a-z0-9-]+$/.test(part)) break;
      words.push(part);
    }
    return { program, words, options: parts.filter(part => /^--[a-z]/.test(part)) };
  });
}

const helps = new Map<string, Promise<string>>();

/** What a command says of itself; families have a help of their own. */
function helpOf({ program, words }: Named): Promise<string> {
  const call = [join(root, 'bin', `${program}.js`), ...words.slice(0, 1), '--help', '--lang', 'en'];
  const known = helps.get(call.join(' '));
  if (known) return known;
  const asked = run(process.execPath, call).then(({ stdout }) => stdout);
  helps.set(call.join(' '), asked);
  return asked;
}

/** The lines of a help that tell of a command, down to the next one. */
function sectionOf(help: string, { program, words }: Named): string {
  const sections = help.split(/^ *(?=xmserver |xmstation |Options|Exit codes)/m);
  return sections.filter(section => section.startsWith([program, ...words].join(' '))).join('\n');
}

const everywhere = ['--data', '--lang', '--help', '--json'];

describe.each(['fr', 'en'] as const)('docs/guide.%s.md', language => {
  const commands = commandsOf(language);

  it('names many commands', () => {
    expect(commands.length).toBeGreaterThan(50);
  });

  it.each(commands)('$program $words $options', async named => {
    const section = sectionOf(await helpOf(named), named);
    expect(section).not.toBe('');
    for (const option of named.options.filter(one => !everywhere.includes(one)))
      expect(section).toContain(option);
  });
});

it('says the same in both languages', () => {
  const named = (language: 'fr' | 'en') =>
    commandsOf(language).map(({ program, words, options }) => [program, ...words, ...options].join(' '));
  expect(named('en')).toEqual(named('fr'));
});
