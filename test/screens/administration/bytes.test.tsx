/** What the list of clients costs a slow link, in bytes: the same on every machine. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Console } from '../../../src/screens/console.ts';
import { firstFrame } from '../../../src/screens/first-frame.ts';
import { glyphsFor } from '../../../src/screens/glyphs.ts';
import { type Mounted, mount } from '../../../src/screens/mount.tsx';
import { Window } from '../../../src/screens/window.ts';
import { KeyParser } from '../../../src/terminal/key-parser.ts';
import { Output } from '../../../src/terminal/output.ts';
import { consoleTexts } from '../../../src/text/console.ts';
import { Screen } from '../../terminal/screen.ts';
import { running } from '../stand-in.ts';
import { Centre } from './centre.ts';

// Chalk, which Ink colours with, decides when it is loaded, and finds no terminal here.
vi.hoisted(() => {
  process.env.FORCE_COLOR = '1';
});

const centre = await Centre.found(300);
centre.ports.engine.status = running;

const [columns, rows] = [100, 30];
const screen = new Screen(columns, rows);
const output = new Output(screen, { columns, rows, coloured: true });
let mounted: Mounted;
let keys: KeyParser;

/** Types, waits until the screen shows it, and tells what that cost. */
async function cost(typed: string, seen: RegExp): Promise<number> {
  screen.cost();
  keys.push(Buffer.from(typed));
  while (!seen.test((await screen.rows()).join('\n'))) await new Promise(setImmediate);
  return screen.cost();
}

beforeAll(async () => {
  const texts = consoleTexts.fr;
  const glyphs = glyphsFor('xterm');
  const window = new Window(columns, rows);
  output.write(`\x1b[?1049h${firstFrame(window, texts, glyphs).join('\n')}`);
  output.flush();
  const console = new Console(centre.ports, 'fr', () => output.text());
  const placeCaret = output.placeCaret.bind(output);
  mounted = mount(console, { texts, language: 'fr', glyphs, window, placeCaret }, output);
  keys = new KeyParser(key => console.key(key));
  await cost('', /Nom utilisateur/);
  await cost('mbome\rzzzz\r', /Session ouverte/);
  await cost(':clients\r', /▸ +1024[\s\S]*chercher/);
});

afterAll(() => mounted.unmount());

it('at most 30 per move', async () => {
  const moves = [
    await cost('\x1b[B', /▸ +1025/),
    await cost('\x1b[B', /▸ +1026/),
    await cost('\x1b[A', /▸ +1025/),
  ];
  for (const bytes of moves) {
    expect(bytes).toBeLessThanOrEqual(30);
    expect(bytes).toBeGreaterThan(0);
  }
});

it('at most 800 per page', async () => {
  const turns = [
    await cost('\x1b[6~', /▸ +2015/),
    await cost('\x1b[6~', /▸ +2033/),
    await cost('\x1b[5~', /▸ +2032/),
  ];
  for (const bytes of turns) {
    expect(bytes).toBeLessThanOrEqual(800);
    expect(bytes).toBeGreaterThan(20);
  }
});
