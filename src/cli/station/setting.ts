/** `xmstation setting`: what is set of the way to the centre, for links that are thin or paid by the byte. */
import type { StationFolder, StationSettings } from '../../config.ts';
import { XmError } from '../../core/errors.ts';
import { table } from '../../text/table.ts';
import { exitCodes } from '../command-line.ts';
import { readStation } from '../open-station.ts';
import { brokerUrl } from './init.ts';
import { print, type StationSession, usage } from './session.ts';

interface Setting {
  /** What it is where nothing is set. */
  readonly usual: string | number | boolean;
  get(settings: StationSettings): string | number | boolean | undefined;
  /** Undefined: the usual. Throws what it does not take. */
  set(settings: StationSettings, text: string | undefined): Partial<StationSettings>;
}

const settings: Readonly<Record<string, Setting>> = {
  batch: {
    usual: 1,
    get: ({ batch }) => batch,
    set: (_settings, text) => ({ batch: text === undefined ? 1 : whole('batch', text, 250) }),
  },
  keepAlive: {
    usual: 1_200,
    get: ({ broker }) => broker.keepAliveS,
    set: ({ broker }, text) => {
      const { keepAliveS: _before, ...others } = broker;
      return {
        broker: text === undefined ? others : { ...others, keepAliveS: whole('keepAlive', text, 65_535) },
      };
    },
  },
  groups: {
    usual: 'X25519:P-256',
    get: ({ broker }) => broker.groups,
    set: ({ broker }, text) => {
      const { groups: _before, ...others } = broker;
      if (text !== undefined && !/^[\w.-]+(:[\w.-]+)*$/.test(text)) throw invalid('groups', 'X25519:P-256');
      return { broker: text === undefined ? others : { ...others, groups: text } };
    },
  },
  sessionKeys: {
    usual: true,
    get: ({ sessionKeys }) => sessionKeys,
    set: (_settings, text = 'true') => ({ sessionKeys: isTrue('sessionKeys', text) }),
  },
  topicAlias: {
    usual: true,
    get: ({ topicAlias }) => topicAlias,
    set: (_settings, text = 'true') => ({ topicAlias: isTrue('topicAlias', text) }),
  },
  broker: {
    usual: '',
    get: ({ broker }) => broker.url,
    set: ({ broker }, text) => ({ broker: { ...broker, url: brokerUrl(text ?? '') } }),
  },
  brokerUser: {
    usual: '',
    get: ({ broker }) => broker.userName,
    set: ({ broker, matricule }, text) => ({ broker: { ...broker, userName: text ?? `${matricule}` } }),
  },
};

export async function setting(session: StationSession, args: readonly string[]): Promise<number> {
  const { texts } = session;
  const [act = 'list', name, ...words] = args;
  const { folder } = readStation(session.folder);
  switch (act) {
    case 'list':
      print(
        session,
        Object.fromEntries(Object.keys(settings).map(one => [one, valueIn(folder, one)])),
        table(Object.keys(settings).map(one => [one, `${valueIn(folder, one)}`, texts.settings[one] ?? ''])),
      );
      return exitCodes.ok;
    case 'get':
      print(session, { [known(name)]: valueIn(folder, known(name)) }, [`${valueIn(folder, known(name))}`]);
      return exitCodes.ok;
    case 'set': {
      const [value] = words;
      if (value === undefined || words.length > 1) throw usage(texts.valueNeeded);
      const changed = settings[known(name)]?.set(settingsOf(folder), value === '-' ? undefined : value);
      folder.set(changed ?? {});
      print(session, { [known(name)]: valueIn(folder, known(name)) }, [
        `${known(name)}: ${valueIn(folder, known(name))}`,
      ]);
      return exitCodes.ok;
    }
    default:
      throw usage(texts.settingActs);
  }
}

function settingsOf(folder: StationFolder): StationSettings {
  return folder.settings as StationSettings; // readStation has looked
}

function valueIn(folder: StationFolder, name: string): string | number | boolean {
  const found = settings[name];
  return found?.get(settingsOf(folder)) ?? found?.usual ?? '';
}

/** Throws `setting-unknown`. */
function known(name: string | undefined): string {
  if (name !== undefined && Object.hasOwn(settings, name)) return name;
  throw new XmError('setting-unknown', { name: name ?? '', names: Object.keys(settings).join(', ') });
}

function whole(name: string, text: string, most: number): number {
  if (/^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text);
  throw invalid(name, `1–${most}`);
}

function isTrue(name: string, text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw invalid(name, 'true, false');
}

function invalid(name: string, expected: string): XmError {
  return new XmError('setting-invalid', { name, expected });
}
