import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, isErrorCode } from '../../src/core/errors.ts';
import { topics } from '../../src/core/message.ts';
import { toldOutcome } from '../../src/core/receipt.ts';
import { readCertificate } from '../../src/pki/certificate.ts';
import { spokenFingerprint } from '../../src/pki/request.ts';
import { dictionaryOf } from '../../src/sdc/dictionary.ts';
import { serviceTable } from '../../src/sdc/service-table.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/sdc.md'), 'utf8');

it('docs/sdc.md gives the lengths of the dictionaries', () => {
  const lengths = [...page.matchAll(/^\| (\d) \| .+ \| ([\d ]+) \|$/gm)].map(([, id, length]) => [
    Number(id),
    Number(length?.replaceAll(' ', '')),
  ]);
  expect(lengths).toEqual([0, 1, 2, 3].map(id => [id, dictionaryOf(id).bytes.length]));
});

it('docs/sdc.md names errors of the catalogue, and the topics', () => {
  const named = [...page.matchAll(/`((?:[a-z]+-)+(?!ec|rsa)[a-z]+)`/g)].map(([, code]) => code as string);
  const codes = named.filter(code =>
    /^(sdc|certificate|client|table|column|value|record|service|message)-/.test(code),
  );
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter(code => !isErrorCode(code))).toEqual([]);
  expect(page).toContain(topics.up(0).replace('0', '<matricule>'));
  expect(page).toContain(topics.down(0).replace('0', '<matricule>'));
});

it('docs/sdc.md has every code that a receipt can tell, where it says what a station does', () => {
  const source = join(import.meta.dirname, '../../src');
  const places = [
    'core/access.ts',
    'core/query-rules.ts',
    'core/record-rules.ts',
    'pki/request.ts',
    'pki/suitable-key.ts',
  ];
  const folders = ['core/engine/services', 'db/data'];
  const files = folders.flatMap(folder => readdirSync(join(source, folder)).map(name => `${folder}/${name}`));
  const codes = [...places, ...files].flatMap(file => {
    const text = readFileSync(join(source, file), 'utf8');
    return [...text.matchAll(/(?:code: |XmError\()'([a-z-]+)'/g)].map(([, code]) => code as ErrorCode);
  });
  const told = [...new Set(codes)].filter(
    code => 'reason' in toldOutcome({ kind: 'refused', reason: { code, params: {} } }),
  );
  const [, refusals = ''] = page.split(/^## Refusals$|^## What a receiver checks$/m);
  expect(told.length).toBeGreaterThan(25);
  expect(told.filter(code => !refusals.includes(`\`${code}\``))).toEqual([]);
});

it('docs/sdc.md reads the fingerprint of a test key aloud', () => {
  const file = join(import.meta.dirname, '../vectors/keys/client-ec.crt');
  expect(page).toContain(spokenFingerprint(readCertificate(readFileSync(file)).spki));
});

describe.each(Object.entries(serviceTable))('%s', (name, { number, body }) => {
  it('stands in docs/sdc.md with its number and keys', () => {
    const start = page.indexOf(`**${name} (${number})**`);
    expect(start).toBeGreaterThan(0);
    const [paragraph] = page.slice(start).split(/\n\*\*[A-Z-]+ \(\d+\)\*\*|\n### /);
    for (const key of body.keys) expect(paragraph).toMatch(new RegExp(`\\b${key}\\b`));
  });

  it('has its keys in ascending order, each explained', () => {
    expect(body.keys).toEqual([...new Set(body.keys)].sort((a, b) => a - b));
    for (const key of body.keys) expect(page).toMatch(new RegExp(`^\\|.* ${key} \\| [a-z]`, 'im'));
  });
});
