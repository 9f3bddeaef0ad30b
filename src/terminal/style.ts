/**
 * How a cell looks, packed into 16 bits: two of the 16 colours and six attributes, with the SGR sequences
 * (ECMA-48 §8.3.117) that lead from one look to another.
 *
 * Bits 0–4: foreground, 5–9: background (0: the terminal's own, 1–16: colour 0–15), 10–15: attributes.
 */
export type Style = number;

export const plain: Style = 0;

const foreground = 0x1f;
const background = 0x1f << 5;
const bold = 1 << 10;
const dim = 1 << 11;
const italic = 1 << 12;
const underline = 1 << 13;
const inverse = 1 << 14;
const strike = 1 << 15;

export const colours = foreground | background;

/** What of a style can be seen where there is no glyph. */
export const seenOnBlank = background | underline | inverse | strike;

const attributes = [
  { bit: bold, on: 1, off: 22 },
  { bit: dim, on: 2, off: 22 },
  { bit: italic, on: 3, off: 23 },
  { bit: underline, on: 4, off: 24 },
  { bit: inverse, on: 7, off: 27 },
  { bit: strike, on: 9, off: 29 },
] as const;

/** The style after `CSI parameters m`. Colours beyond the 16 become the terminal's own. */
export function applySgr(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map(Number);
  let result = style;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 38 || code === 48) {
      const indexed = codes[i + 1] === 5;
      const index = indexed ? (codes[i + 2] ?? 16) : 16;
      result = withColour(result, code === 38 ? 0 : 5, index < 16 ? index + 1 : 0);
      i += indexed ? 2 : 4;
    } else {
      result = applyCode(result, code);
    }
  }
  return result;
}

function applyCode(style: Style, code: number): Style {
  if (code === 0) return plain;
  if (code >= 30 && code <= 37) return withColour(style, 0, code - 29);
  if (code >= 90 && code <= 97) return withColour(style, 0, code - 81);
  if (code >= 40 && code <= 47) return withColour(style, 5, code - 39);
  if (code >= 100 && code <= 107) return withColour(style, 5, code - 91);
  if (code === 39) return style & ~foreground;
  if (code === 49) return style & ~background;
  let result = style;
  for (const { bit, on, off } of attributes) {
    if (code === on) result |= bit;
    if (code === off) result &= ~bit;
  }
  return result;
}

function withColour(style: Style, shift: 0 | 5, colour: number): Style {
  return (style & ~(foreground << shift)) | (colour << shift);
}

/** The shortest sequence that turns `from` into `to`; empty where they are equal. */
export function sgr(from: Style, to: Style): string {
  if (from === to) return '';
  if (to === plain) return '\x1b[m';
  const afresh = from === plain ? codesOf(to) : [0, ...codesOf(to)];
  const changes = changesOf(from, to);
  const codes = changes.join(';').length < afresh.join(';').length ? changes : afresh;
  return `\x1b[${codes.join(';')}m`;
}

function codesOf(style: Style): number[] {
  const codes = attributes.filter(({ bit }) => style & bit).map(({ on }) => on as number);
  if (style & foreground) codes.push(colourCode(style & foreground, 30));
  if (style & background) codes.push(colourCode((style & background) >> 5, 40));
  return codes;
}

function changesOf(from: Style, to: Style): number[] {
  const codes: number[] = [];
  let kept = from;
  for (const { bit, off } of attributes) {
    if (!(kept & bit) || to & bit) continue;
    codes.push(off);
    // 22 ends bold and dim alike.
    kept &= off === 22 ? ~(bold | dim) : ~bit;
  }
  for (const { bit, on } of attributes) if (to & bit && !(kept & bit)) codes.push(on);
  if ((from ^ to) & foreground) codes.push(to & foreground ? colourCode(to & foreground, 30) : 39);
  if ((from ^ to) & background) codes.push(to & background ? colourCode((to & background) >> 5, 40) : 49);
  return codes;
}

function colourCode(colour: number, base: 30 | 40): number {
  return colour <= 8 ? base + colour - 1 : base + 60 + colour - 9;
}
