/** T2D in the console in lines: what is told, what stops it, and what becomes of lines that are typed meanwhile. */
import { PassThrough } from 'node:stream';
import { beforeEach, expect, it } from 'vitest';
import { LineCommands } from '../../../src/cli/plain-console/commands.ts';
import { LineDesk } from '../../../src/cli/plain-console/line-desk.ts';
import { LineInput } from '../../../src/cli/plain-console/line-input.ts';
import { Talk } from '../../../src/cli/plain-console/talk.ts';
import { XmError } from '../../../src/core/errors.ts';
import { trialOperator } from '../../../src/core/operator.ts';
import { glyphsFor } from '../../../src/screens/glyphs.ts';
import { ListStates } from '../../../src/screens/list/states.ts';
import { Monitor } from '../../../src/screens/transmissions/monitor.ts';
import { Transfer } from '../../../src/screens/transmissions/transfer.ts';
import { consoleTexts } from '../../../src/text/console.ts';
import { linesTexts } from '../../../src/text/lines.ts';
import { t2dTexts } from '../../../src/text/t2d.ts';
import { eventsOf, ScriptedT2d, workingWith } from './scripted.ts';

const texts = consoleTexts.en;
const lines = linesTexts.en;

let t2d: ScriptedT2d;
let typed: PassThrough;
let told: string[];
let desk: LineDesk;
let run: (line: string) => Promise<void>;

/** `readOnly` as with --read-only. */
async function open(readOnly = false): Promise<void> {
  t2d = new ScriptedT2d();
  typed = new PassThrough();
  told = [];
  const ports = workingWith(t2d);
  ports.readOnly = readOnly;
  const installation = await ports.start(() => undefined);
  const input = new LineInput(
    typed,
    () => undefined,
    () => undefined,
  );
  desk = new LineDesk(new Talk('en', input, line => told.push(line), glyphsFor('xterm')), {
    installation,
    operator: { id: 1, ...trialOperator },
    monitor: new Monitor(installation),
    lists: new ListStates(),
    transfer: new Transfer(t2d),
  });
  const commands = new LineCommands(desk);
  run = line => commands.run(line);
}

beforeEach(() => open());

it('tells how far an import is, and in the end each file that was refused', async () => {
  t2d.begin = ({ onEvent }) => {
    onEvent?.({ kind: 'left', left: { name: 'lisez-moi.txt', why: 'foreign' } });
    for (const event of eventsOf(0, 200, 200)) onEvent?.(event);
    t2d.over.resolve();
  };
  await run('t2d-import /media/key of ours');
  expect(told).toContain('import: /media/key of ours');
  expect(told).toContain(`result: ${t2dTexts.en.imported(198, 2, 1)}`);
  expect(told).not.toContain(t2dTexts.en.progress(0, 0));
  expect(told.filter(line => line.includes('column "Sexe" missing'))).toHaveLength(2);
  expect(told).toContain(`state: ${texts.t2d.states.done}`);
});

it('stops on Enter', async () => {
  const stopped = Promise.withResolvers<void>();
  t2d.import = async (_path, { onEvent }, ending) => {
    onEvent({ kind: 'progress', files: 0, of: 9 });
    await new Promise(resolve => ending.addEventListener('abort', resolve));
    stopped.resolve();
  };
  const running = run('t2d-import /media/key');
  typed.write('\n');
  await stopped.promise;
  await running;
  expect(told).toContain(lines.transferring);
  expect(told).toContain(`state: ${texts.t2d.states.stopped}`);
});

it('is not stopped by a command that was typed ahead, which is the next', async () => {
  t2d.import = async (_path, { onEvent }, ending) => {
    onEvent({ kind: 'progress', files: 0, of: 9 });
    typed.write('status\n');
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(ending.aborted).toBe(false);
  };
  await run('t2d-import /media/key');
  expect(told).toContain(`state: ${texts.t2d.states.done}`);
  expect(await desk.talk.input.read('')).toBe('status');
});

it('is not stopped by the end of what is typed', async () => {
  t2d.import = async (_path, { onEvent }, ending) => {
    onEvent({ kind: 'progress', files: 0, of: 9 });
    typed.end();
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(ending.aborted).toBe(false);
  };
  await run('t2d-import /media/key');
  expect(told).toContain(`state: ${texts.t2d.states.done}`);
});

it('tells that the database is waited for', async () => {
  t2d.begin = ({ onEvent, onTrouble }) => {
    onEvent?.({ kind: 'progress', files: 0, of: 9 });
    onTrouble?.(new XmError('database-unreachable', { host: 'db1', detail: 'gone' }));
    onTrouble?.(undefined);
    t2d.over.resolve();
  };
  await run('t2d-import /media/key');
  expect(told).toContain(texts.t2d.waitsForDatabase);
});

it('exports for all, or for one client where that is what was typed', async () => {
  const asked: unknown[] = [];
  t2d.export = async (folder, client, { onFiles }) => {
    asked.push([folder, client]);
    onFiles({ written: 2, present: 1, of: 3 });
  };
  await run('t2d-export /media/key of ours');
  expect(asked).toEqual([['/media/key of ours', undefined]]);
  expect(told).toContain(`result: ${t2dTexts.en.exported(2, 1)}`);
  for (const wrong of ['t2d-export', 't2d-export /k --client x', 't2d-export /k --clent 3', 't2d-import']) {
    told = [];
    await run(wrong);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^Give: t2d-(im|ex)port/);
  }
  expect(asked).toHaveLength(1);
});

it('says why it cannot begin', async () => {
  t2d.import = () => Promise.reject(new XmError('device-missing', { folder: '/media/key' }));
  await run('t2d-import /media/key');
  expect(told).toEqual([expect.stringMatching(/^T2D folder not found: \/media\/key\. Nothing is lost/)]);
  expect(desk.session.transfer.isRunning).toBe(false);
  await open(true);
  await run('t2d-import /media/key');
  expect(told).toEqual([expect.stringMatching(/^Read-only/)]);
});

it('tells of the watched folder, and of the last import', async () => {
  t2d.over.resolve();
  await run('t2d');
  expect(told).toEqual([
    texts.t2d.title,
    `watched folder: ${texts.t2d.on}`,
    '/srv/XMSData/t2d',
    `waiting there: ${texts.t2d.waiting('3', '1,204')}`,
    'I files the SDCs that an office has brought: dealt with, they move to done/,',
    'refused, to refused/ with the reason.',
    'E writes receipts and answers to take back to it.',
    'Keys: X stop, I import, E export, ? all keys.',
  ]);
  told = [];
  await run('t2d-import /media/key');
  await run('t2d');
  expect(told.filter(line => line === `state: ${texts.t2d.states.done}`)).toHaveLength(2);
});

it('asks for the folder, and for another one where that cannot be had', async () => {
  t2d.import = async (path, { onEvent }) => {
    if (path === '/media/none') throw new XmError('device-missing', { folder: path });
    onEvent({ kind: 'progress', files: 0, of: 0 });
  };
  await run('t2d');
  told = [];
  // One of the folders that are offered, by its number; then another one, wrong at first.
  typed.write('2\n/media/none\n/media/key\n');
  await run('i');
  expect(told[0]).toBe(lines.form(`${texts.t2d.title} › ${texts.t2d.importing}`));
  expect(told).toContain('2: /media/mbome/CLE_0377');
  expect(told.filter(line => line.includes('/media/none'))).toHaveLength(1);
  expect(told).toContain(texts.t2d.begun);
  expect(told).toContain('import: /media/key');
});
