/** Signs that are no text. A Linux console has 256 or 512 glyphs, and few of these among them. */

export interface Glyphs {
  /** Before the line or the word that is chosen, or newest. */
  readonly marker: string;
  readonly on: string;
  readonly off: string;
  /** Upwards and downwards: an order, and where there is more. */
  readonly up: string;
  readonly down: string;
  /** Between a title and the one of the screen that it was opened from. */
  readonly crumb: string;
  readonly rule: string;
  readonly side: string;
  readonly corners: readonly [left: string, right: string];
  /** Nothing, then from the lowest bar to the highest. */
  readonly bars: readonly string[];
}

const fine: Glyphs = {
  marker: '▸',
  on: '●',
  off: '○',
  up: '↑',
  down: '↓',
  crumb: '›',
  rule: '─',
  side: '│',
  corners: ['└', '┘'],
  // A bar costs three bytes; most minutes of most offices have none.
  bars: ['_', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
};

const coarse: Glyphs = {
  marker: '>',
  on: '*',
  off: 'o',
  up: '^',
  down: 'v',
  crumb: '>',
  rule: '-',
  side: '|',
  corners: ['+', '+'],
  bars: ['_', '.', '.', ':', ':', '|', '|', '#', '#'],
};

/** For a terminal of this TERM. */
export function glyphsFor(term: string): Glyphs {
  return term === 'linux' ? coarse : fine;
}
