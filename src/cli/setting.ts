/** `xmserver setting`: the settings that all machines of the installation share. */
import { getSetting, listSettings, type Setting, setSetting } from '../core/administration/setting.ts';
import { type AdministrationSession, type Command, needed } from './administration/session.ts';
import { type Answer, columns } from './pki/session.ts';

const list: Command = async ({ administration, operator, texts }) => {
  const settings = await listSettings(administration, operator);
  const head = [texts.setting, texts.value];
  return {
    json: settings,
    lines: columns([head, ...settings.map(setting => [setting.name, valueText(setting)])]),
  };
};

const get: Command = async (session, args) => {
  const { administration, operator, texts } = session;
  const name = needed(session, texts.nameWord, args[0]);
  return answerOf(await getSetting(administration, operator, name));
};

const set: Command = async (session, args) => {
  const { administration, operator } = session;
  const [name, value] = namesOf(session, args);
  return answerOf(await setSetting(administration, operator, name, value));
};

export const settingCommands: Readonly<Record<string, Command>> = { list, get, set };

/** A value of several words needs no quotes. */
function namesOf(session: AdministrationSession, args: readonly string[]): [name: string, value: string] {
  const { nameWord, valueWord } = session.texts;
  const name = needed(session, nameWord, args[0]);
  return [name, needed(session, valueWord, args.length < 2 ? undefined : args.slice(1).join(' '))];
}

/** The value alone, for a script to take. */
function answerOf(setting: Setting): Answer {
  return { json: setting, lines: [valueText(setting)] };
}

function valueText({ value }: Setting): string {
  return typeof value === 'object' ? value.join(',') : String(value);
}
