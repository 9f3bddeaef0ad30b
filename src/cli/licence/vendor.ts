/** `licence keygen`, `licence make`: what only the vendor does. */
import { generateKeyPairSync } from 'node:crypto';
import { XmError } from '../../core/errors.ts';
import type { Language } from '../../core/language.ts';
import { requireLicensable } from '../../core/licence.ts';
import { type Licence, longestHolder, makeLicenceKey } from '../../core/licence-key.ts';
import { parsePeriod } from '../../core/money/period.ts';
import { readKeyFile, writeKeyFile } from '../../pki/key-file.ts';
import { readPassphraseFile } from '../../pki/key-store.ts';
import type { LicenceTexts } from '../../text/licence.ts';
import type { LicenceFlags } from '../licence-call.ts';
import { type Answer, requireFree, writeOutput } from '../pki/session.ts';

export interface LicenceCall {
  readonly flags: LicenceFlags;
  readonly language: Language;
  readonly texts: LicenceTexts;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export function makeKeyPair({ flags, texts }: LicenceCall): Answer {
  const out = needed(texts, '--out', flags.out);
  const files = { privateKey: `${out}.key`, publicKey: `${out}.pub` };
  requireFree(files.publicKey);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  writeKeyFile(files.privateKey, privateKey, passphraseOf(flags));
  writeOutput(files.publicKey, publicKey.export({ type: 'spki', format: 'pem' }).toString());
  return { json: files, lines: [texts.keysWritten(files.privateKey, files.publicKey)] };
}

export function makeLicence({ flags, texts, now }: LicenceCall): Answer {
  const file = needed(texts, '--key', flags.key);
  const licence = licenceOf(flags, texts, now);
  const vendorKey = readKeyFile(file, passphraseOf(flags));
  if (vendorKey.asymmetricKeyType !== 'ed25519') throw new XmError('key-invalid', { file });
  const key = makeLicenceKey(licence, vendorKey);
  const { holder, clients, until } = licence;
  const text = `# ${[holder, clients, until].filter(part => part !== undefined).join(', ')}\n${key}\n`;
  if (flags.out !== undefined) writeOutput(flags.out, text);
  return {
    json: { ...licence, key },
    lines: flags.out === undefined ? [text.trimEnd()] : [texts.keyWritten(flags.out)],
  };
}

function licenceOf(flags: LicenceFlags, texts: LicenceTexts, now: number): Licence {
  const clients = needed(texts, '--clients', flags.clients);
  requireLicensable(clients);
  const holder = needed(texts, '--holder', flags.holder).replace(/\s+/g, ' ').trim();
  if (Buffer.byteLength(holder) > longestHolder) throw new XmError('usage', { detail: texts.holderLong });
  const { until } = flags;
  if (until !== undefined && !/^\d{4}-\d\d-\d\d$/.test(until)) {
    throw new XmError('usage', { detail: texts.dayNeeded('--until') });
  }
  return {
    installation: needed(texts, '--installation', flags.installation),
    clients,
    holder,
    issued: new Date(now).toISOString().slice(0, 10),
    ...(until === undefined ? {} : { until: parsePeriod(until).last }),
  };
}

function passphraseOf({ passphraseFile }: LicenceFlags): string | undefined {
  return passphraseFile === undefined ? undefined : readPassphraseFile(passphraseFile);
}

function needed<T>(texts: LicenceTexts, option: string, value: T | undefined): T {
  if (value !== undefined && value !== '') return value;
  throw new XmError('usage', { detail: texts.needs(option) });
}
