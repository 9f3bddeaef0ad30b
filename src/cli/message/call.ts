/** What the commands of `xmserver message` share. */
import type { Language } from '../../core/language.ts';
import type { ProgramTexts } from '../../text/program.ts';
import { positive } from '../command-line.ts';

export interface MessageFlags {
  readonly json: boolean;
  readonly refused: boolean;
  readonly all: boolean;
  readonly client?: number | undefined;
  readonly before?: number | undefined;
  readonly limit?: number | undefined;
}

export interface Call {
  readonly args: readonly string[];
  readonly flags: MessageFlags;
  readonly language: Language;
  readonly texts: ProgramTexts;
}

export const pageSize = 50;

/** Throws `usage`. */
export function idOf(text: string | undefined, language: Language): number {
  return positive('N', Number(text), language);
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
