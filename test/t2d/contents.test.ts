import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { XmError } from '../../src/core/errors.ts';
import { fromText, textForm } from '../../src/sdc/text-form.ts';
import { contentsOf, isCms } from '../../src/t2d/contents.ts';
import { base64Lines, mailOf, sealedSdc } from './sealed.ts';

const sdc = await sealedSdc();
const text = textForm(sdc);
const named = '1024-XMS_2026-03-09_0f1e2d3c4b5a6978.sdc';

const found = async (name: string, content: string | Uint8Array) =>
  (await contentsOf(name, Buffer.from(content), fromText)).map(({ sdc: bytes, way }) => [
    Buffer.from(bytes).equals(sdc),
    way?.matricule,
  ]);

function openssl(...args: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'xms-smime-'));
  try {
    writeFileSync(join(folder, 'x.sdc'), sdc);
    return execFileSync('openssl', ['cms', '-cmsout', '-in', 'x.sdc', '-inform', 'DER', ...args], {
      cwd: folder,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const attached = (type: string, name: string, body: Uint8Array) =>
  [
    [
      `Content-Type: ${type}; name="${name}"`,
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment',
    ],
    base64Lines(body),
  ] as const;

describe('an SDC is found', () => {
  it.each([
    ['as DER', 'a.p7m', sdc],
    ['as text', 'a.sdc', `${text}\n`],
    ['as text that Windows has had', 'a.sdc', `\ufeff${text.replaceAll('\n', '\r\n')}\r\n`],
    ['as openssl cms writes text', 'a.pem', openssl('-outform', 'PEM')],
    ['as openssl cms writes mail', 'a.p7m', openssl('-outform', 'SMIME')],
    ['in a mail, as its body', 'a.eml', openssl('-outform', 'SMIME')],
    ['in a mail, attached as .p7m', 'a.eml', mailOf(attached('application/pkcs7-mime', 'smime.p7m', sdc))],
    [
      'in a mail, attached as text',
      'a.eml',
      mailOf(attached('application/octet-stream', 'x.sdc', Buffer.from(text))),
    ],
    [
      'in a mail, beside what the office has to say',
      'a.eml',
      mailOf(
        [['Content-Type: text/plain; charset=utf-8'], 'Bonjour'],
        attached('text/plain', 'x.sdc', Buffer.from(text)),
      ),
    ],
    [
      'in a mail, pasted into its text',
      'a.eml',
      mailOf([['Content-Type: text/plain'], `Voici :\r\n\r\n${text}\r\n`]),
    ],
    [
      'in a mail that was forwarded as an attachment',
      'a.eml',
      mailOf([
        ['Content-Type: message/rfc822'],
        mailOf(attached('application/pkcs7-mime', 'smime.p7m', sdc)).replaceAll('limit', 'inner'),
      ]),
    ],
  ])('%s', async (_name, file, content) => {
    expect(await found(file, content)).toEqual([[true, undefined]]);
  });

  it('in a mail within a mail, and so on', async () => {
    expect(await found('a.eml', nested(5))).toEqual([[true, undefined]]);
  });

  it('several in one file', async () => {
    expect(await found('a.sdc', `${text}\n${text}\n`)).toEqual([
      [true, undefined],
      [true, undefined],
    ]);
    const mail = mailOf(
      attached('text/plain', named, Buffer.from(text)),
      attached('application/pkcs7-mime', 'b.p7m', sdc),
    );
    expect(await found('a.eml', mail)).toEqual([
      [true, 1024],
      [true, undefined],
    ]);
  });

  it('and who it is from, as the name of the file or the attachment says', async () => {
    expect(await found(named, text)).toEqual([[true, 1024]]);
    expect(await found(`Copie de ${named}.eml`, mailOf(attached('a/b', 'x.p7m', sdc)))).toEqual([
      [true, 1024],
    ]);
  });
});

describe('none is found', () => {
  it.each([
    ['in what is none', 'a.sdc', 'Bonjour', 'device-empty'],
    ['in a mail without one', 'a.eml', mailOf([['Content-Type: text/plain'], 'Bonjour']), 'device-empty'],
    ['in a text cut short', 'a.sdc', text.slice(0, -40), 'sdc-malformed'],
    ['in a text with a letter that is none of base64', 'a.sdc', text.replace(/\n\w/, '\n*'), 'sdc-malformed'],
    ['in a mail that nests without end', 'a.eml', nested(40), 'device-empty'],
  ])('%s', async (_name, file, content, code) => {
    await expect(contentsOf(file, Buffer.from(content), fromText)).rejects.toMatchObject({ code });
  });

  it('but never with anything else than a refusal, whatever the bytes', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .tuple(fc.constantFrom(text, mailOf(attached('a/b', 'x.p7m', sdc))), fc.nat(), fc.nat(255))
        .map(([whole, at, byte]) => {
          const changed = Buffer.from(whole);
          changed[at % changed.length] = byte;
          return changed;
        }),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom('a.sdc', 'a.eml'), async (content, name) => {
        const outcome = await contentsOf(name, content, fromText).catch((error: unknown) => error);
        expect(Array.isArray(outcome) || outcome instanceof XmError).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

it('a certificate is told from an SDC', () => {
  expect([
    isCms(sdc),
    isCms(Buffer.from(text)),
    isCms(Buffer.from('3082010a30820101a003020102', 'hex')),
  ]).toEqual([true, true, false]);
  expect(isCms(Buffer.from('-----BEGIN CERTIFICATE-----'))).toBe(false);
});

function nested(depth: number): string {
  let mail = mailOf([['Content-Type: text/plain'], text]);
  for (let i = 0; i < depth; i++) {
    mail = mailOf([
      [`Content-Type: multipart/mixed; boundary="limit${i}"`],
      mail.replaceAll('limit', `limit${i}`),
    ]);
  }
  return mail;
}
