/** Every screen as it is drawn, in both languages and sizes. UPDATE_GOLDEN=1 writes the files anew: look at them. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { XmError } from '../../src/core/errors.ts';
import { languages } from '../../src/core/language.ts';
import { expectFrames } from './golden-file.ts';
import { Stage, type StageOptions } from './stage.tsx';
import { after, eventOf, now, running, StandIn } from './stand-in.ts';

const folder = join(import.meta.dirname, 'golden');

const never = new Promise<void>(() => {});

let stage: Stage;

beforeEach(() => {
  process.env.TZ = 'UTC';
  vi.useFakeTimers({ now, toFake: ['Date'] });
});

afterEach(() => {
  stage.close();
  vi.useRealTimers();
});

/** An installation with a day behind it. */
function working(): StandIn {
  const ports = new StandIn();
  ports.engine.status = after(running, [eventOf(14)]);
  ports.engine.journal = Array.from({ length: 15 }, (_, n) => eventOf(n));
  return ports;
}

type Scene = (options: StageOptions) => Promise<Stage>;

const scenes: Readonly<Record<string, Scene>> = {
  start: async options => {
    const ports = new StandIn();
    ports.starting = report => {
      report({ id: 'postgres', state: 'done' });
      report({ id: 'databases', state: 'done' });
      report({ id: 'broker', state: 'running' });
      report({ id: 'trial', state: 'running', progress: '12 / 40' });
      return never;
    };
    return opened({ ...options, ports });
  },
  'start-failed': async options => {
    const ports = new StandIn();
    ports.starting = async report => {
      report({ id: 'postgres', state: 'running' });
      throw new XmError('postgres-start', {
        detail: 'initdb: exit code 1',
        log: '/srv/XMSData/log/postgres.log',
      });
    };
    return opened({ ...options, ports });
  },
  login: options => opened(options),
  'login-failed': async options => {
    const there = await opened(options);
    await there.type('mbome\rwrong\r');
    return there;
  },
  monitor: options => loggedIn({ ...options, ports: working() }),
  'monitor-no-engine': options => loggedIn(options),
  'monitor-no-right': options => {
    const ports = new StandIn();
    ports.privilege = 2;
    return loggedIn({ ...options, ports });
  },
  'monitor-paused': options => {
    const ports = working();
    const { protocol: _none, ...broker } = running.broker;
    ports.engine.status = { ...running, state: 'paused', broker: { ...broker, state: 'closed' } };
    return loggedIn({ ...options, ports });
  },
  'monitor-broker-lost': options => {
    const ports = working();
    const url = 'mqtt://127.0.0.1:18830';
    const reason = { code: 'broker-unreachable', params: { url, detail: 'ECONNREFUSED' } } as const;
    ports.engine.status = { ...running, broker: { url, state: 'lost', reason } };
    return loggedIn({ ...options, ports });
  },
  'monitor-database-lost': options => {
    const ports = working();
    ports.databaseLost = 'database-unreachable';
    return loggedIn({ ...options, ports }, '\x0c');
  },
  menu: options => loggedIn({ ...options, ports: working() }, 't\x1b[B\x1b[B'),
  command: options => loggedIn({ ...options, ports: working() }, ':'),
  messages: options => loggedIn({ ...options, ports: working() }, ':messages\r', '\x1b[B'),
  'messages-search': options => loggedIn({ ...options, ports: working() }, ':messages\r', '/10\r'),
  'messages-sort': options => loggedIn({ ...options, ports: working() }, ':messages\r', 's'),
  message: options => loggedIn({ ...options, ports: working() }, ':messages\r', '\x1b[B\x1b[B\x1b[B\x1b[B\r'),
  'message-raw': options => loggedIn({ ...options, ports: working() }, ':messages\r', '\x1b[B', '\r', 'v'),
  'messages-cancelled': options => {
    const ports = working();
    const [first, second] = [ports.messages.rows[198], ports.messages.rows[197]];
    if (first && second)
      ports.messages.rows.splice(197, 2, { ...second, act: 'changed' }, { ...first, act: 'cancelled' });
    return loggedIn({ ...options, ports }, ':messages\r');
  },
  'message-cancelled': options => {
    const ports = working();
    const row = ports.messages.rows[198];
    if (row) ports.messages.rows[198] = { ...row, act: 'cancelled' };
    const content = [['NumeroActe', '12/2026'] as const];
    ports.messages.detail = { service: 'EXPORT', content, text: '', acts: { changed: 0, cancelled: 1 } };
    return loggedIn({ ...options, ports }, ':messages\r', '\x1b[B\r');
  },
  sent: options => loggedIn({ ...options, ports: working() }, ':sent\r', '\x1b[B\x1b[B\x1b[B'),
  'sent-message': options =>
    loggedIn({ ...options, ports: working() }, ':sent\r', '\x1b[B\x1b[B\x1b[B\x1b[B\r'),
  'sent-raw': options => loggedIn({ ...options, ports: working() }, ':sent\r', '\x1b[B\x1b[B\x1b[B\r', 'v'),
  'sent-written': options => {
    const ports = working();
    ports.sent.known = {
      kind: 'message',
      count: 0,
      about: [],
      written: { subject: 'Registre', text: 'Bonjour,\nvotre registre de mars est prêt.' },
    };
    return loggedIn({ ...options, ports }, ':sent\r', '\x1b[B\x1b[B\x1b[B\r');
  },
  infos: options => loggedIn({ ...options, ports: working() }, 'i'),
  help: options => loggedIn({ ...options, ports: working() }, '?'),
  quit: options => loggedIn({ ...options, ports: working() }, 'q'),
  'quit-plain': options => {
    const ports = working();
    ports.embedded = false;
    ports.trial = false;
    return loggedIn({ ...options, ports }, 'q');
  },
  quitting: options => {
    const ports = working();
    ports.stopping = report => {
      report({ id: 'engine', state: 'done' });
      report({ id: 'station', state: 'done' });
      report({ id: 'broker', state: 'running' });
      return never;
    };
    return loggedIn({ ...options, ports }, 'q\x1b[C\r');
  },
};

describe.each(languages)('%s', language => {
  it.each(Object.entries(scenes))('%s', async (name, scene) => {
    stage = await scene({ language });
    await expectFrames(stage, folder, name, language);
  });
});

async function opened(options: StageOptions): Promise<Stage> {
  const there = new Stage(options);
  await there.settle();
  return there;
}

async function loggedIn(options: StageOptions, ...keys: string[]): Promise<Stage> {
  const there = await opened(options);
  await there.logIn();
  for (const text of keys) await there.type(text);
  return there;
}
