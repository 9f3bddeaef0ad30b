/** What an import costs a slow link while it goes on, in bytes: the same on every machine. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Console } from '../../../src/screens/console.ts';
import { firstFrame } from '../../../src/screens/first-frame.ts';
import { glyphsFor } from '../../../src/screens/glyphs.ts';
import { type Mounted, mount } from '../../../src/screens/mount.tsx';
import { Window } from '../../../src/screens/window.ts';
import { KeyParser } from '../../../src/terminal/key-parser.ts';
import { Output } from '../../../src/terminal/output.ts';
import { consoleTexts } from '../../../src/text/console.ts';
import { Screen } from '../../terminal/screen.ts';
import { now } from '../stand-in.ts';
import { eventsOf, ScriptedT2d, workingWith } from './scripted.ts';

// Chalk, which Ink colours with, decides when it is loaded, and finds no terminal here.
vi.hoisted(() => {
  process.env.FORCE_COLOR = '1';
});

let mounted: Mounted;

beforeEach(() => void vi.useFakeTimers({ now }));

afterEach(() => {
  mounted.unmount();
  vi.useRealTimers();
});

/** A console whose import has just begun. */
async function importing(columns: number, rows: number) {
  const t2d = new ScriptedT2d();
  t2d.begin = ({ onEvent }) => onEvent?.({ kind: 'progress', files: 0, of: 100_000 });
  const ports = workingWith(t2d);
  const screen = new Screen(columns, rows);
  const output = new Output(screen, { columns, rows, coloured: true });
  const texts = consoleTexts.fr;
  const glyphs = glyphsFor('xterm');
  const window = new Window(columns, rows);
  output.write(`\x1b[?1049h${firstFrame(window, texts, glyphs).join('\n')}`);
  output.flush();
  const console = new Console(ports, 'fr', () => output.text());
  const placeCaret = output.placeCaret.bind(output);
  mounted = mount(console, { texts, language: 'fr', glyphs, window, placeCaret }, output);
  const keys = new KeyParser(key => console.key(key));
  const spent = async (ms = 100) => {
    await vi.advanceTimersByTimeAsync(ms);
    return screen.cost();
  };
  const type = (text: string) => {
    keys.push(Buffer.from(text));
    return spent();
  };
  await spent();
  await type('mbome\rzzzz\r');
  await spent(5_000);
  await type(':t2d\r');
  await type('i');
  await type('\x13');
  await spent(5_000);
  const text = () => output.text().join('\n');
  expect(text()).toContain('0 / 100 000');
  return { t2d, text, spent };
}

it.each([
  [80, 24],
  [120, 40],
])('one update a second, of at most 120, and none while nothing happens: %d × %d', async (columns, rows) => {
  const { t2d, text, spent } = await importing(columns, rows);
  expect(await spent(3_600_000)).toBe(0);
  let files = 0;
  for (let second = 0; second < 30; second++) {
    const costs: number[] = [];
    // Ten batches, refused files among them.
    for (let batch = 0; batch < 10; batch++) {
      for (const event of eventsOf(files, files + 200, 100_000)) t2d.watchers.onEvent?.(event);
      files += 200;
      costs.push(await spent(100));
    }
    const shown = costs.filter(cost => cost > 0);
    expect(shown).toHaveLength(1);
    expect(shown[0]).toBeLessThanOrEqual(120);
  }
  expect(text()).toMatch(/(58|59|60) \d{3} \/ 100 000/);
});
