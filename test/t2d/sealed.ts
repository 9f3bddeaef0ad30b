/** A real SDC, its text form, and mail around it. */
import { randomBytes } from 'node:crypto';
import { createSealer } from '../../src/sdc/sealer.ts';
import { identity } from '../sdc/identity.ts';

const [signer, recipient] = [identity(), identity()];

export async function sealedSdc(subject = 'Bonjour'): Promise<Buffer> {
  const message = {
    service: 'MESSAGE',
    id: randomBytes(8),
    recipient: recipient.keyId,
    at: 1_771_459_200,
    subject,
    text: '',
  } as const;
  const [sealed] = await createSealer({ signer }).seal([{ message, recipient }]);
  return Buffer.from(sealed?.sdc ?? []);
}

/** Parts of a mail as mail programs write them; `headers` of a part, then its body. */
export function mailOf(...parts: readonly (readonly [headers: readonly string[], body: string])[]): string {
  const lines = parts.flatMap(([headers, body]) => ['--limit', ...headers, '', body]);
  return [
    'From: Centre <centre@example.cm>',
    'Subject: =?utf-8?Q?Actes_de_f=C3=A9vrier?=',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="limit"',
    '',
    ...lines,
    '--limit--',
    '',
  ].join('\r\n');
}

export function base64Lines(bytes: Uint8Array): string {
  return (
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n');
}
