import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isErrorCode } from '../../src/core/errors.ts';
import { topics } from '../../src/core/message.ts';
import { readCertificate } from '../../src/pki/certificate.ts';
import { spokenFingerprint } from '../../src/pki/request.ts';
import { dictionaryOf } from '../../src/sdc/dictionary.ts';

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

it('docs/sdc.md reads the fingerprint of a test key aloud', () => {
  const file = join(import.meta.dirname, '../vectors/keys/client-ec.crt');
  expect(page).toContain(spokenFingerprint(readCertificate(readFileSync(file)).spki));
});
