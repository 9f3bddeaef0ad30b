/** What the console does on keys, from the start to the end. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { XmError } from '../../src/core/errors.ts';
import { Stage, type StageOptions } from './stage.tsx';
import { eventOf, running, StandIn } from './stand-in.ts';

let stage: Stage;

async function opened(options: StageOptions = {}): Promise<Stage> {
  stage = new Stage(options);
  await stage.settle();
  return stage;
}

async function working(prepare: (ports: StandIn) => void = () => undefined): Promise<Stage> {
  const ports = new StandIn();
  prepare(ports);
  await opened({ ports });
  await stage.logIn();
  expect(stage.console.phase.name).toBe('work');
  return stage;
}

const stopClock = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });

const withEngine = (ports: StandIn) => {
  ports.engine.status = running;
};

afterEach(() => {
  vi.useRealTimers();
  stage.close();
});

describe('the log', () => {
  it.each([
    ['fr', /partiel\s+Naissance\s+3 sur 5/],
    ['en', /partly\s+Naissance\s+3 of 5/],
  ] as const)('tells in %s how many records of a message were filed', async (language, expected) => {
    const ports = new StandIn();
    withEngine(ports);
    const { numero: _none, ...event } = eventOf(1);
    ports.engine.journal = [{ ...event, kind: 'partly', count: 3, records: 5 }];
    await opened({ ports, language });
    await stage.logIn();
    expect(stage.frame).toMatch(expected);
  });
});

describe('the start', () => {
  it('keeps what is typed meanwhile for the login', async () => {
    const ports = new StandIn();
    const ready = Promise.withResolvers<void>();
    ports.starting = () => ready.promise;
    await opened({ ports });
    await stage.type('mbome\rzzzz\r');
    expect(stage.console.phase.name).toBe('start');
    ready.resolve();
    await stage.settle();
    expect(ports.logins).toEqual(['mbome']);
    expect(stage.console.phase.name).toBe('work');
  });

  it('that failed is repeated by R, and forgets what was typed', async () => {
    const ports = new StandIn();
    const failing = Promise.withResolvers<void>();
    ports.starting = () => failing.promise;
    await opened({ ports });
    await stage.type('abc');
    failing.reject(new XmError('postgres-missing', { platform: 'plan9' }));
    await stage.settle();
    expect(stage.frame).toContain('Pas de PostgreSQL embarqué pour plan9.');
    expect(stage.frame).toContain('Installez PostgreSQL');
    ports.starting = async () => undefined;
    await stage.type('r');
    expect(stage.console.phase).toMatchObject({
      name: 'login',
      login: { fields: { userName: { value: '' } } },
    });
  });

  it('is left by Ctrl-C, also while it goes on', async () => {
    const ports = new StandIn();
    ports.starting = () => new Promise(() => {});
    await opened({ ports });
    await stage.type('\x03');
    expect(stage.message).toMatch(/^Quitter XMServer/);
    await stage.type('o');
    await stage.console.ended;
    expect(ports.quits).toEqual([false]);
  });
});

describe('messages', () => {
  it('are opened by Enter, decoded or as bytes, and Esc goes back to the list as it was', async () => {
    await working();
    await stage.type(':messages\r');
    await stage.type('\x1b[B\x1b[B\r');
    expect(stage.frame).toContain('Message 198');
    await stage.type('v');
    expect(stage.frame).toContain('BEGIN CMS');
    stage.console.key({ name: 'escape', text: '' });
    await stage.settle();
    expect(stage.frame).toMatch(/▸ +198 /);
  });

  it('that were refused are tried again, once', async () => {
    const { ports } = await working();
    await stage.type(':messages\r');
    await stage.type('x');
    expect(ports.messages.retried).toEqual([]);
    await stage.type('\x1b[B'.repeat(4));
    await stage.type('xx');
    expect(ports.messages.retried).toEqual([196]);
    expect(stage.message).toMatch(/^Un instant|^Traité : classé, n° 88 500/);
  });

  it.each([
    [
      'a refused one that does not open',
      { service: 'EXPORT', text: 'MIIB' },
      'Le contenu ne se laisse pas ouvrir.',
    ],
    [
      'one whose bytes were purged',
      { service: 'EXPORT' },
      'Les octets de ce message ne sont plus conservés.',
    ],
    ['a question', { service: 'ACCOUNT', text: 'MIIB' }, 'Ce message ne porte pas de fiche.'],
  ] as const)('say why nothing is shown of %s', async (_case, known, told) => {
    const { ports } = await working();
    ports.messages.detail = { ...known, content: [] };
    await stage.type(':messages\r');
    await stage.type('\x1b[B\r');
    expect(stage.frame).toContain(told);
  });

  it('are tried again by who may, and others are told why not', async () => {
    const { ports } = await working(asReader);
    await stage.type(':messages\r');
    await stage.type('\x1b[B'.repeat(4));
    expect(stage.frame).not.toContain('X réessayer');
    await stage.type('x');
    expect(stage.message).toBe('Privilège 3 nécessaire (le vôtre : 1).');
    expect(ports.messages.retried).toEqual([]);
  });

  it('keep what was searched for until it is given up, whatever is looked at between', async () => {
    const { ports } = await working();
    await stage.type(':messages\r');
    await stage.type('/10\r');
    await stage.type(':moniteur\r');
    await stage.type(':messages\r');
    expect(ports.messages.asked.at(-1)).toMatchObject({ search: '10' });
    expect(stage.frame).toMatch(/Messages .*\/ 10$/m);
    stage.console.key({ name: 'escape', text: '' });
    await stage.settle();
    expect(ports.messages.asked.at(-1)).toMatchObject({ search: '' });
  });

  it('show what a client has written, line by line, and nothing that acts on the terminal', async () => {
    const { ports } = await working();
    const long = 'Le registre de mars est plein, il nous en faut un autre avant lundi.';
    const content = [
      ['subject', 'Registre'],
      ['text', `Bonjour,\n${long}\x1b[2J`],
    ] as const;
    ports.messages.detail = { service: 'MESSAGE', content };
    await stage.type(':messages\r');
    await stage.type('\x1b[B\r');
    await stage.type('\x1b[F');
    expect(stage.frame).toMatch(
      /objet {2}Registre\n +texte {2}Bonjour,\n +Le registre de mars .* autre\n +avant lundi\. \[2J *\n/,
    );
  });

  it('that cannot be read say why, and the console goes on', async () => {
    const { ports } = await working();
    ports.messages.fault = new XmError('database-unreachable', { host: 'db1', detail: 'gone' });
    await stage.type(':messages\r');
    expect(stage.message).toContain('PostgreSQL injoignable sur db1');
  });
});

describe('what was sent', () => {
  it('is opened by Enter, known or as bytes, and sent again from there', async () => {
    const { ports } = await working();
    await stage.type(':envoyes\r');
    await stage.type('\x1b[B\x1b[B\x1b[B\x1b[B\r');
    expect(stage.frame).toContain('Envoyés › Envoi 116');
    expect(stage.frame).toMatch(/Naissance {2}n° 41 du client : annulé n° 88 214/);
    await stage.type('v');
    expect(stage.frame).toContain('BEGIN CMS');
    await stage.type('x');
    expect(ports.sent.again).toEqual([[116, 1]]);
    expect(stage.message).toBe('Envoi 116 : remis en attente ; le moteur renvoie les mêmes octets.');
  });

  it.each([
    ['waiting', 'Envoi 117 : il attend déjà d’être envoyé.'],
    ['sent', 'Envoi 117 : renvoyé entre-temps, rien de plus n’est fait.'],
  ] as const)('is not sent once more where it is %s', async (result, told) => {
    const { ports } = await working();
    ports.sent.result = result;
    await stage.type(':sent\r');
    await stage.type('\x1b[B\x1b[B\x1b[Bx');
    expect(ports.sent.again).toEqual([[117, 2]]);
    expect(stage.message).toBe(told);
  });

  it('is sent again by who may, and others are told why not', async () => {
    const { ports } = await working(asReader);
    await stage.type(':sent\r');
    expect(stage.frame).not.toContain('X renvoyer');
    await stage.type('\x1b[B\x1b[B\x1b[Bx');
    expect(stage.message).toBe('Privilège 3 nécessaire (le vôtre : 1).');
    expect(ports.sent.again).toEqual([]);
  });
});

describe('the login', () => {
  it('names what is wrong and keeps the name', async () => {
    await opened();
    await stage.type('mbome\rwrong\r');
    expect(stage.message).toBe('Nom utilisateur ou mot de passe inconnu.');
    expect(stage.frame).toMatch(/Nom utilisateur +mbome/);
    await stage.type('zzzz\r');
    expect(stage.console.phase.name).toBe('work');
  });

  it('never shows the password', async () => {
    await opened({ ports: Object.assign(new StandIn(), { trial: false }) });
    const before = stage.frame;
    await stage.type('\tsecret');
    expect(stage.frame).toBe(before);
  });

  it('shows which trial operator to type, in trial use only', async () => {
    await opened();
    expect(stage.frame).toContain('mbome / zzzz');
    stage.close();
    await opened({ ports: Object.assign(new StandIn(), { trial: false }) });
    expect(stage.frame).not.toContain('zzzz');
  });

  it('is tried once by a double Enter', async () => {
    await opened();
    await stage.type('mbome\rwrong\r\r\r');
    expect(stage.ports.logins).toEqual(['mbome']);
  });

  it('asks for what is missing', async () => {
    await opened();
    await stage.type('\t\r');
    expect(stage.message).toBe('Nom utilisateur et mot de passe, s’il vous plaît.');
    expect(stage.ports.logins).toEqual([]);
  });

  it('has the cursor in the field that is typed into', async () => {
    await opened();
    await stage.type('mb');
    expect(stage.caret).toEqual({ row: 5, column: 28 });
    await stage.type('\t');
    expect(stage.caret).toEqual({ row: 6, column: 26 });
  });
});

describe('a session', () => {
  it('shows who has it', async () => {
    await working();
    expect(stage.frame.split('\n')[0]).toMatch(/mbome · privilège 3$/);
  });

  it('is closed by the menu, and watches the engine no longer', async () => {
    await working(withEngine);
    expect(stage.ports.engine.listeners).toBe(1);
    await stage.type('f\x1b[A\x1b[A\r');
    expect(stage.console.phase.name).toBe('login');
    expect(stage.message).toBe('Session fermée.');
    expect(stage.ports.engine.listeners).toBe(0);
  });
});

describe('transmissions', () => {
  it('are launched by Transmissions / Lancer', async () => {
    await working();
    expect(stage.frame).toContain('Aucun moteur en marche');
    await stage.type('t\r');
    expect(stage.ports.engine.asked).toEqual(['launch']);
    expect(stage.message).toMatch(/^Moteur lancé/);
    expect(stage.frame).toContain('en marche');
  });

  it('are stopped and resumed', async () => {
    await working(withEngine);
    await stage.type('a');
    expect(stage.frame).toContain('○ arrêté');
    await stage.type('R');
    expect(stage.frame).toContain('● en marche');
    expect(stage.ports.engine.asked).toEqual(['pause', 'resume']);
  });

  it('do nothing twice while something is under way', async () => {
    await working();
    const gate = Promise.withResolvers<void>();
    stage.ports.engine.gate = gate.promise;
    await stage.type('ll');
    expect(stage.message).toBe('Un instant : « Lancer » est en cours.');
    gate.resolve();
    await stage.settle();
    expect(stage.ports.engine.asked).toEqual(['launch']);
  });

  it('leave the rest of the console to whoever waits for them', async () => {
    await working();
    const gate = Promise.withResolvers<void>();
    stage.ports.engine.gate = gate.promise;
    await stage.type('l');
    await stage.type(':messages\r');
    expect(stage.frame).toMatch(/Messages +200/);
    await stage.type('q');
    expect(stage.message).toMatch(/^Quitter XMServer/);
    await stage.type('n');
    gate.resolve();
    await stage.settle();
    expect(stage.message).toMatch(/^Moteur lancé/);
  });

  it('tell why they failed', async () => {
    await working();
    stage.ports.engine.gate = Promise.reject(
      new XmError('engine-start', { detail: 'exit 1', log: 'engine.log' }),
    );
    await stage.type('l');
    expect(stage.message).toBe('Le moteur ne démarre pas : exit 1. Voyez le journal engine.log.');
  });

  it.each([
    ['l', 'Le moteur est déjà en marche.', withEngine],
    ['r', 'Le moteur est déjà en marche.', withEngine],
    ['a', 'Aucun moteur en marche. Transmissions / Lancer, ou xmserver engine.', () => undefined],
    ['c', 'Le moteur est arrêté : R le fait reprendre.', paused],
    ['l', 'Privilège 3 nécessaire (le vôtre : 1).', asReader],
    ['l', 'La connexion à la base est perdue ; elle est rétablie dès que possible.', withoutDatabase],
    ['x', 'X ne sert à rien ici. ? montre les touches.', () => undefined],
  ])('say why not on %s: %s', async (key, reason, prepare) => {
    await working(prepare);
    await stage.type(key);
    expect(stage.message).toBe(reason);
    expect(stage.ports.engine.asked).toEqual([]);
  });

  it('show their events as they come, and why one was refused', async () => {
    stopClock();
    await working(withEngine);
    stage.ports.engine.tell({ ...running, events: [eventOf(0), eventOf(4)] });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(stage.frame).toMatch(/1024 Mbalmayo II +classé +Deces +n° 88 213 +512 o/);
    expect(stage.frame).toMatch(/▸ .*60231 Mairie de Y… +REFUSÉ +colonne « Sexe » absente/);
  });

  it('are shown at most once a second, and as they stand then', async () => {
    stopClock();
    await working(withEngine);
    const seen = new Set<string>();
    for (let received = 2_000; received < 2_040; received++) {
      stage.ports.engine.tell({ ...running, today: { ...running.today, received } });
      await vi.advanceTimersByTimeAsync(100);
      seen.add(/aujourd’hui +(\d \d+)/.exec(stage.frame)?.[1] ?? '');
    }
    expect(seen.size).toBeGreaterThan(2);
    expect(seen.size).toBeLessThanOrEqual(6);
  });

  it('are gone from the Monitor when the engine is', async () => {
    await working(withEngine);
    stage.ports.engine.tell(undefined);
    await stage.settle();
    expect(stage.frame).toContain('Aucun moteur en marche');
    expect(stage.frame).toContain('L lancer');
  });
});

describe('a command', () => {
  it.each([['lancer'], ['launch'], ['LANCER']])(':%s does it, in either language', async name => {
    await working();
    await stage.type(`:${name}\r`);
    expect(stage.ports.engine.asked).toEqual(['launch']);
  });

  it('is completed by Tab, and its letters are no keys', async () => {
    await working(withEngine);
    await stage.type(':arr\t');
    expect(stage.message).toBe(':arrêter');
    await stage.type('\r');
    expect(stage.ports.engine.asked).toEqual(['pause']);
  });

  it('that nobody knows is named', async () => {
    await working();
    await stage.type(':clientz\r');
    expect(stage.message).toBe('Commande inconnue : clientz. Tab complète, ? montre les touches.');
  });
});

describe('screens', () => {
  it('come on top of each other, and Esc goes back', async () => {
    await working();
    await stage.type('i');
    expect(stage.frame).toContain('© 2025 XMcomm');
    await stage.type('?');
    expect(stage.frame).toContain('Aide : les touches');
    await stage.type('\x1b\x1b[1;1R');
    expect(stage.frame).toContain('© 2025 XMcomm');
    await stage.type(':moniteur\r');
    expect(stage.frame).toContain('Aucun moteur en marche : rien');
  });

  it('that are open already are gone back to, as they were', async () => {
    await working();
    await stage.type(':messages\r');
    await stage.type('\x1b[B\r');
    await stage.type('?');
    await stage.type(':messages\r');
    expect(stage.frame).toMatch(/▸ +199 /);
    stage.console.key({ name: 'escape', text: '' });
    await stage.settle();
    expect(stage.frame).toContain('Aucun moteur en marche : rien');
  });

  it('that are gone back to leave a form below what came by itself', async () => {
    await working(withEngine);
    const gate = Promise.withResolvers<void>();
    stage.ports.engine.gate = gate.promise;
    await stage.type(':subscribe\r');
    await stage.type(':mot-de-passe\r');
    await stage.type('zzzz');
    gate.resolve();
    await stage.settle();
    expect(stage.frame).toContain('Mot de passe de mbome › MQTT Subscribe');
    await stage.type(':moniteur\r');
    expect(stage.frame).toContain('dernière heure');
    for (const seen of ['› MQTT Subscribe', 'Mot de passe de mbome']) {
      stage.console.key({ name: 'escape', text: '' });
      await stage.settle();
      expect(stage.frame).toContain(seen);
    }
    stage.console.key({ name: 'escape', text: '' });
    await stage.settle();
    expect(stage.message).toBe('Abandonner ce qui a été tapé ?');
  });

  it('that cannot be drawn leave the others as they are', async () => {
    await working(withEngine);
    // As an engine of another version might tell it.
    stage.ports.engine.tell(JSON.parse(JSON.stringify({ ...running, state: 'paused', database: undefined })));
    await stage.settle();
    expect(stage.message).toMatch(/^Panne interne : /);
    await stage.type('?');
    expect(stage.frame).toContain('Aide : les touches');
    stage.ports.engine.tell(running);
    await stage.type('\x1b\x1b[1;1R');
    expect(stage.frame).toContain('● en marche');
  });

  it('fit a window of any size', async () => {
    await working(withEngine);
    for (const [columns, rows] of [
      [60, 16],
      [40, 12],
      [132, 50],
    ] as const) {
      stage.window.resize(columns, rows);
      await stage.settle();
      const lines = stage.frame.split('\n');
      expect(lines).toHaveLength(rows);
      expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(columns);
    }
    stage.window.resize(30, 10);
    await stage.settle();
    expect(stage.frame).toContain('Fenêtre trop petite');
  });
});

describe('quitting', () => {
  it('lets the services go on unless told otherwise', async () => {
    await working();
    await stage.type('q\r');
    await stage.console.ended;
    expect(stage.ports.quits).toEqual([false]);
  });

  it('stops everything when that is chosen, and shows how far it is', async () => {
    await working(ports => {
      ports.stopping = async report => {
        report({ id: 'engine', state: 'done' });
        report({ id: 'broker', state: 'running' });
        await new Promise(setImmediate);
      };
    });
    await stage.type('q');
    stage.console.key({ name: 'a', text: 'a' });
    await Promise.resolve();
    expect(stage.frame).toMatch(/moteur +arrêté/);
    await stage.console.ended;
    expect(stage.ports.quits).toEqual([true]);
  });

  it.each([['n'], ['\x03'], ['\x1b[C\x1b[C\r']])('is called off by %j', async keys => {
    await working();
    await stage.type(`q${keys}`);
    expect(stage.ports.quits).toEqual([]);
    expect(stage.console.question).toBeUndefined();
    expect(stage.console.phase.name).toBe('work');
  });

  it('without embedded services stays, unless told to leave', async () => {
    await working(ports => {
      ports.embedded = false;
    });
    await stage.type('q\r');
    expect(stage.ports.quits).toEqual([]);
    await stage.type('qo');
    await stage.console.ended;
    expect(stage.ports.quits).toEqual([false]);
  });

  it('that failed goes back to where it was, and says why', async () => {
    await working(ports => {
      ports.stopping = async () => {
        throw new XmError('postgres-start', { detail: 'busy', log: 'postgres.log' });
      };
    });
    await stage.type('qa');
    expect(stage.message).toMatch(/^Tout n’a pas pu être arrêté\./);
    expect(stage.console.phase.name).toBe('work');
    stage.ports.stopping = async () => undefined;
    await stage.type('qo');
    await stage.console.ended;
    expect(stage.ports.quits).toEqual([true, false]);
  });

  it('tells that the program was replaced under it, and is left all the same', async () => {
    const gone = './no-such-chunk.js';
    await working(ports => {
      ports.stopping = async () => void (ports.quits.at(-1) && (await import(/* @vite-ignore */ gone)));
    });
    await stage.type('qa');
    await stage.until('Le programme a été remplacé entre-temps.');
    await stage.type('qo');
    await stage.console.ended;
  });

  it('is over when the terminal is gone, also where it fails', async () => {
    await working(ports => {
      ports.stopping = async () => {
        throw new XmError('link-closed');
      };
    });
    stage.console.hangUp();
    await stage.console.ended;
    expect(stage.ports.quits).toEqual([false]);
  });
});

describe('a copy of the screen', () => {
  it.each([
    ['Ctrl-P', '', '\x10'],
    [':copier', ':copier', '\r'],
  ])('is kept by %s, and the message line says where', async (_case, before, key) => {
    await working();
    await stage.type(before);
    const seen = stage.frame;
    await stage.type(key);
    const lines = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .map(line => line.trimEnd());
    expect(lines(stage.ports.captures[0] ?? '')).toEqual(lines(seen));
    expect(stage.message).toBe('Écran copié : /srv/XMSData/captures/1.txt');
  });

  it('is kept with the question that stands there, which goes on waiting', async () => {
    await working();
    await stage.type('q');
    await stage.type('\x10');
    expect(stage.ports.captures[0]).toContain('Quitter XMServer ?');
    expect(stage.console.question).toBeDefined();
  });
});

describe('help', () => {
  it('begins with the keys of the screen it was asked on, and can be turned where it does not fit', async () => {
    await working();
    await stage.type(':messages\r');
    await stage.type('?');
    const titles = () =>
      stage.frame.split('\n').filter(line => /^ (Messages|Dans une liste|Partout|Devant)/.test(line));
    expect(titles()[0]).toMatch(/^ Messages/);
    expect(stage.frame).not.toContain('Devant une question');
    await stage.type('\x1b[F');
    expect(stage.frame).toContain('Devant une question');
  });
});

describe('read-only mode', () => {
  it('stands in the frame, refuses what changes something, and does not offer to stop everything', async () => {
    await working(ports => {
      ports.readOnly = true;
      ports.engine.status = running;
    });
    expect(stage.frame.split('\n')[0]).toContain('LECTURE SEULE');
    await stage.type('a');
    expect(stage.message).toBe('Lecture seule : rien ne se change ici. Ouvrez la console sans --read-only.');
    expect(stage.ports.engine.asked).toEqual([]);
    await stage.type('q');
    expect(stage.frame).not.toContain('tout arrêter');
  });
});

function paused(ports: StandIn): void {
  ports.engine.status = { ...running, state: 'paused' };
}

function asReader(ports: StandIn): void {
  ports.privilege = 1;
}

function withoutDatabase(ports: StandIn): void {
  ports.databaseLost = 'database-unreachable';
}
