/** Connection, first operator and wizard as they are drawn. UPDATE_GOLDEN=1 writes the files anew: look at them. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import type { KnownConnection } from '../../../src/core/console-ports.ts';
import { XmError } from '../../../src/core/errors.ts';
import { type Language, languages } from '../../../src/core/language.ts';
import { type ConsoleTexts, consoleTexts } from '../../../src/text/console.ts';
import { expectFrames } from '../golden-file.ts';
import type { Stage } from '../stage.tsx';
import { now, type StandIn } from '../stand-in.ts';
import { EmptyCentre, password } from './centre.ts';

const folder = join(import.meta.dirname, '../golden');
const centre = await EmptyCentre.open();
const [save, clear, tab] = ['\x13', '\x15', '\t'];
/** Not right after another Enter: the two would be one. */
const enter = '\x1b[B\r';
const url = 'mqtts://mq.exemple.cm:8883';
const known: KnownConnection = {
  server: { host: 'db1.exemple.cm', port: 5432, user: 'xmserver', sslmode: 'verify-full' },
  hasPassword: true,
};
const host = 'db1.exemple.cm:5432';
const refused = new XmError('database-password', { host, user: 'xmserver' });
const detail = 'The server does not support SSL connections';
const unencrypted = new XmError('database-tls', { host, detail });

let stage: Stage;

beforeEach(async () => {
  process.env.TZ = 'UTC';
  vi.useFakeTimers({ now, toFake: ['Date'] });
  await centre.empty();
});

afterEach(() => {
  stage.close();
  vi.useRealTimers();
});

type Keys = readonly (readonly [keys: string, shown: string])[];

interface Scene {
  readonly ports?: (ports: StandIn) => void;
  /** Each waits until the frame shows what stands beside it. */
  readonly keys?: (texts: ConsoleTexts) => Keys;
}

function refusing(ports: StandIn): void {
  ports.known = known;
  ports.starting = async report => {
    report({ id: 'databases', state: 'running' });
    throw refused;
  };
}

const operatorKeys = ({ setup }: ConsoleTexts): Keys => [
  [`chef${tab}Ngo Bell Ruth${tab}${password}${tab}${password}${save}`, setup.steps.broker.what],
];

const brokerKeys = (texts: ConsoleTexts): Keys => [
  ...operatorKeys(texts),
  [enter, texts.settings.brokers.add],
  [`${clear}${url}${tab}xmserver${tab}secret${save}`, texts.setup.steps.client.what],
];

const scenes: Readonly<Record<string, Scene>> = {
  'connexion-first': {
    ports: ports => {
      ports.known = { server: undefined, hasPassword: false };
      ports.starting = () => Promise.reject(new XmError('database-unset'));
    },
    keys: ({ connexion }) => [[tab.repeat(3), connexion.passwordHint]],
  },
  'connexion-refused': { ports: refusing },
  'connexion-failed': {
    ports: ports => {
      refusing(ports);
      ports.connecting = () => Promise.reject(unencrypted);
    },
    keys: () => [[`${tab.repeat(4)}${save}`, 'SSL']],
  },
  'connexion-trying': {
    ports: ports => {
      refusing(ports);
      ports.connecting = (_access, report) => {
        report({ id: 'databases', state: 'running' });
        return new Promise(() => {});
      };
    },
    keys: ({ start }) => [[save, start.running]],
  },
  'start-refused': {
    ports: refusing,
    keys: ({ start }) => [['\x1b', start.failed]],
  },
  'first-operator': {
    keys: ({ operators }) => [[`chef${tab}Ngo Bell Ruth${tab}${password}${tab}`, operators.again]],
  },
  'first-operator-refused': {
    keys: ({ operators }) => [[`1${tab}Ruth${tab}a${tab}b${save}`, operators.userName]],
  },
  'setup-broker': { keys: operatorKeys },
  'setup-broker-form': {
    keys: texts => [...operatorKeys(texts), [enter, texts.settings.brokers.urlHint]],
  },
  'setup-client': { keys: brokerKeys },
  'setup-skipped': {
    keys: texts => [
      ...operatorKeys(texts),
      ['p', texts.setup.steps.client.what],
      ['p', texts.setup.incomplete],
    ],
  },
  'setup-complete': {
    keys: texts => [
      ...brokerKeys(texts),
      [enter, texts.acts['client-create'].name],
      [`Mbalmayo II${tab}Mbalmayo${save}`, texts.setup.complete],
    ],
  },
};

describe.each(languages)('%s', (language: Language) => {
  it.each(Object.entries(scenes))('%s', async (name, { ports: prepare, keys = () => [] }) => {
    const ports = centre.ports();
    prepare?.(ports);
    stage = await centre.console({ language, ports });
    for (const [text, shown] of keys(consoleTexts[language])) {
      await stage.type(text);
      await stage.until(shown);
    }
    await expectFrames(stage, folder, name, language);
  });
});
