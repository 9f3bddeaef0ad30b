/** The screens of T2D as they are drawn. UPDATE_GOLDEN=1 writes them anew. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { XmError } from '../../../src/core/errors.ts';
import { languages } from '../../../src/core/language.ts';
import { consoleTexts } from '../../../src/text/console.ts';
import { expectFrames } from '../golden-file.ts';
import { Stage } from '../stage.tsx';
import { now } from '../stand-in.ts';
import { eventsOf, nameOf, ScriptedT2d, workingWith } from './scripted.ts';

const folder = join(import.meta.dirname, '../golden');
const save = '\x13';

let stage: Stage;

beforeEach(() => {
  process.env.TZ = 'UTC';
  vi.useFakeTimers({ now, toFake: ['Date'] });
});

afterEach(() => {
  stage.close();
  vi.useRealTimers();
});

interface Scene {
  /** Typed one after the other, on the screen of T2D. */
  readonly keys?: readonly string[];
  /** What happens once it begins. */
  readonly begin?: ScriptedT2d['begin'];
  /** How it ends, and what is typed then; absent: it goes on. */
  readonly fault?: XmError;
  readonly isOver?: true;
  readonly afterwards?: string;
  readonly readOnly?: true;
}

const begun: ScriptedT2d['begin'] = ({ onEvent }) => {
  for (const event of [...eventsOf(0, 0, 500), ...eventsOf(0, 200, 500)]) onEvent?.(event);
};

const whole: ScriptedT2d['begin'] = ({ onEvent }) => {
  for (const event of eventsOf(0, 350, 350)) onEvent?.(event);
  for (const left of [
    { name: 'lisez-moi.txt', why: 'foreign' },
    { name: 'XMS-0377_2026-03-09_0f1e2d3c4b5a6978.sdc', why: 'elsewhere' },
    { name: nameOf(12), why: 'unmoved', detail: 'ENOSPC: no space left on device, write' },
  ] as const)
    onEvent?.({ kind: 'left', left });
};

const scenes: Readonly<Record<string, Scene>> = {
  t2d: {},
  't2d-read-only': { readOnly: true, keys: ['i'] },
  't2d-import': { keys: ['i', '\t'] },
  't2d-export': { keys: ['e'] },
  't2d-export-wrong': { keys: ['e', `\tcle\tabc${save}`] },
  't2d-running': { keys: ['i', save], begin: begun },
  't2d-stopping': { keys: ['i', save, 'x'], begin: begun },
  't2d-database-lost': {
    keys: ['i', save],
    begin: watchers => {
      begun(watchers);
      const params = { host: 'db1:5432', detail: 'connect ECONNREFUSED' };
      watchers.onTrouble?.(new XmError('database-unreachable', params));
    },
  },
  't2d-over': { keys: ['i', save], begin: whole, isOver: true },
  't2d-over-end': { keys: ['i', save], begin: whole, isOver: true, afterwards: '\x1b[F' },
  't2d-exporting': {
    keys: ['e', save],
    begin: ({ onFiles }) => onFiles?.({ written: 300, present: 12, of: 1_216 }),
  },
  't2d-export-over': {
    keys: ['e', save],
    begin: ({ onFiles }) => onFiles?.({ written: 1_204, present: 12, of: 1_216 }),
    isOver: true,
  },
  't2d-failed': {
    keys: ['e', save],
    begin: ({ onFiles }) => onFiles?.({ written: 312, present: 0, of: 1_216 }),
    fault: new XmError('device-full', { folder: '/media/mbome/CLE_1024' }),
  },
  't2d-missing': {
    keys: ['i', save],
    fault: new XmError('device-missing', { folder: '/media/mbome/CLE_1024' }),
  },
  't2d-quit': { keys: ['i', save, 'q'], begin: begun },
};

describe.each(languages)('%s', language => {
  it.each(Object.entries(scenes))('%s', async (name, scene) => {
    const t2d = new ScriptedT2d();
    if (scene.begin) t2d.begin = scene.begin;
    const ports = workingWith(t2d);
    ports.readOnly = scene.readOnly ?? false;
    stage = new Stage({ language, ports });
    await stage.logIn();
    await stage.type(':t2d\r');
    await stage.until(consoleTexts[language].t2d.waits);
    for (const key of scene.keys ?? []) await stage.type(key);
    if (scene.fault) t2d.over.reject(scene.fault);
    if (scene.isOver) t2d.over.resolve();
    await stage.settle();
    if (scene.afterwards !== undefined) await stage.type(scene.afterwards);
    await expectFrames(stage, folder, name, language);
  });
});
