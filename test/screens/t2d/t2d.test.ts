/** Transmissions / T2D on keys, with real folders: what is filed and written, what is told, and what fails. */
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { setSetting } from '../../../src/core/administration/setting.ts';
import { sentence } from '../../../src/core/errors.ts';
import { consoleTexts } from '../../../src/text/console.ts';
import { t2dTexts } from '../../../src/text/t2d.ts';
import { untilBlocked } from '../../db/databases.ts';
import { noSmallDisk, SmallDisk } from '../../site/small-disk.ts';
import { Stage } from '../stage.tsx';
import type { StandIn } from '../stand-in.ts';
import { Centre, layFile, matricule, sdcs, textOf } from './centre.ts';

const texts = consoleTexts.fr;
const { t2d } = texts;
const [save, esc, tab] = ['\x13', '\x1b', '\t'];

let centre: Centre;
let stage: Stage;
let free: (() => void) | undefined;
let count = 0;

beforeAll(async () => {
  centre = await Centre.open();
});
afterEach(() => {
  free?.();
  free = undefined;
  centre.gate.reopen();
  stage?.close();
});
afterAll(() => centre.close());

const newFolder = () => centre.folder(`cle ${++count}`);

async function open(ports: StandIn = centre.ports()): Promise<void> {
  stage = new Stage({ ports });
  await stage.logIn();
  await stage.type(':t2d\r');
  await stage.until(t2d.waits);
}

/** Fills the form in and sends it. */
async function order(letter: 'i' | 'e', folder: string, client = ''): Promise<void> {
  await stage.type(letter);
  await stage.until(t2d.folderHint);
  await stage.type(`${tab}\x15${folder}${client === '' ? '' : `${tab}${client}`}`);
  await stage.type(save);
}

async function importing(folder: string, shown = t2d.states.done): Promise<void> {
  await order('i', folder);
  await stage.until(shown);
}

/** Begins, and waits until the first files are with the database, which is kept from filing them. */
async function held(folder: string): Promise<void> {
  free = await centre.hold();
  await importing(folder, t2d.states.running);
  await untilBlocked(centre.documents);
}

async function exporting(folder: string, client?: string): Promise<void> {
  await order('e', folder, client);
  await stage.until(t2d.states.done);
}

const imported = (done: number, refused: number, left: number) => t2dTexts.fr.imported(done, refused, left);

describe('an import', () => {
  it('files what an office has brought, and tells what became of each file', async () => {
    const [folder, before] = [newFolder(), await centre.births()];
    await centre.lay(folder, 3);
    const [wrong = ''] = await centre.lay(folder, 1, { Inconnue: 'x' });
    layFile(join(folder, 'lisez-moi.txt'), 'Bonjour');
    await open();
    expect(stage.frame).toContain(t2d.advice[1] as string);
    await importing(folder);
    expect(stage.frame).toContain(imported(3, 1, 1));
    const reason = sentence('column-unknown', { column: 'Inconnue' }, 'fr');
    expect(stage.frame).toMatch(new RegExp(` ${wrong.slice(0, 30)}.*\n +REFUSÉ {2}${reason}`));
    await stage.type('\x1b[F');
    expect(stage.frame).toMatch(/ lisez-moi\.txt\n +laissé : ce n’est pas un SDC/);
    expect(await centre.births()).toBe(before + 3);
    expect([sdcs(folder, 'done').length, sdcs(folder, 'refused')]).toEqual([3, [wrong]]);
    expect(textOf(folder, 'refused', `${wrong}.txt`)).toContain(reason);
    expect((await centre.journal())[0]).toEqual({
      act: 't2d-import',
      operator: 'mbome',
      detail: { paths: [folder], done: 3, refused: 1, left: 1 },
    });
    const asked = await centre.system.query(`select from command where verb = 'cycle'`);
    expect(asked.length).toBeGreaterThan(0);
  });

  it('takes a single file', async () => {
    const folder = newFolder();
    const [one = '', other] = await centre.lay(folder, 2);
    await open();
    await importing(join(folder, one));
    expect([sdcs(folder), sdcs(folder, 'done')]).toEqual([[other], [one]]);
  });

  it('of a folder that is not there keeps the form, and tells at the field', async () => {
    await open();
    await order('i', join(centre.home, 'nulle part'));
    await stage.until('T2D introuvable');
    expect(stage.message).toBe('');
    expect(stage.frame).toContain(t2d.importing);
    // Nothing has begun: the screen below is as it was.
    await stage.type(esc);
    await stage.until(texts.entry.abandon);
    await stage.type('o');
    await stage.until(t2d.advice[1] as string);
  });

  it('wants a whole path', async () => {
    await open();
    await order('i', 'cle');
    await stage.until(t2d.whole);
  });

  it('begins with the last folder of the session', async () => {
    const folder = newFolder();
    await open();
    await importing(folder);
    await stage.type('i');
    await stage.until(t2d.folderHint);
    await centre.lay(folder, 1);
    await stage.type(save);
    await stage.until(imported(1, 0, 0));
  });

  it('goes on while another screen is looked at, and says there that it is over', async () => {
    const folder = newFolder();
    await centre.lay(folder, 2);
    await open();
    await held(folder);
    expect(stage.frame).toMatch(/fichiers +0 \/ 2\n/);
    await stage.type(':messages\r');
    await stage.until('n° ');
    free?.();
    await stage.until(t2d.ended.done(imported(2, 0, 0)));
    await stage.type(':t2d\r');
    await stage.until(t2d.states.done);
    expect(sdcs(folder, 'done')).toHaveLength(2);
  });

  it('is stopped on X: what is in hand is done, the rest stays', async () => {
    const [folder, before] = [newFolder(), await centre.births()];
    await centre.lay(folder, 210);
    await open();
    await held(folder);
    await stage.type('x');
    await stage.until(t2d.states.stopping.slice(0, 30));
    free?.();
    await stage.until(t2d.states.stopped);
    expect(stage.message).toBe(t2d.ended.stopped(imported(200, 0, 0)));
    expect([sdcs(folder).length, sdcs(folder, 'done').length]).toEqual([10, 200]);
    await importing(folder, t2d.states.done);
    expect([sdcs(folder).length, sdcs(folder, 'done').length]).toEqual([0, 210]);
    expect(await centre.births()).toBe(before + 210);
  });

  it('is one at a time, and neither left behind nor doubled', async () => {
    const folder = newFolder();
    await centre.lay(folder, 1);
    await open();
    await held(folder);
    for (const key of ['i', 'e', ':fermer\r']) {
      await stage.type(key);
      expect(stage.message).toBe(t2d.runs);
    }
    await stage.type('q');
    await stage.until(t2d.quit);
    await stage.type('n');
    free?.();
    await stage.until(t2d.states.done);
    await stage.type('x');
    expect(stage.message).toBe(t2d.nothingRuns);
  });
});

it('a console that is left ends what it has begun before it lets go of the database', async () => {
  const folder = newFolder();
  await centre.lay(folder, 205);
  const t2d = centre.t2d();
  const ports = centre.ports();
  ports.t2d = t2d;
  await open(ports);
  await held(folder);
  let isClosed = false;
  const closed = t2d.close().then(() => {
    isClosed = true;
  });
  await stage.settle();
  expect(isClosed).toBe(false);
  free?.();
  await closed;
  expect([sdcs(folder).length, sdcs(folder, 'done').length]).toEqual([5, 200]);
  const detail = { paths: [folder], done: 200, refused: 0, left: 0 };
  expect((await centre.journal())[0]).toEqual({ act: 't2d-import', operator: 'mbome', detail });
});

describe('an export', () => {
  it('writes the receipts of all, or of one client', async () => {
    const [brought, back] = [newFolder(), newFolder()];
    await centre.lay(brought, 2);
    await open();
    await exporting(newFolder());
    await importing(brought);
    await order('e', back, '77');
    await stage.until(sentence('client-unknown', { client: 77 }, 'fr').slice(1));
    await stage.type(`\x15${matricule}${save}`);
    await stage.until(t2d.states.done);
    expect(stage.frame).toMatch(new RegExp(`${t2d.client} +${matricule}\n`));
    expect(stage.frame).toContain(t2dTexts.fr.exported(1, 0));
    expect(sdcs(back)).toEqual([expect.stringMatching(/^XMS-1024_/)]);
    expect((await centre.journal())[0]).toEqual({
      act: 't2d-export',
      operator: 'mbome',
      detail: { folder: back, client: matricule, carriedOnly: false, written: 1, present: 0 },
    });
    await exporting(back);
    expect((await centre.journal())[0]?.detail).toEqual({
      folder: back,
      carriedOnly: false,
      written: 0,
      present: 0,
    });
  });

  it('takes nothing but a matricule', async () => {
    await open();
    await order('e', newFolder(), 'abc');
    await stage.until(t2d.clientWrong);
  });
});

describe('what may not be done', () => {
  it('says so in read-only mode, and still shows the watched folder', async () => {
    await open(centre.ports({ readOnly: true }));
    for (const key of ['i', 'e']) {
      await stage.type(key);
      expect(stage.message).toMatch(/^Lecture seule/);
    }
    expect(stage.frame).toContain(t2d.off);
  });

  it('says so to who has not the privilege of Transmissions', async () => {
    stage = new Stage({ ports: centre.ports({ privilege: 2 }) });
    await stage.logIn();
    await stage.type(':t2d\r');
    expect(stage.message).toContain(sentence('privilege-needed', { needed: 3, own: 2 }, 'fr').slice(1));
    const ports = centre.ports({ privilege: 2 });
    const watcher = { onFiles: () => undefined, onLog: () => undefined };
    const never = new AbortController().signal;
    await expect(ports.t2d.export(centre.home, undefined, watcher, never)).rejects.toMatchObject({
      code: 'privilege-needed',
    });
  });

  it('says so while the database is lost', async () => {
    const ports = centre.ports();
    await open(ports);
    ports.databaseLost = 'database-unreachable';
    await stage.type('i');
    expect(stage.message).toBe(texts.refusals.databaseLost);
  });
});

describe('the watched folder', () => {
  it('is shown with what waits in it', async () => {
    const ports = centre.ports();
    await open(ports);
    expect(stage.frame).toContain(t2d.off);
    expect(stage.frame).toContain(t2d.waiting('0', '0'));
    for (const name of ['in', 'out']) mkdirSync(centre.data.at('t2d', name), { recursive: true });
    await centre.lay(centre.data.at('t2d', 'in'), 3);
    layFile(centre.data.at('t2d', 'out', 'XMS-7_2026-03-09_0123456789abcdef.sdc'), 'x');
    const superviseur = { id: 0, userName: 'os:root', name: 'root', privilege: 4 } as const;
    await setSetting(ports.stores.administration, superviseur, 't2dWatch', '1');
    await stage.type('r');
    await stage.until(t2d.waiting('3', '1'));
    expect(stage.frame).toContain(t2d.on);
    expect(stage.frame).toContain(centre.data.at('t2d').slice(0, 50));
  });
});

describe('a database that is lost', () => {
  it('is waited for: an import goes on by itself', async () => {
    const [folder, before] = [newFolder(), await centre.births()];
    await centre.lay(folder, 2);
    await open();
    centre.gate.shut();
    await importing(folder, t2d.waitsForDatabase);
    expect(stage.frame).toContain('PostgreSQL injoignable');
    centre.gate.reopen();
    await stage.until(imported(2, 0, 0));
    expect(stage.frame).toContain(t2d.states.done);
    expect(stage.frame).not.toContain('injoignable');
    expect(await centre.births()).toBe(before + 2);
  });

  it('is not waited for by who stops it, and nothing is lost', async () => {
    const [folder, before] = [newFolder(), await centre.births()];
    const names = await centre.lay(folder, 2);
    await open();
    centre.gate.shut();
    await importing(folder, t2d.waitsForDatabase);
    await stage.type('x');
    // The journal cannot be written either, which is told.
    await stage.until(t2d.states.failed);
    expect(stage.message).toContain('PostgreSQL injoignable');
    expect(sdcs(folder).sort()).toEqual(names.sort());
    centre.gate.reopen();
    await importing(folder, imported(2, 0, 0));
    expect([sdcs(folder), await centre.births()]).toEqual([[], before + 2]);
  });

  it('ends an export with its sentence, and the next one writes what waits', async () => {
    const [brought, back] = [newFolder(), newFolder()];
    await centre.lay(brought, 1);
    await open();
    // Of the tests before.
    await exporting(newFolder());
    await importing(brought);
    centre.gate.shut();
    await order('e', back);
    await stage.until(t2d.states.failed);
    expect(stage.frame).toContain('PostgreSQL injoignable');
    expect(sdcs(back)).toEqual([]);
    centre.gate.reopen();
    await exporting(back);
    expect(sdcs(back)).toHaveLength(1);
  });
});

it('a folder that goes in the middle ends it with a sentence, and all is found when it is back', async () => {
  const [folder, before] = [newFolder(), await centre.births()];
  await centre.lay(folder, 205);
  await open();
  await held(folder);
  renameSync(folder, `${folder} gone`);
  free?.();
  await stage.until(t2d.states.failed);
  expect(stage.message).toMatch(/^Dossier T2D introuvable/);
  expect(stage.frame).toContain(imported(200, 0, 200));
  renameSync(`${folder} gone`, folder);
  await importing(folder, imported(205, 0, 0));
  expect([sdcs(folder).length, sdcs(folder, 'done').length]).toEqual([0, 205]);
  expect(await centre.births()).toBe(before + 205);
});

describe.skipIf(noSmallDisk)('a key', () => {
  let disk: SmallDisk;
  const mounted = () => {
    disk = new SmallDisk(join(centre.home, `disk ${++count}`), 1, centre.home);
    return disk.folder;
  };
  afterEach(() => disk.unmount());

  it('that is full takes no receipts, and takes them when there is room', async () => {
    const [brought, key] = [newFolder(), mounted()];
    await centre.lay(brought, 1);
    await open();
    // Of the tests before.
    await exporting(newFolder());
    await importing(brought);
    disk.fill();
    await order('e', key);
    await stage.until(t2d.states.failed);
    expect(stage.message).toMatch(/^Plus de place dans le dossier T2D/);
    expect(readdirSync(key)).toEqual(['filler']);
    disk.free();
    await exporting(key);
    expect(sdcs(key)).toHaveLength(1);
  });

  it('that is full keeps what is refused where it is, and says so', async () => {
    const key = mounted();
    const [wrong = ''] = await centre.lay(key, 1, { Inconnue: 'x' });
    mkdirSync(join(key, 'refused'));
    disk.fill();
    await open();
    await importing(key);
    await stage.type('\x1b[F');
    expect(stage.frame).toContain('traité, mais pas rangé (plus de place)');
    expect(existsSync(join(key, wrong))).toBe(true);
  });

  it('that is write-protected is read, and takes nothing', async () => {
    const [key, before] = [mounted(), await centre.births()];
    await centre.lay(key, 2);
    disk.protect();
    await open();
    await importing(key);
    expect(stage.frame).toContain(imported(2, 0, 2));
    expect(stage.frame).toContain(t2d.again.slice(0, 40));
    await stage.type('\x1b[F');
    expect(stage.frame).toContain('(support protégé en écriture)');
    expect(await centre.births()).toBe(before + 2);
    await order('e', key);
    await stage.until(t2d.states.failed);
    expect(stage.message).toMatch(/^Dossier T2D protégé en écriture/);
  });

  it('that is pulled out in the middle loses nothing', async () => {
    const [key, copy, before] = [mounted(), newFolder(), await centre.births()];
    for (const name of await centre.lay(copy, 205)) layFile(join(key, name), textOf(copy, name));
    await open();
    await held(key);
    disk.unmount();
    free?.();
    await stage.until(imported(200, 0, 205));
    expect(stage.frame).toContain(t2d.again.slice(0, 40));
    expect(await centre.births()).toBe(before + 200);
    // What was on it, on another.
    await importing(copy, imported(205, 0, 0));
    expect(await centre.births()).toBe(before + 205);
  });
});
