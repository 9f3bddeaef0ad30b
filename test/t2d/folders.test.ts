/** Real folders: what is taken from them, what stays, and what becomes of it when a disk gives way. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { XmError } from '../../src/core/errors.ts';
import { topics } from '../../src/core/message.ts';
import type { Reason } from '../../src/core/ports.ts';
import { fileNameOf } from '../../src/core/t2d.ts';
import type { ImportEvent } from '../../src/core/t2d-run.ts';
import { fromText, textForm } from '../../src/sdc/text-form.ts';
import type { Carried } from '../../src/t2d/contents.ts';
import { FolderLink } from '../../src/t2d/folder-link.ts';
import { importFolder } from '../../src/t2d/import.ts';
import { refusalNote } from '../../src/text/t2d.ts';
import { noSmallDisk, SmallDisk } from '../site/small-disk.ts';
import { sealedSdc } from './sealed.ts';

const sdc = await sealedSdc();
const text = `${textForm(sdc)}\n`;
const now = Date.UTC(2026, 2, 9, 12);
const name = fileNameOf({ matricule: 1024, direction: 'up' }, sdc, now);
const never = new AbortController().signal;
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'xms-t2d-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Old enough to be whole. */
function lay(file: string, content: string | Uint8Array = text): void {
  writeFileSync(join(home, file), content);
  const old = Date.now() / 1000 - 60;
  utimesSync(join(home, file), old, old);
}

interface Run {
  readonly taken: Carried[];
  readonly events: ImportEvent[];
  /** Names by what became of them, and why. */
  readonly told: Record<string, string>;
}

async function bring(
  reasons: (one: Carried) => readonly Reason[] = () => [],
  folder = home,
  onEvent: (event: ImportEvent) => void = () => undefined,
): Promise<Run> {
  const run: Run = { taken: [], events: [], told: {} };
  await importFolder(
    {
      fromText,
      isOurs: ({ direction }) => direction === 'up',
      async take(batch) {
        run.taken.push(...batch);
        return batch.map(reasons);
      },
      note: (file, why) => refusalNote(file, why, now),
      onEvent(event) {
        run.events.push(event);
        if (event.kind === 'left') run.told[event.left.name] = event.left.why;
        else if (event.kind === 'refused')
          run.told[event.name] = event.reasons.map(({ code }) => code).join();
        else if (event.kind === 'done') run.told[event.name] = 'done';
        onEvent(event);
      },
    },
    folder,
    { ending: never },
  );
  return run;
}

describe('a name', () => {
  it('says from whom, to whom, when, and which', () => {
    expect(name).toMatch(/^1024-XMS_2026-03-09_[0-9a-f]{16}\.sdc$/);
    expect(fileNameOf({ matricule: 7, direction: 'down' }, sdc, now)).toBe(name.replace('1024-XMS', 'XMS-7'));
  });
});

describe('files in a folder', () => {
  it('that are none of ours stay, and are told', async () => {
    lay(name);
    lay('lisez-moi.txt', 'Bonjour');
    lay('ca.pem', '-----BEGIN CERTIFICATE-----');
    lay(`._${name}`);
    lay('XMS-1024_2026-03-09_0f1e2d3c4b5a6978.sdc');
    lay('copie.sdc.part');
    lay('vide.sdc', '');
    symlinkSync(join(home, name), join(home, 'lien.sdc'));
    execFileSync('mkfifo', [join(home, 'tube.sdc')]);
    mkdirSync(join(home, 'dossier.sdc'));
    const before = readdirSync(home);
    const { told, taken } = await bring();
    expect(told).toEqual({
      [name]: 'done',
      'lisez-moi.txt': 'foreign',
      'ca.pem': 'foreign',
      [`._${name}`]: 'foreign',
      'XMS-1024_2026-03-09_0f1e2d3c4b5a6978.sdc': 'elsewhere',
      'copie.sdc.part': 'unfinished',
      'vide.sdc': 'unfinished',
      'lien.sdc': 'special',
      'tube.sdc': 'special',
    });
    expect(taken.map(({ way }) => way)).toEqual([{ matricule: 1024, direction: 'up' }]);
    expect(readdirSync(home).sort()).toEqual([...before.filter(one => one !== name), 'done'].sort());
    expect(readFileSync(join(home, 'done', name), 'latin1')).toBe(text);
  });

  it('that are too large are refused without being read', async () => {
    closeSync(openSync(join(home, 'grand.eml'), 'w'));
    truncateSync(join(home, 'grand.eml'), 8e9); // sparse: reading it would take all memory
    lay('autre.sdc', Buffer.alloc(200_000, 0x30));
    const { told, taken } = await bring();
    expect([told, taken]).toEqual([{ 'grand.eml': 'device-too-large', 'autre.sdc': 'device-too-large' }, []]);
    expect(readFileSync(join(home, 'refused', 'autre.sdc.txt'), 'utf8')).toContain('200000');
  });

  it('that still grow stay', async () => {
    writeFileSync(join(home, 'a.sdc'), text);
    lay('b.sdc');
    const running = bring();
    // It was looked at just before; a second later it has changed.
    await new Promise<void>(resolve => setTimeout(resolve, 300));
    appendFileSync(join(home, 'a.sdc'), 'x');
    expect((await running).told).toEqual({ 'a.sdc': 'unfinished', 'b.sdc': 'done' });
  });

  it('have names that cannot play tricks once they are moved', async () => {
    const trick = 'a\u001b[2J\u202etxt\n.sdc';
    lay(trick);
    expect((await bring()).told).toEqual({ [trick]: 'done' });
    expect(readdirSync(join(home, 'done'))).toEqual(['a_[2J_txt_.sdc']);
  });

  it('are never put over others, nor are notes', async () => {
    const refuse = () => [{ code: 'client-suspended', params: {} } as const];
    for (const content of [text, `\n${text}`, `\n\n${text}`]) {
      lay('a.sdc', content);
      await bring(refuse);
    }
    expect(readdirSync(join(home, 'refused')).sort()).toEqual([
      'a-2.sdc',
      'a-2.sdc.txt',
      'a-3.sdc',
      'a-3.sdc.txt',
      'a.sdc',
      'a.sdc.txt',
    ]);
    expect(readFileSync(join(home, 'refused', 'a-3.sdc'), 'latin1')).toBe(`\n\n${text}`);
    writeFileSync(join(home, 'refused', 'b.sdc.txt'), 'mine');
    lay('b.sdc');
    await bring(refuse);
    expect(readFileSync(join(home, 'refused', 'b.sdc.txt'), 'utf8')).toBe('mine');
    expect(readdirSync(join(home, 'refused'))).toEqual(expect.arrayContaining(['b-2.sdc', 'b-2.sdc.txt']));
  });

  it('stay where they are as long as nobody knows that they are filed', async () => {
    lay(name);
    const away = new XmError('database-unreachable', { host: 'x', detail: 'x' });
    const rejected = importFolder(
      {
        fromText,
        isOurs: () => true,
        take: () => Promise.reject(away),
        note: () => '',
        onEvent: () => undefined,
      },
      home,
      { ending: never },
    );
    await expect(rejected).rejects.toBe(away);
    expect(readdirSync(home)).toEqual([name]);
  });

  it('go in portions, and the rest stays when it is told to end', async () => {
    const names = Array.from({ length: 450 }, (_, i) => `${String(i).padStart(3, '0')}.sdc`);
    for (const one of names) lay(one, sdc);
    const { events } = await bring();
    const progress = events.flatMap(event => (event.kind === 'progress' ? [[event.files, event.of]] : []));
    expect(progress).toEqual([
      [0, 450],
      [200, 450],
      [400, 450],
      [450, 450],
    ]);
    expect(readdirSync(join(home, 'done'))).toHaveLength(450);
  });

  it('that vanish in between are told, and the others go on', async () => {
    lay('a.sdc');
    lay('b.sdc');
    const { told } = await bring(() => {
      rmSync(join(home, 'a.sdc'), { force: true });
      return [];
    });
    expect(told).toEqual({ 'a.sdc': 'unmoved', 'b.sdc': 'done' });
    expect(readdirSync(join(home, 'done'))).toEqual(['b.sdc']);
  });

  it('cannot be had where the folder is gone', async () => {
    await expect(bring(undefined, join(home, 'cle'))).rejects.toMatchObject({ code: 'device-missing' });
  });
});

describe('a folder that is written to', () => {
  const open = (folder: string) =>
    FolderLink.open({ folder, direction: 'down', textForm, clock: { now: () => now } });

  const own = fileNameOf({ matricule: 1024, direction: 'down' }, sdc, now);

  it('has whole files, each SDC once', async () => {
    const link = await open(home);
    const others = await Promise.all(Array.from({ length: 60 }, () => sealedSdc()));
    await Promise.all([sdc, ...others].map(one => link.publish(topics.down(1024), one)));
    await link.publish(topics.down(1024), sdc);
    const again = await open(home);
    await again.publish(topics.down(1024), sdc);
    const names = readdirSync(home);
    expect(new Set(names.map(one => readFileSync(join(home, one), 'latin1'))).size).toBe(61);
    expect(names.filter(one => !/^XMS-1024_2026-03-09_[0-9a-f]{16}\.sdc$/.test(one))).toEqual([]);
    expect(names).toHaveLength(61);
  });

  it.each([
    ['half written, on an earlier day', [], text.slice(0, 99)],
    ['whole, and placed', [own], text],
  ])('is rid of what a crash has left: %s', async (_, placed, left) => {
    const earlier = fileNameOf({ matricule: 1024, direction: 'down' }, sdc, now - 86_400_000);
    const another = `${earlier.replace(/_[0-9a-f]{16}/, '_0123456789abcdef')}.part`;
    for (const file of placed) lay(file);
    lay(`${placed[0] ?? earlier}.part`, left);
    lay(another, left);
    await (await open(home)).publish(topics.down(1024), sdc);
    expect(readdirSync(home).sort()).toEqual([another, own]);
  });

  it('keeps what has the name of one already', async () => {
    const taken = fileNameOf({ matricule: 1024, direction: 'down' }, sdc, now);
    writeFileSync(join(home, taken), 'mine');
    await (await open(home)).publish(topics.down(1024), sdc);
    expect(readFileSync(join(home, taken), 'utf8')).toBe('mine');
    expect(readFileSync(join(home, taken.replace('.sdc', '-2.sdc')), 'latin1')).toBe(text);
  });

  it('takes nothing any more once it has failed, and says why', async () => {
    const folder = join(home, 'cle');
    const states: string[] = [];
    const link = (await open(folder)).attached({ onStatus: ({ state }) => states.push(state) });
    rmSync(folder, { recursive: true });
    for (let i = 0; i < 2; i++) {
      await expect(link.publish(topics.down(1), sdc)).rejects.toMatchObject({ code: 'link-closed' });
    }
    expect([link.status.state, link.fault?.code, states]).toEqual(['lost', 'device-missing', ['lost']]);
  });
});

describe.skipIf(noSmallDisk)('a disk', () => {
  let disk: SmallDisk;
  beforeEach(() => {
    disk = new SmallDisk(join(home, 'disk'), 1, home);
  });
  afterEach(() => disk.unmount());

  it('that is full takes no half file', async () => {
    const link = await FolderLink.open({ folder: disk.folder, direction: 'up', textForm, clock: Date });
    disk.fill();
    await expect(link.publish(topics.up(1), sdc)).rejects.toMatchObject({ code: 'link-closed' });
    expect(link.fault?.code).toBe('device-full');
    expect(readdirSync(disk.folder)).toEqual(['filler']);
    disk.free();
    const next = await FolderLink.open({ folder: disk.folder, direction: 'up', textForm, clock: Date });
    await next.publish(topics.up(1), sdc);
    expect(readdirSync(disk.folder)).toHaveLength(1);
  });

  it('that is full leaves refused files where they are: without their reason they do not go', async () => {
    lay('disk/a.sdc');
    mkdirSync(join(disk.folder, 'refused'));
    disk.fill();
    const { told } = await bring(() => [{ code: 'client-suspended', params: {} }], disk.folder);
    expect(told).toEqual({ 'a.sdc': 'unmoved', filler: 'foreign' });
    expect([readdirSync(disk.folder).sort(), readdirSync(join(disk.folder, 'refused'))]).toEqual([
      ['a.sdc', 'filler', 'refused'],
      [],
    ]);
  });

  it('that cannot be written is read all the same', async () => {
    writeFileSync(join(disk.folder, name), text);
    disk.protect();
    const { taken, told } = await bring(undefined, disk.folder);
    expect([taken.length, told]).toEqual([1, { [name]: 'unmoved' }]);
    expect(readdirSync(disk.folder)).toEqual([name]);
  });

  it('that is pulled out in the middle ends it, and nothing is lost', async () => {
    for (let i = 0; i < 250; i++) writeFileSync(join(disk.folder, `${i}.sdc`), sdc);
    let files = 0;
    const pull = (event: ImportEvent) => {
      if (event.kind === 'progress' && event.files > 0) disk.unmount();
      if (event.kind === 'done') files++;
    };
    const { told } = await bring(undefined, disk.folder, pull);
    expect([files, Object.values(told).filter(why => why === 'unreadable').length]).toEqual([200, 50]);
  });
});
