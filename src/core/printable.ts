/**
 * What nobody sees: characters that act on a terminal or begin a line of their own there, that turn the order of those
 * around them (Unicode's bidirectional controls), or that take no room and make two names of one; halves of characters,
 * too. Selectors of a variant belong to what they vary; joiners to what they join, which is no Latin, Greek or Cyrillic.
 */
const invisible =
  /[\p{Cc}\p{Cs}\u2028\u2029]|(?!\u200c|\u200d|\p{Variation_Selector})\p{Default_Ignorable_Code_Point}|(?<=^|[\0-\u052f\u2000-\u206f])(?:\u200c|\u200d)/u;
const eachInvisible = new RegExp(invisible, 'gu');
const runsOfInvisible = new RegExp(`(?:${invisible.source})+`, 'gu');

/** Most texts: nothing in them is to be looked for. */
const ordinary = /^[ -~\xa0-\xac\xae-\u02ff]*$/;

/** What others have written, for a terminal or a log: a blank stands for what nobody would see. */
export function printable(text: string): string {
  return ordinary.test(text) ? text : text.replace(runsOfInvisible, ' ');
}

/** What is typed or pasted: what cannot be seen is not typed. */
export function visible(text: string): string {
  return ordinary.test(text) ? text : text.replace(eachInvisible, '');
}

export function hasInvisible(text: string): boolean {
  return invisible.test(text);
}

/** Stands where bytes were no UTF-8 (U+FFFD): whatever was meant, it is lost. */
export const illegible = '\ufffd';
