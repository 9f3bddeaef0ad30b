/**
 * The only reader of the environment. It needs nothing of ours and little of Node: the console reads it before its first
 * frame, and the settings after.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Language } from './core/language.ts';

/** `$XDG_DATA_HOME/XMSData`, by the XDG base directory rules; on Windows below the local application data. */
export function defaultDataFolder(): string {
  if (process.platform === 'win32') {
    return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'XMcomm', 'XMSData');
  }
  const xdg = process.env.XDG_DATA_HOME;
  // The rules say that a relative path is to be ignored.
  return join(xdg?.startsWith('/') ? xdg : join(homedir(), '.local', 'share'), 'XMSData');
}

/** The language of the environment (LC_ALL, LC_MESSAGES, LANG); French unless it says English. */
export function environmentLanguage(): Language {
  const locale = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '';
  return /^en/i.test(locale) ? 'en' : 'fr';
}

/** What the environment says of the terminal. */
export function terminalEnvironment(): { readonly noColour: boolean; readonly term: string } {
  return { noColour: (process.env.NO_COLOR ?? '') !== '', term: process.env.TERM ?? '' };
}

/** Ours, with these beside or instead: for a program that we start. */
export function environmentWith(added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...added };
}

/** PGPASSWORD, as libpq's own programs read it; undefined where it is not set. */
export function environmentDatabasePassword(): string | undefined {
  return process.env.PGPASSWORD;
}

/** XMS_BROKER_PASSWORD: of the broker account that `xmserver init` is given. */
export function environmentBrokerPassword(): string | undefined {
  return process.env.XMS_BROKER_PASSWORD;
}

/**
 * The passphrase of this installation's private keys: the systemd credential `xms-passphrase` (`LoadCredential=` in the
 * unit); undefined where there is none. Throws where there is one that cannot be read: keys in clear are no substitute.
 */
export function environmentPassphrase(): string | undefined {
  const folder = process.env.CREDENTIALS_DIRECTORY;
  const text = folder ? credential(join(folder, 'xms-passphrase')) : undefined;
  return text === undefined ? undefined : text.split(/\r?\n/, 1)[0];
}

/** Undefined where there is no such file. */
function credential(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Where package.json, sql/ and bin/ lie, wherever this file was bundled to. */
export function packageFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  // src/environment.ts and dist/*.js both lie one folder below.
  return dirname(here);
}
