/**
 * What others have written, for a terminal or a log: without characters that would act on it, begin a line of their own
 * there, or turn the order of those around them (Unicode's bidirectional controls).
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}
