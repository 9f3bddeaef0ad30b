/** The screens of Clients, Utilisateurs and Signataires as they are drawn, in both languages and sizes. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { languages } from '../../../src/core/language.ts';
import type { Privilege } from '../../../src/core/operator.ts';
import { expectFrames } from '../golden-file.ts';
import type { Stage } from '../stage.tsx';
import { now } from '../stand-in.ts';
import { Centre } from './centre.ts';

const folder = join(import.meta.dirname, 'golden');
const centre = await Centre.found(300);

let stage: Stage;

beforeEach(() => {
  process.env.TZ = 'UTC';
  vi.useFakeTimers({ now, toFake: ['Date'] });
});

afterEach(async () => {
  stage.close();
  await centre.system.query('truncate received_message restart identity');
  vi.useRealTimers();
});

interface Scene {
  /** Clients have written. */
  readonly letters?: true;
  readonly privilege?: Privilege;
  /** What is typed, and what is waited for after it. */
  readonly steps: readonly (readonly [typed: string, seen: string | RegExp])[];
}

const list = [':clients\r', '1027'] as const;
const sheet = [':clients 1024\r', '6 99 00 00 00'] as const;

const scenes: Readonly<Record<string, Scene>> = {
  clients: { steps: [list, ['\x1b[B', '▸       1025']] },
  'clients-search': { steps: [list, ['/yaound', /2 \/ 304|▸ +1025[^▸]*1026/]] },
  'clients-none': { steps: [list, ['/zzz\r', /Aucun client|No client/]] },
  client: { steps: [sheet] },
  'client-menu': { steps: [sheet, ['\x1b[C', '└──']] },
  'client-help': { steps: [sheet, ['?', /d’origine|first password/]] },
  'client-create': { steps: [list, ['n', 'zerokey']] },
  'client-create-wrong': {
    steps: [list, ['n', 'zerokey'], ['Kribi\t\t12 ab\x13', /[Tt]éléphone :|[Tt]elephone:/]],
  },
  'client-change': { privilege: 4, steps: [sheet, ['c', /› (Modifier|Change)/]] },
  'client-account': { steps: [sheet, ['k', '2026/0002']] },
  'client-account-before': { steps: [sheet, ['k', '2026/0002'], ['-', '2026/0001']] },
  'client-recharge': { steps: [sheet, ['$', 'XAF']] },
  'client-recharge-wrong': { steps: [sheet, ['$', 'XAF'], ['12,5\tR\x13', '12,5.']] },
  'client-correct': { steps: [sheet, ['o', '-500']] },
  'client-invoice': { steps: [sheet, ['f', '2026-02']] },
  'client-invoice-asks': { steps: [sheet, ['f', '2026-02'], ['\r', /▸ N/]] },
  'client-paper': { steps: [sheet, ['f', '2026-02'], ['\r', /▸ N/], ['\x1b[C\r', /(n°|no\.) 1$/m]] },
  'client-status': { steps: [sheet, ['t', 'SDS']] },
  'client-status-asks': { privilege: 4, steps: [sheet, ['t', 'SDS'], ['0\r', /▸ N/]] },
  'client-message': { steps: [sheet, ['m', /objet|subject/]] },
  'client-rights': { steps: [sheet, ['d', 'BureauVote']] },
  'client-certificates': { steps: [sheet, ['x', '71605f4e3d2c1b0a']] },
  'client-password-reset': { privilege: 4, steps: [sheet, ['z', /▸ N/]] },
  'client-exchange': { privilege: 4, steps: [sheet, ['l', /par SDC|per SDC/]] },
  'client-exchange-wrong': {
    steps: [sheet, ['l', /par SDC|per SDC/], ['\t50\x13', /[Pp]rivil[èe]ge 4 n/]],
  },
  inbox: { letters: true, steps: [[':courrier\r', 'Panne de courant']] },
  'inbox-search': { letters: true, steps: [[':courrier yaoundé\r', 'Panne de courant']] },
  'received-message': {
    letters: true,
    steps: [
      [':courrier\r', 'Panne de courant'],
      ['\x1b[B\x1b[A\r', 'Les actes attendent'],
    ],
  },
  'client-answer': {
    letters: true,
    steps: [
      [':courrier\r', 'Panne de courant'],
      ['m', 'Re: Panne de courant'],
    ],
  },
  'client-no-right': { privilege: 1, steps: [sheet, ['$', /[Pp]rivil[èe]ge 2/]] },
  operators: { steps: [[':utilisateurs\r', 'Ngo Bell']] },
  'operator-create': {
    steps: [
      [':utilisateurs\r', 'Ngo Bell'],
      ['n', /deux fois|twice/],
    ],
  },
  'operator-change': {
    steps: [
      [':utilisateurs\r', 'Ngo Bell'],
      ['\x1b[B\x1b[B\r', 'jnoah'],
    ],
  },
  'operator-password': {
    steps: [
      [':utilisateurs\r', 'Ngo Bell'],
      ['p', /deux fois|twice/],
    ],
  },
  'operator-suspend': {
    steps: [
      [':utilisateurs\r', 'Ngo Bell'],
      ['\x1b[B\x1b[B', /▸ jnoah/],
      ['z', /▸ N/],
    ],
  },
  signatories: { steps: [[':signataires\r', 'Eyenga']] },
  'signatory-create': {
    steps: [
      [':signataires\r', 'Eyenga'],
      ['n', /matricule/],
    ],
  },
  'signatory-change': {
    steps: [
      [':signataires\r', 'Eyenga'],
      ['c', /officier d’état civil\n/],
    ],
  },
  'signatory-end': {
    steps: [
      [':signataires\r', 'Eyenga'],
      ['z', /2026/],
    ],
  },
};

async function receive(): Promise<void> {
  await centre.system.query('truncate received_message restart identity');
  await centre.receive(
    [1027, 'Papier', 'Plus de papier.', now - 7_200_000],
    [1024, 'Registre 2025', 'Le registre est clos.', now - 9 * 86_400_000],
    [
      1025,
      'Panne de courant depuis hier',
      'Bonjour,\n\nnous n’avons plus de courant depuis hier matin ; le groupe électrogène de la mairie est en panne lui aussi. Les actes attendent.\n\nMerci de nous dire quoi faire.',
      now - 3_600_000,
    ],
  );
  await centre.system.query('update received_message set read_at = $1 where client = 1024', [
    new Date(now - 8 * 86_400_000),
  ]);
  await centre.count();
}

describe.each(languages)('%s', language => {
  it.each(Object.entries(scenes))('%s', async (name, { privilege = 3, letters, steps }) => {
    await (letters ? receive() : centre.count());
    stage = await centre.open({ language }, privilege);
    for (const [typed, seen] of steps) {
      await stage.type(typed);
      await stage.until(seen);
    }
    await expectFrames(stage, folder, name, language);
  });
});
