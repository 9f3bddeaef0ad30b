/**
 * T2D, transfer to device: SDCs carried as files where there is no network. What the files are called, which ones are
 * looked at, and how large they may be.
 */
import { hex } from './message.ts';
import { sdcHash } from './receipt.ts';

/** Which way an SDC goes: from a client up to the server, or down to it. */
export interface Way {
  readonly matricule: number;
  readonly direction: 'up' | 'down';
}

/** While a file is written; then it is renamed. */
export const partSuffix = '.part';

const server = 'XMS';
/** What mail programs and `openssl cms` call them, beside our own `.sdc`. */
const endings = /\.(?:sdc|p7m|cms|pem|der|eml)$/i;
const mail = /\.eml$/i;
/** The largest SDC, 65 536 bytes, as text, and room for the lines around. */
const fileLimit = 128 << 10;
/** The same as an attachment: base64 of base64, and what the mail says. */
const mailLimit = 1 << 20;

/**
 * From whom, to whom, the day (UTC) and the SDC hash (docs/sdc.md, "Keys and names"), `1024-XMS_2026-03-09_….sdc` or
 * `XMS-1024_…`: the same SDC has the same hash in its name, whenever and wherever it is written.
 */
export function fileNameOf({ matricule, direction }: Way, sdc: Uint8Array, at: number): string {
  const parties = direction === 'up' ? [matricule, server] : [server, matricule];
  const day = new Date(at).toISOString().slice(0, 10);
  return `${parties.join('-')}_${day}_${hex(sdcHash(sdc))}.sdc`;
}

/** Which way a file goes by its name, whatever a mail program has put around it; undefined: the name does not tell. */
export function wayOf(name: string): Way | undefined {
  const [, up, down] = /(?<![0-9A-Za-z])(?:(\d{1,9})-XMS|XMS-(\d{1,9}))_/i.exec(name) ?? [];
  if (up !== undefined) return { matricule: Number(up), direction: 'up' };
  return down === undefined ? undefined : { matricule: Number(down), direction: 'down' };
}

/** The SDC hash that a name ends with. */
export function hashIn(name: string): string | undefined {
  return /_([0-9a-f]{16})(?:-\d+)?\.sdc$/i.exec(name)?.[1]?.toLowerCase();
}

/** By its name a file may hold an SDC. */
export function isCarrier(name: string): boolean {
  return endings.test(name);
}

export function isMail(name: string): boolean {
  return mail.test(name);
}

/** Endings that certificates have, too: such a file is ours only where it begins as an SDC does. */
export function isAmbiguous(name: string): boolean {
  return /\.(?:pem|der)$/i.test(name);
}

/** Bytes that a file of this name may have; looked at before it is read. */
export function fileLimitOf(name: string): number {
  return isMail(name) ? mailLimit : fileLimit;
}

/** Without what would move the cursor or the text's direction, or have a meaning in a path. */
export function printable(name: string): string {
  return name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}/\\]/gu, '_');
}

/** The name, or with a number where it is taken: `a.sdc`, `a-2.sdc`, `a-3.sdc`. */
export function numbered(name: string, attempt: number): string {
  return attempt < 2 ? name : name.replace(/(?:\.[^.]*)?$/, ending => `-${attempt}${ending}`);
}
