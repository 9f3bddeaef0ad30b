/** What the console costs a slow link, in bytes: the same on every machine. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineStatus } from '../../src/core/engine-status.ts';
import type { Language } from '../../src/core/language.ts';
import { Console } from '../../src/screens/console.ts';
import { firstFrame } from '../../src/screens/first-frame.ts';
import { glyphsFor } from '../../src/screens/glyphs.ts';
import { type Mounted, mount } from '../../src/screens/mount.tsx';
import { Window } from '../../src/screens/window.ts';
import { KeyParser } from '../../src/terminal/key-parser.ts';
import { Output } from '../../src/terminal/output.ts';
import { consoleTexts } from '../../src/text/console.ts';
import { Screen } from '../terminal/screen.ts';
import { after, eventOf, now, running, StandIn } from './stand-in.ts';

// Chalk, which Ink colours with, decides when it is loaded, and finds no terminal here.
vi.hoisted(() => {
  process.env.FORCE_COLOR = '1';
});

const mounted: Mounted[] = [];

beforeEach(() => void vi.useFakeTimers({ now }));

afterEach(() => {
  for (const one of mounted.splice(0)) one.unmount();
  vi.useRealTimers();
});

/** The console as the program wires it, on an emulated terminal. */
async function open(language: Language = 'fr', columns = 100, rows = 30) {
  const ports = new StandIn();
  ports.engine.journal = Array.from({ length: 30 }, (_, n) => eventOf(n));
  ports.engine.status = running;
  const screen = new Screen(columns, rows);
  const output = new Output(screen, { columns, rows, coloured: true });
  const texts = consoleTexts[language];
  const glyphs = glyphsFor('xterm');
  const window = new Window(columns, rows);
  output.write(`\x1b[?1049h${firstFrame(window, texts, glyphs).join('\n')}`);
  output.flush();
  const console = new Console(ports, language, () => output.text());
  mounted.push(
    mount(console, { texts, language, glyphs, window, placeCaret: output.placeCaret.bind(output) }, output),
  );
  const keys = new KeyParser(key => console.key(key));
  const spent = async (ms = 100) => {
    await vi.advanceTimersByTimeAsync(ms);
    return screen.cost();
  };
  const type = (text: string) => {
    keys.push(Buffer.from(text));
    return spent();
  };
  /** A lone Esc is a key only after a wait. */
  const esc = async () => (await type('\x1b')) + (await spent(300));
  return { ports, screen, spent, type, esc };
}

async function openMonitor(...options: Parameters<typeof open>) {
  const opened = await open(...options);
  await opened.spent();
  await opened.type('mbome\rzzzz\r');
  await opened.spent(5_000);
  return opened;
}

describe('bytes', () => {
  it('none while nothing happens', async () => {
    const { spent } = await openMonitor();
    expect(await spent(3_600_000)).toBe(0);
  });

  it('none for a status that says nothing new', async () => {
    const { ports, spent } = await openMonitor();
    ports.engine.tell({ ...running });
    expect(await spent(5_000)).toBe(0);
  });

  it('at most 4 000 for everything from the first frame to the Monitor', async () => {
    const { spent, type } = await open();
    let total = await spent();
    total += await type('mbome\rzzzz\r');
    total += await spent(5_000);
    expect(total).toBeLessThanOrEqual(4_000);
    expect(total).toBeGreaterThan(1_500);
  });

  it.each([
    ['fr', 80, 24],
    ['fr', 100, 30],
    ['en', 100, 30],
    ['fr', 120, 40],
  ] as const)(
    'at most 200 per update: %s, %d × %d, up to ten messages a second',
    async (language, columns, rows) => {
      const costs = await busyCosts(await openMonitor(language, columns, rows), 120, () => undefined);
      expect(Math.max(...costs)).toBeLessThanOrEqual(200);
      expect(costs.reduce((sum, cost) => sum + cost, 0)).toBeGreaterThan(120 * 50);
    },
  );

  it.each([
    ['fr', 80, 24],
    ['en', 120, 40],
  ] as const)('at most 200 where clients write, too: %s, %d × %d', async (language, columns, rows) => {
    const opened = await openMonitor(language, columns, rows);
    const { ports, spent } = opened;
    ports.unreadMessages = 1;
    ports.engine.tell(running);
    expect(await spent(2_000)).toBeLessThanOrEqual(60);
    expect(await spent(3_600_000)).toBe(0);
    const costs = await busyCosts(opened, 60, second => {
      ports.unreadMessages = second % 7 === 6 ? 0 : ports.unreadMessages + 9;
    });
    expect(Math.max(...costs)).toBeLessThanOrEqual(200);
  });

  it('at most 30 per move in a menu, from menu to menu, and to another answer', async () => {
    const { type, esc } = await openMonitor();
    await type('t');
    const moves = [await type('\x1b[B'), await type('\x1b[B'), await type('\x1b[A')];
    await esc();
    await type('q');
    moves.push(await type('\x1b[C'), await type('\x1b[C'), await type('\x1b[D'));
    for (const cost of moves) {
      expect(cost).toBeLessThanOrEqual(30);
      expect(cost).toBeGreaterThan(0);
    }
  });

  it('at most 30 per move in a list, and 800 per page', async () => {
    const { spent, type } = await openMonitor();
    await type(':messages\r');
    await spent();
    for (const move of ['\x1b[B', '\x1b[B', '\x1b[A']) {
      const cost = await type(move);
      expect(cost).toBeLessThanOrEqual(30);
      expect(cost).toBeGreaterThan(0);
    }
    for (const turn of ['\x1b[6~', '\x1b[6~', '\x1b[5~']) {
      const cost = (await type(turn)) + (await spent());
      expect(cost).toBeLessThanOrEqual(800);
      expect(cost).toBeGreaterThan(20);
    }
  });

  it('one per character typed, and none for one of a password', async () => {
    const { spent, type } = await open();
    await spent();
    expect(await type('m')).toBe(1);
    expect(await type('\x7f')).toBeLessThanOrEqual(4);
    await type('\t');
    expect(await type('z')).toBe(0);
  });

  it('at most 2 000 for another screen full of text, and the way back', async () => {
    const { type, esc } = await openMonitor();
    const pages = [await type('i'), await esc(), await type('t'), await esc(), await type('?'), await esc()];
    for (const cost of pages) {
      expect(cost).toBeLessThanOrEqual(2_000);
      expect(cost).toBeGreaterThan(20);
    }
  });
});

/** Of each second in which up to ten messages come; `also`: what happens besides. */
async function busyCosts(
  { ports, spent }: Awaited<ReturnType<typeof open>>,
  seconds: number,
  also: (second: number) => void,
): Promise<number[]> {
  const costs: number[] = [];
  let [n, status] = [30, running];
  for (let second = 0; second < seconds; second++) {
    const events = Array.from({ length: 1 + (second % 10) }, () => eventOf(n++));
    status = after(status, events);
    if (second % 60 === 59) status = nextMinute(status);
    also(second);
    ports.engine.tell(status);
    costs.push(await spent(1_000));
  }
  return costs;
}

/** The minute is over: a new one begins, the oldest is forgotten, the cycle ran. */
function nextMinute(status: EngineStatus): EngineStatus {
  const { periodS, nextAt = 0 } = status.cycle;
  return {
    ...status,
    perMinute: [...status.perMinute.slice(1), 0],
    cycle: { periodS, lastAt: nextAt, nextAt: nextAt + periodS * 1_000 },
  };
}
