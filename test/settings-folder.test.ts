/** config.json, which people write by hand, too: what is wrong in it is named with its place. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DataFolder, StationFolder } from '../src/config.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'xms-settings-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const database = { host: 'db1', port: 5432, user: 'xmserver' };
const write = (content: string) => writeFileSync(join(home, 'config.json'), content);

it.each([
  ['{"database": 1}', 'config.json: database: object'],
  ['{"database": {"host": "db1", "user": "x"}}', 'config.json: database/port: ?'],
  ['{"database": {"host": "db1", "user": "x", "port": "5432"}}', 'config.json: database/port: integer'],
  ['{"language": "de"}', 'config.json: language: fr | en'],
  ['{"broker": {"keepAliveS": 0}}', 'config.json: broker/keepAliveS: ≥ 1'],
  ['{"broker": {"keepAliveS": 65536}}', 'config.json: broker/keepAliveS: ≤ 65535'],
  ['{"language"', expect.any(String)],
])('is refused: %s', (content, detail) => {
  write(content);
  expect(() => new DataFolder(home)).toThrow(
    expect.objectContaining({ code: 'data-folder', params: { folder: home, detail } }),
  );
});

it('keeps what it does not know, and what others have written meanwhile', () => {
  write('{"later": {"than": "this program"}}');
  const folder = new DataFolder(home);
  new DataFolder(home).set({ language: 'en' });
  folder.set({ database });
  expect(JSON.parse(readFileSync(join(home, 'config.json'), 'utf8'))).toEqual({
    later: { than: 'this program' },
    language: 'en',
    database,
  });
});

it('is not written with what could not be read again', () => {
  const folder = new StationFolder(home);
  folder.set({ batch: 20 });
  expect(() => folder.set({ batch: 251 })).toThrow(expect.objectContaining({ code: 'data-folder' }));
  expect(folder.settings).toEqual({ batch: 20 });
});
