import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadWidths } from '../../src/terminal/glyph.ts';
import { Output } from '../../src/terminal/output.ts';
import { Screen } from './screen.ts';

beforeAll(loadWidths);

function terminal(columns: number, rows: number, options: { coloured?: boolean } = {}) {
  const screen = new Screen(columns, rows);
  const output = new Output(screen, { columns, rows, coloured: true, ...options });
  output.write('\x1b[?1049h');
  output.flush();
  screen.cost();
  return { screen, output };
}

/** A frame as Ink writes it over the one before: `height` lines erased upwards, then the new ones. */
function frame(lines: readonly string[], height: number): string {
  return `${'\x1b[2K\x1b[1A'.repeat(Math.max(0, height - 1))}\x1b[2K\x1b[G${lines.join('\n')}`;
}

const attributes = [
  { on: 1, off: 22, get: 'isBold' },
  { on: 3, off: 23, get: 'isItalic' },
  { on: 4, off: 24, get: 'isUnderline' },
  { on: 7, off: 27, get: 'isInverse' },
] as const;

interface Run {
  readonly text: string;
  readonly foreground: number | undefined;
  readonly background: number | undefined;
  readonly attributes: readonly boolean[];
}

/** Widths that the emulator and string-width agree on. */
const glyph = fc.constantFrom(...Array.from('abcXYZ019 -_éèàç«»·▸●─▁█…   東京'), 'e\u0301', 'a\u0300\u0327');
const colour = fc.option(fc.integer({ min: 0, max: 15 }), { nil: undefined, freq: 2 });
const run: fc.Arbitrary<Run> = fc.record({
  text: fc.string({ unit: glyph, maxLength: 12 }),
  foreground: colour,
  background: colour,
  attributes: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean()),
});
const frames = (rows: number) =>
  fc.array(fc.array(fc.array(run, { maxLength: 4 }), { minLength: rows, maxLength: rows }), {
    minLength: 1,
    maxLength: 5,
  });

function sgrOf({ foreground, background, attributes: set }: Run): string {
  const codes = attributes.filter((_, i) => set[i]).map(({ on }) => on as number);
  if (foreground !== undefined) codes.push(foreground < 8 ? 30 + foreground : 82 + foreground);
  if (background !== undefined) codes.push(background < 8 ? 40 + background : 92 + background);
  return `\x1b[0;${codes.join(';')}m`;
}

const lineOf = (runs: readonly Run[]) => `${runs.map(one => sgrOf(one) + one.text).join('')}\x1b[m`;

/** Cell by cell: glyph, and what of its look can be seen. */
function cells(screen: Screen): string[] {
  const { active } = screen.terminal.buffer;
  const all: string[] = [];
  for (let row = 0; row < screen.terminal.rows; row++) {
    for (let column = 0; column < screen.terminal.cols; column++) {
      const cell = active.getLine(active.baseY + row)?.getCell(column);
      if (!cell) throw new Error('no cell');
      const blank = cell.getChars() === '' || cell.getChars() === ' ';
      const look = [cell.isBgDefault() ? '' : cell.getBgColor(), cell.isUnderline(), cell.isInverse()];
      const ink = [cell.isFgDefault() ? '' : cell.getFgColor(), cell.isBold(), cell.isItalic()];
      all.push(
        `${row},${column} ${[blank ? ' ' : cell.getChars(), cell.getWidth(), ...look, ...(blank ? [] : ink)].join()}`,
      );
    }
  }
  return all;
}

describe('what the terminal shows', () => {
  it('is what was drawn, for any frames one after the other', async () => {
    const [columns, rows] = [24, 5];
    await fc.assert(
      fc.asyncProperty(frames(rows), async sequence => {
        const { screen, output } = terminal(columns, rows);
        let height = 0;
        for (const lines of sequence) {
          output.write(frame(lines.map(lineOf), height));
          output.flush();
          height = rows;
          // The same lines, written plainly to a cleared terminal without autowrap.
          const meant = new Screen(columns, rows);
          meant.write(`\x1b[?7l${lines.map(runs => lineOf(fitted(runs, columns))).join('\r\n')}`);
          await Promise.all([screen.settled(), meant.settled()]);
          expect(cells(screen)).toEqual(cells(meant));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('costs nothing where nothing changed', () => {
    const { screen, output } = terminal(20, 3);
    output.write(frame(['one', 'two', 'three'], 0));
    output.flush();
    expect(screen.cost()).toBe('one\x1b[Etwo\x1b[Ethree'.length);
    output.write(frame(['one', 'two', 'three'], 3));
    output.flush();
    expect(screen.cost()).toBe(0);
  });

  it('costs a few bytes where a few cells changed', () => {
    const { screen, output } = terminal(80, 24);
    const lines = (marked: number) =>
      Array.from({ length: 24 }, (_, i) => `${i === marked ? '▸' : ' '} line ${i}`);
    output.write(frame(lines(3), 0));
    output.flush();
    screen.cost();
    output.write(frame(lines(4), 24));
    output.flush();
    expect(screen.written).toBe('\x1b[4H \x1b[E▸');
  });

  it('keeps the last cell without scrolling', async () => {
    const { screen, output } = terminal(4, 2);
    output.write(frame(['abcd', 'efgh'], 0));
    output.flush();
    output.write(frame(['abcd', 'efgX'], 2));
    output.flush();
    expect(await screen.rows()).toEqual(['abcd', 'efgX']);
  });

  it('stays aligned after glyphs that terminals disagree about', async () => {
    const { screen, output } = terminal(12, 1);
    output.write(frame(['👩‍👩‍👧x|y'], 0));
    output.flush();
    output.write(frame(['👩‍👩‍👧x|z'], 1));
    output.flush();
    await screen.settled();
    const line = screen.terminal.buffer.active.getLine(0);
    expect([2, 3, 4].map(column => line?.getCell(column)?.getChars())).toEqual(['x', '|', 'z']);
  });

  it('has no colours where none are wanted', () => {
    const { screen, output } = terminal(20, 1, { coloured: false });
    output.write(frame(['\x1b[1;31mred\x1b[m'], 0));
    output.flush();
    expect(screen.written).toBe('\x1b[1mred');
  });

  it('drops frames while the terminal takes none, and shows the last', async () => {
    const { screen, output } = terminal(20, 1);
    screen.stalled = true;
    for (const text of ['first', 'second', 'third']) {
      output.write(frame([text], 1));
      output.flush();
    }
    expect(screen.cost()).toBe(0);
    screen.stalled = false;
    screen.onDrain();
    expect(screen.written).toBe('third');
    expect(await screen.rows()).toEqual(['third']);
  });

  it('is drawn once per turn of the event loop', async () => {
    const { screen, output } = terminal(20, 1);
    output.write(frame(['a'], 1));
    output.write(frame(['b'], 1));
    expect(screen.cost()).toBe(0);
    await new Promise(setImmediate);
    expect(screen.written).toBe('b');
  });

  it('is redrawn in a window of another size', async () => {
    const { screen, output } = terminal(10, 3);
    output.write(frame(['0123456789', 'b', '東京東京東'], 0));
    output.flush();
    let told = 0;
    output.on('resize', () => told++);
    screen.terminal.resize(7, 2);
    output.resize(7, 2);
    output.resize(7, 2);
    output.flush();
    expect(told).toBe(1);
    expect(await screen.rows()).toEqual(['0123456', 'b']);
    screen.terminal.resize(12, 4);
    output.resize(12, 4);
    output.write(frame(['0123456789ab', 'b', '', 'd'], 2));
    output.flush();
    expect(await screen.rows()).toEqual(['0123456789ab', 'b', '', 'd']);
  });

  it('has the cursor where it was placed', async () => {
    const { screen, output } = terminal(20, 3);
    output.placeCaret({ row: 1, column: 6 });
    output.write(frame(['', 'name: ', ''], 0));
    output.flush();
    expect(screen.written.endsWith('\x1b[?25h')).toBe(true);
    await screen.settled();
    expect(screen.terminal.buffer.active).toMatchObject({ cursorX: 6, cursorY: 1 });
    screen.cost();
    output.placeCaret({ row: 1, column: 7 });
    output.write(frame(['', 'name: x', ''], 3));
    output.flush();
    expect(screen.written).toBe('x');
    output.placeCaret(undefined);
    output.flush();
    expect(screen.written).toBe('x\x1b[?25l');
  });
});

describe('the terminal is given back', () => {
  const leave = '\x1b[m\x1b[H\x1b[J\x1b[8h\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l';

  it('at once when Ink leaves the alternate screen', () => {
    const { screen, output } = terminal(20, 1);
    output.write(frame(['never shown'], 0));
    output.write('\x1b[?1049l');
    output.write('\x1b[?25h');
    expect(screen.written).toBe(leave);
  });

  it('once, however often it is asked for', () => {
    const { screen, output } = terminal(20, 1);
    output.close();
    output.close();
    output.flush();
    expect(screen.written).toBe(leave);
  });

  it('also while everything is about to be drawn anew', () => {
    const { screen, output } = terminal(20, 1);
    output.redraw();
    output.close();
    expect(screen.written).toBe(leave);
  });

  it('clean where it has one screen only', async () => {
    const screen = new Screen(20, 2);
    const write = screen.write.bind(screen);
    screen.write = text => write(text.replace('\x1b[?1049h', '').replace('\x1b[?1049l', ''));
    const output = new Output(screen, { columns: 20, rows: 2, coloured: true });
    output.write('\x1b[?1049h');
    output.write(frame(['here', 'and here'], 0));
    output.flush();
    expect(await screen.rows()).toEqual(['here', 'and here']);
    output.close();
    expect(await screen.rows()).toEqual(['', '']);
    expect(screen.terminal.buffer.active.cursorY).toBe(0);
  });

  it('and taken again with everything on it', async () => {
    const { screen, output } = terminal(20, 1);
    output.write(frame(['here'], 0));
    output.flush();
    output.suspend();
    await screen.settled();
    expect(screen.terminal.buffer.active.type).toBe('normal');
    output.write(frame(['there'], 1));
    output.flush();
    expect(await screen.rows()).toEqual(['']);
    output.resume();
    output.flush();
    expect(await screen.rows()).toEqual(['there']);
  });
});

/** The runs cut to the columns of a row. */
function fitted(runs: readonly Run[], columns: number): Run[] {
  let left = columns;
  return runs.map(one => {
    let text = '';
    for (const { segment } of new Intl.Segmenter().segment(one.text)) {
      const width = '東京'.includes(segment) ? 2 : 1;
      if (width > left) {
        left = 0;
        break;
      }
      left -= width;
      text += segment;
    }
    return { ...one, text };
  });
}
