/** Texts compared as people compare names: accents, case and the width of spaces do not count. */

/** `xms.folded` in sql/data/0005_questions.sql does the same to the letters that names here are written with. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll('’', "'")
    .replace(/\s+/g, ' ')
    .trim();
}
