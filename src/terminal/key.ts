/** A key as the screens see it, and what terminals send for the keys that are no characters. */

export interface Key {
  /**
   * The character itself, or: enter, tab, escape, backspace, delete, insert, up, down, left, right, home, end,
   * page-up, page-down, f1 to f12, paste; with `ctrl-`, `alt-` and `shift-` before it, in this order.
   */
  readonly name: string;
  /** What the key adds to a text; empty for one that adds nothing. */
  readonly text: string;
}

/** Control characters; those that are not here are Ctrl and a letter. */
export const controlNames: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x1b': 'escape',
  '\b': 'backspace',
  '\x7f': 'backspace',
};

/** By the last character of `CSI … x` or `SS3 x` (xterm, VT220, the Linux console's F1 to F5 as `[A` to `[E`). */
const finals: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  M: 'enter',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  Z: 'shift-tab',
  '[A': 'f1',
  '[B': 'f2',
  '[C': 'f3',
  '[D': 'f4',
  '[E': 'f5',
};

/** By the number of `CSI n ~` (VT220, rxvt). */
const numbers: Readonly<Record<number, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'page-up',
  6: 'page-down',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};

/** The name of a sequence without its ESC, `[1;5C`; undefined for one that is no key: a report, or a key unknown here. */
export function sequenceName(sequence: string): string | undefined {
  const match = /^(?:O|\[)(\d*)(?:;(\d+))?(\[?[A-Za-z~])$/.exec(sequence);
  if (!match) return undefined;
  const [, number, modifiers, final = ''] = match;
  // Any other number before a letter is a report: `[12;40R` is where the cursor stands.
  const name =
    final === '~' ? numbers[Number(number)] : /^1?$/.test(number ?? '') ? finals[final] : undefined;
  return name && modifierPrefix(Number(modifiers ?? 1)) + name;
}

/** xterm: 1 plus 1 for Shift, 2 for Alt, 4 for Ctrl. */
function modifierPrefix(parameter: number): string {
  const bits = parameter - 1;
  return (bits & 4 ? 'ctrl-' : '') + (bits & 2 ? 'alt-' : '') + (bits & 1 ? 'shift-' : '');
}
