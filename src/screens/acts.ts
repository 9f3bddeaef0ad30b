/** The one table of what an operator can have done, whether by a key, a menu or a command. */
import type { EngineState } from '../core/engine-status.ts';
import type { ErrorCode, ErrorParams } from '../core/errors.ts';
import { actPrivileges, menuPrivileges, type Privilege } from '../core/operator.ts';
import { type ConsoleTexts, consoleTexts } from '../text/console.ts';
import { clientActs } from './clients/acts.ts';
import type { Desk } from './desk.ts';
import { wordsOf } from './fault.ts';
import { operatorActs } from './operators/acts.ts';
import { securityActs } from './security/acts.ts';
import { signatoryActs } from './signatories/acts.ts';
import { whileLost } from './subject.ts';

export type ActId = keyof ConsoleTexts['acts'];

export interface Act {
  /** The least that opens it; absent: everybody. */
  readonly privilege?: Privilege;
  /** Not in read-only mode; acts within screens are refused by what they call. */
  readonly changes?: true;
  /** Why it cannot be done as things stand; undefined: it can. */
  readonly refusal?: (desk: Desk) => string | undefined;
  /** `words`: what was typed after the command; only where it takes words. */
  readonly run: (desk: Desk, words: string) => Promise<void> | void;
  readonly takesWords?: boolean;
}

const acts: Readonly<Record<ActId, Act>> = {
  'engine-launch': {
    privilege: actPrivileges['engine-launch'],
    changes: true,
    refusal: desk => whileLost(desk) ?? whileThere(desk),
    run: desk => desk.session.installation.engine.launch(),
  },
  'engine-pause': {
    privilege: actPrivileges['engine-pause'],
    changes: true,
    refusal: desk => unless('running', desk),
    run: desk => desk.session.installation.engine.pause(),
  },
  'engine-resume': {
    privilege: actPrivileges['engine-resume'],
    changes: true,
    refusal: desk => unless('paused', desk),
    run: desk => desk.session.installation.engine.resume(),
  },
  'engine-cycle': {
    privilege: actPrivileges['engine-cycle'],
    changes: true,
    refusal: desk => unless('running', desk),
    run: desk => desk.session.installation.engine.cycle(),
  },
  'engine-subscribe': {
    privilege: actPrivileges['engine-subscribe'],
    changes: true,
    refusal: desk => unless('running', desk),
    run: async desk => {
      await desk.session.installation.engine.subscribeAnew();
      desk.open('subscription');
    },
  },
  'broker-test': { privilege: actPrivileges['broker-test'], run: desk => desk.open('broker-test') },
  monitor: { privilege: menuPrivileges.transmissions, run: desk => desk.open('monitor') },
  messages: { privilege: menuPrivileges.transmissions, run: desk => desk.open('messages') },
  sent: { privilege: menuPrivileges.transmissions, run: desk => desk.open('sent') },
  t2d: { privilege: actPrivileges['t2d-import'], run: desk => desk.open('t2d') },
  't2d-import': {
    privilege: actPrivileges['t2d-import'],
    changes: true,
    refusal: desk => whileTransferring(desk) ?? whileLost(desk),
    run: desk => openTransfer('t2d-import', desk),
  },
  't2d-export': {
    privilege: actPrivileges['t2d-export'],
    changes: true,
    refusal: desk => whileTransferring(desk) ?? whileLost(desk),
    run: desk => openTransfer('t2d-export', desk),
  },
  't2d-stop': {
    privilege: actPrivileges['t2d-import'],
    refusal: desk => (desk.session.transfer.isRunning ? undefined : desk.texts.t2d.nothingRuns),
    run: desk => desk.session.transfer.stop(),
  },
  ...clientActs,
  ...operatorActs,
  ...signatoryActs,
  ...securityActs,
  settings: { privilege: actPrivileges['settings-view'], run: desk => desk.open('settings') },
  brokers: { privilege: actPrivileges['brokers-view'], run: desk => desk.open('brokers') },
  tariffs: { privilege: actPrivileges['tariff-set'], run: desk => desk.open('tariffs') },
  certificates: { privilege: actPrivileges['certificates-view'], run: desk => desk.open('certificates') },
  requests: { privilege: actPrivileges['certificates-view'], run: desk => desk.open('requests') },
  'own-password': { privilege: actPrivileges['own-password'], run: desk => desk.open('own-password') },
  licence: { privilege: actPrivileges['licence-view'], run: desk => desk.open('licence') },
  setup: { privilege: actPrivileges['brokers-view'], changes: true, run: desk => desk.open('setup') },
  journal: { privilege: actPrivileges['journal-view'], run: desk => desk.open('journal') },
  infos: { privilege: menuPrivileges.infos, run: desk => desk.open('infos') },
  help: { run: desk => desk.open('help') },
  copy: { run: desk => desk.copy() },
  'close-session': { refusal: whileTransferring, run: desk => desk.closeSession() },
  quit: { run: desk => desk.quit() },
};

export function isAct(id: string): id is ActId {
  return Object.hasOwn(acts, id);
}

/** Why this operator cannot do it now; undefined: it can be done. */
export function refusalOf(id: ActId, desk: Desk): string | undefined {
  const { privilege = 0, changes = false, refusal } = acts[id];
  if (changes && desk.session.installation.readOnly) return told(desk, 'read-only', {});
  const own = desk.session.operator.privilege;
  if (own < privilege) return told(desk, 'privilege-needed', { needed: privilege, own });
  return refusal?.(desk);
}

/** Undefined: it is done. */
export function run(id: ActId, desk: Desk, words: string): Promise<void> | undefined {
  return acts[id].run(desk, words) ?? undefined;
}

/** Something is another afterwards: one at a time. */
export function changes(id: ActId): boolean {
  return acts[id].changes ?? false;
}

/** A command of this act may be followed by what it is about. */
export function takesWords(id: ActId): boolean {
  return acts[id].takesWords ?? false;
}

/** The act of a command, by its name in either language. */
export function actOfCommand(name: string): ActId | undefined {
  const wanted = name.toLowerCase();
  for (const { acts: texts } of Object.values(consoleTexts)) {
    for (const [id, { commands }] of Object.entries(texts))
      if (isAct(id) && commands.includes(wanted)) return id;
  }
  return undefined;
}

/** What is begun is followed, and ended, by who has begun it. */
function whileTransferring({ session, texts }: Desk): string | undefined {
  return session.transfer.isRunning ? texts.t2d.runs : undefined;
}

/** Its form, over the screen that shows what becomes of it. */
function openTransfer(form: 't2d-import' | 't2d-export', desk: Desk): void {
  desk.open('t2d');
  desk.open(form);
}

function whileThere({ session, texts }: Desk): string | undefined {
  const { status } = session.installation.engine;
  return status && texts.refusals.engine[status.state];
}

function unless(needed: EngineState, desk: Desk): string | undefined {
  const { status } = desk.session.installation.engine;
  if (status && status.state !== needed) return desk.texts.refusals.engine[status.state];
  return whileLost(desk) ?? (status ? undefined : told(desk, 'engine-not-running', {}));
}

function told({ texts, language }: Desk, code: ErrorCode, params: ErrorParams): string {
  return wordsOf({ code, params }, texts, language);
}
