/** The settings that all machines of an installation share ("Fichier / Paramètres"): names, rules, first values. */
import { XmError } from '../errors.ts';
import { demand, type Operator } from '../operator.ts';
import { perform } from './act.ts';
import { isPrintable } from './field.ts';
import type { Administration } from './ports.ts';

type Rule =
  | { readonly kind: 'number'; readonly least: number; readonly most: number; readonly initial: number }
  | {
      readonly kind: 'text';
      readonly limit: number;
      readonly initial: string;
      /** What it must be, and how that is told. */
      readonly form?: { readonly pattern: RegExp; readonly told: string };
    }
  | { readonly kind: 'tables'; readonly initial: readonly string[] };

export const settingRules = {
  serverName: { kind: 'text', limit: 80, initial: 'XMServer' },
  /** Seconds. */
  cyclePeriodS: { kind: 'number', least: 5, most: 3_600, initial: 60 },
  /** How long attempts to get in are kept (the journal of messages), those that were refused too. */
  attemptDays: { kind: 'number', least: 1, most: 36_500, initial: 400 },
  /**
   * How long sealed answers are kept to be repeated byte for byte; later, a repeat gets a new one with the same proof.
   * Questions that are dated further off are refused: they would be carried out again.
   */
  answerDays: { kind: 'number', least: 1, most: 36_500, initial: 180 },
  /** How far below zero reading may take an account, in the smallest unit of the currency. */
  readingOverdraft: { kind: 'number', least: 0, most: 1_000_000_000, initial: 0 },
  /** ISO 4217. */
  currency: {
    kind: 'text',
    limit: 3,
    initial: 'XAF',
    form: { pattern: /^[A-Z]{3}$/, told: 'ISO 4217 (XAF, EUR …)' },
  },
  /** Digits of the currency's smallest unit, in which all amounts are kept. */
  currencyDecimals: { kind: 'number', least: 0, most: 4, initial: 0 },
  /** 1: engines file what is laid in the data folder's t2d/in, and write the answers into t2d/out. */
  t2dWatch: { kind: 'number', least: 0, most: 1, initial: 0 },
  /** What a new client may write and read. */
  defaultWrites: { kind: 'tables', initial: [] },
  defaultReads: { kind: 'tables', initial: [] },
} as const satisfies Record<string, Rule>;

export type SettingName = keyof typeof settingRules;

interface KindValues {
  readonly number: number;
  readonly text: string;
  readonly tables: readonly string[];
}
export type SettingValue<Name extends SettingName = SettingName> =
  KindValues[(typeof settingRules)[Name]['kind']];

export interface Setting {
  readonly name: SettingName;
  readonly value: SettingValue;
  /** False: the first value, which nobody has changed. */
  readonly isSet: boolean;
}

const settingNames = Object.keys(settingRules) as SettingName[];

/** The value in force, of what is stored. */
export function settingOf<Name extends SettingName>(
  stored: ReadonlyMap<string, unknown>,
  name: Name,
): SettingValue<Name> {
  return (stored.get(name) ?? settingRules[name].initial) as SettingValue<Name>;
}

/** Throws `privilege-needed`. */
export async function listSettings({ store }: Administration, operator: Operator): Promise<Setting[]> {
  demand(operator, 'settings-view');
  const stored = await store.settings();
  return settingNames.map(name => settingIn(stored, name));
}

/** Throws `privilege-needed`, `setting-unknown`. */
export async function getSetting(
  { store }: Administration,
  operator: Operator,
  name: string,
): Promise<Setting> {
  demand(operator, 'settings-view');
  return settingIn(await store.settings(), nameOf(name));
}

/**
 * One setting; see `changeSettings`.
 * Throws `privilege-needed`, `setting-unknown`, `setting-invalid`, `setting-fixed`, `table-unknown`.
 */
export async function setSetting(
  administration: Administration,
  operator: Operator,
  name: string,
  text: string,
): Promise<Setting> {
  const known = nameOf(name);
  const [setting] = await changeSettings(administration, operator, { [known]: text });
  return setting as Setting;
}

/**
 * All of them or none, each a row of the journal. Values as people type them; tables apart by commas. Engines go by
 * them from their next cycle on. Throws `privilege-needed`, `setting-invalid`, `setting-fixed`, `table-unknown`.
 */
export async function changeSettings(
  administration: Administration,
  operator: Operator,
  texts: Readonly<Partial<Record<SettingName, string>>>,
): Promise<Setting[]> {
  const wanted = settingNames.flatMap(name => {
    const text = texts[name];
    return text === undefined ? [] : [{ name, value: parse(name, text), isSet: true }];
  });
  for (const { value } of wanted) if (typeof value === 'object') await demandTables(administration, value);
  return perform(administration, operator, 'setting-change', async (records, actor) => {
    const stored = await records.settings();
    for (const { name, value } of wanted) {
      const before = settingOf(stored, name);
      // Reading is SDS (guide §4.1), for those who are created later, too.
      if (name === 'defaultReads') demand(actor, 'client-sds');
      // Amounts are kept in the smallest unit: of those that stand, each would become another.
      if (name === 'currencyDecimals' && value !== before && (await records.lockMovements())) {
        throw new XmError('setting-fixed', { name });
      }
      await records.writeSetting(name, value);
      await records.writeJournal('setting-change', { setting: name, before, after: value }, actor.userName);
    }
    return { result: wanted, detail: undefined };
  });
}

function settingIn(stored: ReadonlyMap<string, unknown>, name: SettingName): Setting {
  return { name, value: settingOf(stored, name), isSet: stored.has(name) };
}

async function demandTables(administration: Administration, wanted: readonly string[]): Promise<void> {
  const tables = await administration.tables();
  for (const table of wanted) if (!tables.has(table)) throw new XmError('table-unknown', { table });
}

function nameOf(name: string): SettingName {
  const known = settingNames.find(one => one === name);
  if (known) return known;
  throw new XmError('setting-unknown', { name, names: settingNames.join(', ') });
}

function isText(line: string, { limit, form }: Extract<Rule, { kind: 'text' }>): boolean {
  const isWhole = line.length > 0 && line.length <= limit && isPrintable(line);
  return isWhole && (form?.pattern.test(line) ?? true);
}

function parse(name: SettingName, text: string): SettingValue {
  const rule: Rule = settingRules[name];
  const line = text.normalize('NFC').trim();
  switch (rule.kind) {
    case 'number': {
      const value = /^\d{1,9}$/.test(line) ? Number(line) : NaN;
      if (value >= rule.least && value <= rule.most) return value;
      throw new XmError('setting-invalid', { name, expected: `${rule.least}…${rule.most}` });
    }
    case 'text':
      if (isText(line, rule)) return line;
      throw new XmError('setting-invalid', { name, expected: rule.form?.told ?? `1…${rule.limit}` });
    case 'tables':
      return [...new Set(line.split(',').flatMap(table => table.trim() || []))];
  }
}
