/** Fichier / Paramètres: what all machines of the installation share, and the language of this one. */
import {
  changeSettings,
  listSettings,
  type SettingName,
  settingRules,
} from '../../core/administration/setting.ts';
import { type Language, languages } from '../../core/language.ts';
import { grouped } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { type Entry, EntryScreen } from '../form/entry.ts';
import type { FieldOptions } from '../form/form.ts';

/** Characters of a number, or of names of tables. */
const otherLimit = 200;

export function openSettings(desk: Desk): EntryScreen {
  return new EntryScreen(desk, () => entryOf(desk));
}

async function entryOf(desk: Desk): Promise<Entry> {
  const { installation, operator } = desk.session;
  const { settings } = desk.texts;
  const current = await listSettings(installation.administration, operator);
  const before = new Map(current.map(({ name, value }) => [name, shown(value)]));
  const language = installation.language ?? desk.language;
  return {
    title: settings.title,
    fields: [
      ...current.map(({ name }) => ({
        id: name,
        label: settings.labels[name],
        value: before.get(name) ?? '',
        hint: settings.hints[name],
        required: !tableSettings.some(one => one === name),
        ...limitOf(name),
        check: checkOf(name, desk),
      })),
      {
        id: 'language',
        label: settings.language,
        value: language,
        choices: languages.map(id => ({ id, label: settings.languages[id] })),
        hint: settings.languageHint,
      },
      { id: 'dataFolder', label: settings.dataFolder, value: installation.dataFolder, readOnly: true },
    ],
    save: async values => {
      const changed = current.flatMap(({ name }) => {
        const text = values[name] ?? '';
        return text === before.get(name) ? [] : [[name, text] as const];
      });
      if (changed.length > 0) {
        await changeSettings(installation.administration, operator, Object.fromEntries(changed));
      }
      if (values.language !== language) installation.keepLanguage(values.language as Language);
      const isNothing = changed.length === 0 && values.language === language;
      return { told: isNothing ? settings.unchanged : settings.saved };
    },
    blame: (error, values) => {
      if (error.code === 'setting-invalid') return String(error.params.name);
      if (error.code !== 'table-unknown') return undefined;
      return tableSettings.find(name => listed(values[name] ?? '').includes(String(error.params.table)));
    },
  };
}

const tableSettings = ['defaultWrites', 'defaultReads'] as const;

/** As core reads it. */
function listed(text: string): string[] {
  return text
    .normalize('NFC')
    .split(',')
    .map(table => table.trim());
}

/** What a number or a text must be is known before anything is asked of the database. */
function checkOf(
  name: SettingName,
  { texts: { settings }, language }: Desk,
): NonNullable<FieldOptions['check']> {
  const rule = settingRules[name];
  if (rule.kind === 'number') {
    return value =>
      /^\d{1,9}$/.test(value) && Number(value) >= rule.least && Number(value) <= rule.most
        ? undefined
        : settings.numberNeeded(grouped(rule.least, language), grouped(rule.most, language));
  }
  return () => undefined;
}

function limitOf(name: SettingName): Pick<FieldOptions, 'limit'> {
  const rule = settingRules[name];
  return { limit: rule.kind === 'text' ? rule.limit : otherLimit };
}

function shown(value: string | number | readonly string[]): string {
  return typeof value === 'object' ? value.join(', ') : String(value);
}
