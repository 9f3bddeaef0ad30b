/** The form of the connection, the first operator and the wizard on keys: what is kept, what is refused, what is asked. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addBroker } from '../../../src/core/administration/broker.ts';
import { createFirstOperator } from '../../../src/core/administration/operator.ts';
import type { KnownConnection } from '../../../src/core/console-ports.ts';
import { type ErrorCode, sentence, XmError } from '../../../src/core/errors.ts';
import { consoleTexts } from '../../../src/text/console.ts';
import { Stage } from '../stage.tsx';
import { StandIn } from '../stand-in.ts';
import { EmptyCentre, installer, password } from './centre.ts';

const texts = consoleTexts.fr;
const { connexion, setup } = texts;
const [save, clear, right] = ['\x13', '\x15', '\x1b[C'];
/** Not right after another Enter: the two would be one. */
const enter = '\x1b[B\r';

const known: KnownConnection = {
  server: { host: 'db1', port: 5433, user: 'xms', sslmode: 'require' },
  hasPassword: true,
};
const unreachable = new XmError('database-unreachable', { host: 'db1:5433', detail: 'ECONNREFUSED' });

const centre = await EmptyCentre.open();
let stage: Stage;

beforeEach(() => centre.empty());
afterEach(() => stage.close());

/** A console whose start fails until it is told otherwise. */
async function failing(fault: Error, isEmbedded = false): Promise<StandIn> {
  const ports = new StandIn();
  ports.known = isEmbedded ? undefined : known;
  ports.starting = () => Promise.reject(fault);
  stage = new Stage({ ports });
  await stage.settle();
  return ports;
}

describe('the connection', () => {
  it.each<ErrorCode>(['database-unset', 'database-unreachable', 'database-pooler', 'database-create'])(
    'is asked for after %s',
    async code => {
      await failing(new XmError(code, {}));
      expect(stage.frame).toContain(connexion.title);
    },
  );

  it('begins with what is kept, and the reason why it is asked for', async () => {
    await failing(unreachable);
    expect(stage.frame).toMatch(/hôte +db1\n +PostgreSQL injoignable sur db1:5433 : ECONNREFUSED\.\n/);
    expect(stage.frame).toMatch(/port +5433\n +utilisateur +xms\n/);
    expect(stage.frame).toContain(connexion.sslmodes.require);
  });

  it('is tried as it was typed, once by a double Enter, and then the start goes on', async () => {
    const ports = await failing(unreachable);
    const gate = Promise.withResolvers<void>();
    ports.connecting = async (_access, report) => {
      report({ id: 'databases', state: 'running' });
      await gate.promise;
    };
    await stage.type(`${clear}db2\t${clear}5434\t${clear}chef\tsecret\t${right}${right}\t/etc/ca.pem`);
    ports.starting = async () => undefined;
    await stage.type('\r\r');
    await stage.type(save);
    expect(stage.frame).toMatch(/bases de données +en cours/);
    expect(stage.frame).not.toContain('secret');
    gate.resolve();
    await stage.settle();
    expect(ports.connections).toEqual([
      {
        host: 'db2',
        port: 5434,
        user: 'chef',
        password: 'secret',
        sslmode: 'verify-full',
        ca: '/etc/ca.pem',
      },
    ]);
    expect(stage.console.phase.name).toBe('login');
  });

  it('keeps what was typed when it fails, and the password that is kept when none is typed', async () => {
    const ports = await failing(unreachable);
    ports.connecting = () =>
      Promise.reject(new XmError('database-unreachable', { host: 'db2:5433', detail: 'no such host' }));
    await stage.type(`${clear}db2${save}`);
    expect(ports.connections).toEqual([{ host: 'db2', port: 5433, user: 'xms', sslmode: 'require' }]);
    expect(stage.frame).toMatch(/hôte +db2\n +PostgreSQL injoignable sur db2:5433 : no such host\./);
    expect(stage.frame).not.toContain('ECONNREFUSED');
    expect(stage.message).toBe('');
  });

  it.each<[ErrorCode, label: string]>([
    ['database-unreachable', connexion.host],
    ['database-user', connexion.user],
    ['database-password', connexion.password],
    ['database-tls', connexion.sslmode],
    ['database-certificate', connexion.ca],
  ])('tells %s at the field "%s", and goes there', async (code, label) => {
    const fault = new XmError(code, { host: 'db1:5433', user: 'xms', detail: 'non' });
    const words = sentence(code, fault.params, 'fr').slice(1, 30);
    const beside = new RegExp(`${label}.*\\n +.${words}`);
    const ports = await failing(fault);
    expect(stage.frame).toMatch(beside);
    expect(stage.frame.split(words)).toHaveLength(2);
    await stage.type(save);
    expect(ports.connections).toHaveLength(1);
    ports.connecting = () => Promise.reject(fault);
    await stage.type(save);
    expect(stage.frame).toMatch(beside);
    expect(stage.console.phase).toMatchObject({ name: 'connexion' });
  });

  it.each(['0', '65536', 'x', ''])('takes no %s for a port', async port => {
    const ports = await failing(unreachable);
    await stage.type(`\t${clear}${port}${save}`);
    expect(stage.frame).toContain(port === '' ? texts.entry.required : connexion.portWrong);
    expect(ports.connections).toEqual([]);
  });

  it('blames the file of the authority', async () => {
    const ports = await failing(unreachable);
    ports.connecting = () =>
      Promise.reject(new XmError('file-unreadable', { file: '/ca', detail: 'ENOENT' }));
    await stage.type(`\t\t\t\t\t/ca${save}`);
    expect(stage.frame).toMatch(/autorité +\/ca\n +Fichier \/ca illisible : ENOENT\./);
  });

  it('is left by Esc for the start that failed, after a question where something was typed', async () => {
    const ports = await failing(unreachable);
    await stage.esc();
    expect(stage.frame).toContain(texts.start.failed);
    expect(stage.frame).toContain('ECONNREFUSED');
    await stage.type('c');
    await stage.type('x');
    await stage.esc();
    expect(stage.message).toBe(texts.entry.abandon);
    await stage.type('n');
    expect(stage.frame).toMatch(/hôte +db1x/);
    await stage.esc();
    await stage.type('o');
    expect(stage.frame).toContain(texts.start.failed);
    ports.starting = async () => undefined;
    await stage.type('r');
    expect(stage.console.phase.name).toBe('login');
    expect(ports.connections).toEqual([]);
  });

  it('is offered, not asked for, after a failure of another kind', async () => {
    await failing(new XmError('database-newer', { database: 'XMServerData', found: '9', known: '1' }));
    expect(stage.frame).toContain(texts.start.failed);
    expect(stage.frame).toMatch(/ C connexion/);
    await stage.type('c');
    expect(stage.frame).toMatch(/hôte +db1/);
  });

  it('is no question where PostgreSQL is embedded', async () => {
    await failing(unreachable, true);
    expect(stage.frame).toContain(texts.start.failed);
    expect(stage.frame).not.toContain('C connexion');
    await stage.type('c');
    expect(stage.message).toBe(connexion.notAsked);
  });

  it('does not come back once somebody has quit while it was tried', async () => {
    const ports = await failing(unreachable);
    const gate = Promise.withResolvers<void>();
    ports.connecting = () => gate.promise;
    ports.stopping = () => gate.promise;
    await stage.type(save);
    await stage.type('\x03o');
    expect(stage.console.phase.name).toBe('quitting');
    gate.resolve();
    await stage.console.ended;
    expect(stage.console.phase.name).toBe('quitting');
  });
});

describe('the first operator', () => {
  it('is created once by a double Enter, is logged in, and the wizard goes on', async () => {
    stage = await centre.console();
    expect(stage.frame).toContain(setup.firstOperator);
    await stage.type(`chef\tNgo Bell Ruth\t${password}\t${password}`);
    await stage.type('\r\r');
    await stage.until(setup.steps.broker.what);
    expect(stage.frame).toMatch(/chef · privilège 4/);
    expect(stage.message).toBe(setup.operatorMade('chef'));
    expect(await centre.acts()).toEqual(['os:root operator-create']);
    expect(await centre.administration.store.operators()).toMatchObject([
      { userName: 'chef', name: 'Ngo Bell Ruth', privilege: 4 },
    ]);
  });

  it.each([
    ['a name that is none', '1chef\tRuth', password, password, 'nom utilisateur'],
    ['a short password', 'chef\tRuth', 'court', 'court', 'mot de passe'],
    ['a password that anybody would try', 'chef\tRuth', 'xmserver 1', 'xmserver 1', 'mot de passe'],
    ['two that differ', 'chef\tRuth', password, `${password}!`, 'encore une fois'],
  ])('is not created with %s', async (_what, names, first, again, label) => {
    stage = await centre.console();
    await stage.type(`${names}\t${first}\t${again}${save}`);
    await stage.until(new RegExp(`${label}[^\\n]*\\n {20,}\\S`));
    expect(await centre.administration.store.operators()).toEqual([]);
    expect(stage.console.phase.name).toBe('first-operator');
  });

  it('that somebody else has created meanwhile leads to the log-in', async () => {
    stage = await centre.console();
    await createFirstOperator(centre.administration, installer, { userName: 'ada', name: 'Ada' }, password);
    await stage.type(`chef\tRuth\t${password}\t${password}${save}`);
    await stage.until(texts.login.title);
    expect(stage.message).toMatch(/^Il y a déjà des utilisateurs/);
    expect(await centre.administration.store.operators()).toHaveLength(1);
  });

  it('is one, however many are created at the same moment', async () => {
    stage = await centre.console();
    const made = await Promise.allSettled(
      ['ada', 'eva', 'ida'].map(userName =>
        createFirstOperator(centre.administration, installer, { userName, name: userName }, password),
      ),
    );
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await centre.administration.store.operators()).toHaveLength(1);
    expect(await centre.acts()).toEqual(['os:root operator-create']);
  });

  it('is not created by a console that only looks', async () => {
    const ports = centre.ports();
    ports.readOnly = true;
    stage = await centre.console({ ports });
    expect(stage.console.phase.name).toBe('login');
    expect(stage.message).toBe(setup.lacksOperator);
  });
});

describe('the wizard', () => {
  async function begun(): Promise<void> {
    stage = await centre.console();
    await stage.type(`chef\tNgo Bell Ruth\t${password}\t${password}${save}`);
    await stage.until(setup.steps.broker.what);
  }

  /** Types each, and waits for what it leads to. */

  it('keeps and chooses the broker in one act, creates the client, and ends with what the office needs', async () => {
    await begun();
    await stage.typed(
      [enter, texts.settings.brokers.add],
      [`${clear}mqtts://mq.exemple.cm:8883\txmserver\tsecret${save}`, setup.steps.client.what],
      [enter, texts.acts['client-create'].name],
      [`Mbalmayo II\tMbalmayo${save}`, setup.complete],
    );
    expect(stage.frame).toMatch(
      /premier client +1000 « Mbalmayo II »\n +il écrit +Deces, Mariage, Naissance/,
    );
    expect(stage.frame).toContain('/srv/XMSData/certificates');
    expect(await centre.acts()).toEqual([
      'os:root operator-create',
      'chef broker-add',
      'chef broker-select',
      'chef client-create',
    ]);
    await stage.typed([enter, /Aucun moteur en marche/]);
    expect(stage.frame).not.toContain(setup.complete);
  });

  it('refuses an address that is none, and loses nothing of it', async () => {
    await begun();
    await stage.typed(
      [enter, texts.settings.brokers.add],
      [`${clear}http://x\tchef${save}`, /http:\/\/x\n +\S/],
    );
    expect(stage.frame).toMatch(/utilisateur +chef/);
    expect(await centre.administration.store.brokers()).toEqual([]);
  });

  it('skips, says how to come back, and shows it at the next opening', async () => {
    await begun();
    await stage.typed(['p', setup.steps.client.what]);
    expect(stage.message).toBe(setup.skipped('broker', 'Fichier / Brokers'));
    await stage.typed(['p', setup.incomplete]);
    expect(stage.frame).toContain(setup.skippedState('Fichier / Brokers'));
    expect(stage.frame).toContain(setup.skippedState('Clients / Créer un client'));
    await stage.typed(['p', setup.nothingLeft]);
    await stage.esc();
    await stage.typed([':mise-en-service\r', setup.steps.broker.what]);
  });

  it('stays at a step whose form is left', async () => {
    await begun();
    await stage.typed([enter, texts.settings.brokers.add]);
    await stage.esc();
    await stage.until(setup.steps.broker.what);
    expect(await centre.administration.store.brokers()).toEqual([]);
  });

  it('takes up a broker that was kept and not chosen', async () => {
    await addBroker(centre.administration, installer, {
      url: 'mqtt://autre:1883',
      userName: 'u',
      password: 'p',
    });
    await begun();
    await stage.typed([enter, /adresse +mqtt:\/\/autre:1883/], [save, setup.steps.client.what]);
    expect(await centre.system.query('select url, user_name, password, selected from broker')).toEqual([
      { url: 'mqtt://autre:1883', user_name: 'u', password: 'p', selected: true },
    ]);
    expect((await centre.acts()).slice(-1)).toEqual(['chef broker-select']);
  });

  it('tests the broker that is chosen, and says so where there is none', async () => {
    await begun();
    await stage.typed(['t', 'Aucun broker choisi']);
    await centre.system.query(`insert into broker (url, selected) values ('mqtt://b:1883', true)`);
    await stage.typed([':moniteur\r', 'Lancer'], [':mise-en-service\r', setup.steps.client.what]);
    const tested = Promise.withResolvers<void>();
    stage.ports.testing = () => {
      tested.resolve();
      return new Promise(() => {});
    };
    await stage.type('t');
    await tested.promise;
    expect(stage.frame).toContain(texts.brokerTest.title);
  });

  it('says in the trial how to begin for real', async () => {
    const ports = centre.ports();
    Object.assign(ports, { embedded: true, lacksOperator: false });
    stage = new Stage({ ports });
    await stage.logIn();
    await stage.typed(
      [':mise-en-service\r', setup.steps.broker.what],
      ['p', setup.steps.client.what],
      ['p', setup.trial[1] as string],
    );
    expect(stage.frame).not.toContain(setup.incomplete);
  });

  it('is opened for whoever logs in where it was asked for, if he may', async () => {
    const ports = new StandIn();
    ports.stores = centre.ports().stores;
    ports.privilege = 2;
    stage = new Stage({ ports, setup: true });
    await stage.logIn();
    expect(stage.message).toMatch(/^Privilège 3 nécessaire/);
    stage.close();
    ports.privilege = 3;
    stage = new Stage({ ports, setup: true });
    await stage.logIn();
    await stage.until(setup.steps.broker.what);
    // Once: the next session begins at the Monitor.
    await stage.type(':fermer\r');
    await stage.until(texts.login.title);
    await stage.type('mbome\tzzzz\r');
    await stage.until('Lancer');
    expect(stage.frame).not.toContain(setup.title);
  });

  it('says why nothing can be read, and reads again on Enter', async () => {
    await begun();
    await centre.system.query('alter table broker rename to broker_away');
    await stage.type(':moniteur\r');
    await stage.type(':mise-en-service\r');
    await stage.until(/broker/);
    await centre.system.query('alter table broker_away rename to broker');
    await stage.typed([enter, setup.steps.broker.what]);
  });
});
