import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type SecureVersion } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { take, textOf, untilConnected } from '../mqtt/clients.ts';
import { describeContract, linkTo } from './broker-contract.ts';
import { brokerIdentity } from './identity.ts';
import { inside, intrude } from './intruder.ts';
import { answers, leftOut } from './machine.ts';
import { Mosquitto, mosquittoMissing } from './mosquitto.ts';

if (mosquittoMissing) leftOut('Mosquitto', mosquittoMissing);

describe.skipIf(mosquittoMissing)('Mosquitto as deploy/mosquitto sets it up', () => {
  const broker = new Mosquitto();
  beforeAll(() => broker.start());
  afterAll(() => broker.stop());

  describeContract(broker);

  describe('its listeners', () => {
    async function negotiated(version: SecureVersion): Promise<string | null> {
      const socket = connect({
        host: 'localhost',
        port: broker.port,
        ca: broker.ca,
        minVersion: version,
        maxVersion: version,
        // Or it would be this end that does not speak TLS 1.1.
        ciphers: 'DEFAULT@SECLEVEL=0',
      });
      try {
        await once(socket, 'secureConnect');
        return socket.getProtocol();
      } finally {
        socket.destroy();
      }
    }

    it.each(['TLSv1.3', 'TLSv1.2'] as const)('speak %s', async version => {
      expect(await negotiated(version)).toBe(version);
    });

    it('do not speak TLS 1.1', async () => {
      await expect(negotiated('TLSv1.1')).rejects.toThrow(/alert protocol version/);
    });

    it('are on this machine alone without TLS', async () => {
      expect(await answers(broker.plainPort, '127.0.0.1')).toBe(true);
      expect(await answers(broker.plainPort, '127.0.0.2')).toBe(false);
      expect(await answers(broker.port, '127.0.0.2')).toBe(true);
    });

    it('let an office in with its own client id and no other', async () => {
      const owner = await linkTo(broker, '1024');
      for (const clientId of ['xms-1024', 'xms-engine', '1025', '']) {
        expect(await intrude(broker, '1025', { clientId })).toBe('refused');
      }
      await owner.link.roundTrip();
      expect(owner.statuses.waiting).toEqual([]);
    });

    it('shorten a keep-alive of more than 20 minutes', async () => {
      const { client } = await inside(broker, '1024', { keepalive: 3_600 });
      expect(client.keepalive).toBe(1_200);
    });
  });

  describe('what it takes', () => {
    it('is told to MQTT 5', async () => {
      const { client } = await inside(broker, '1024');
      expect(client.serverProperties).toMatchObject({
        maximumPacketSize: 262_144,
        maximumQoS: 1,
        receiveMaximum: 1_000,
        retainAvailable: false,
      });
      const { link } = await linkTo(broker, '1025');
      await expect(link.publish('xms/u/1025', Buffer.alloc(262_144))).rejects.toMatchObject({
        code: 'broker-refused',
      });
    });

    it.each([4, 5] as const)('is less than 256 KB (MQTT %i)', async protocolVersion => {
      const { client, closed } = await inside(broker, '1024', { protocolVersion });
      await client.publishAsync('xms/u/1024', Buffer.alloc(260_000), { qos: 1 });
      client.publish('xms/u/1024', Buffer.alloc(262_144), { qos: 1 });
      await closed;
    });

    it.each([4, 5] as const)('is nothing that stays (MQTT %i)', async protocolVersion => {
      const one = await inside(broker, '1024', { protocolVersion });
      expect(await one.publish('xms/u/1024', true)).toBe('refused');
      await one.closed;
      const will = { topic: 'xms/u/1024', payload: Buffer.from('will'), qos: 1, retain: true } as const;
      expect(await intrude(broker, '1024', { protocolVersion, will })).toBe('refused');
    });
  });

  it('has what waits, and who may do what, after it was restarted', async () => {
    const [engine, office] = [await linkTo(broker, 'xmserver'), await linkTo(broker, '1024')];
    await office.link.close();
    await engine.link.publish('xms/d/1024', Buffer.from('receipt'));
    await broker.restart();
    await untilConnected(engine);
    const again = await linkTo(broker, '1024');
    const [delivery] = await take(again, 1);
    delivery?.acknowledge();
    expect(delivery && textOf(delivery)).toBe('receipt');
    await expect(again.link.publish('xms/u/1025', Buffer.from('forged'))).rejects.toMatchObject({
      code: 'broker-refused',
    });
  });

  it('takes a new certificate without ending a connection', async () => {
    const office = await linkTo(broker, '1024');
    const other = brokerIdentity();
    broker.reload(other);
    // They try again until it is the one that they believe.
    await linkTo(broker, '1025', { ca: other.authority });
    broker.reload();
    await linkTo(broker, '1025');
    await office.link.roundTrip();
    expect(office.statuses.waiting).toEqual([]);
  });

  describe('account.sh', () => {
    it('makes an account while others work', async () => {
      const other = await linkTo(broker, '1024');
      const password = await broker.account('client', '2000');
      expect(password).toMatch(/^[\w-]{24}$/);
      const office = await linkTo(broker, '2000', { password });
      await office.link.publish('xms/u/2000', Buffer.from('act'));
      await expect(office.link.publish('xms/u/1024', Buffer.from('act'))).rejects.toThrow();
      await other.link.roundTrip();
      expect(other.statuses.waiting).toEqual([]);
    });

    it('gives a new password, and the old one is none any more', async () => {
      const old = await broker.account('client', '2001');
      const password = await broker.account('password', '2001');
      expect(await intrude(broker, '2001', { password: old })).toBe('refused');
      await inside(broker, '2001', { password });
    });

    it('removes an account, and ends its connection', async () => {
      const password = await broker.account('client', '2002');
      const one = await inside(broker, '2002', { password });
      expect(await broker.account('remove', '2002')).toBe('');
      await one.closed;
      expect(await intrude(broker, '2002', { password })).toBe('refused');
      expect(await broker.account('client', '2002')).not.toBe(password);
    });

    it('says what the broker says, and fails', async () => {
      await expect(broker.account('client', '1024')).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('Client already exists'),
      });
      await expect(broker.account('remove', '9999')).rejects.toMatchObject({ code: 1 });
      await expect(broker.account('password', '9999')).rejects.toMatchObject({ code: 1 });
    });

    it.each([
      { words: [] },
      { words: ['client'] },
      { words: ['client', ''] },
      { words: ['client', '01'] },
      { words: ['client', '10x'] },
      { words: ['client', '1/#'] },
      { words: ['server', 'a+b'] },
      { words: ['server', 'a', 'b'] },
      { words: ['other', '1'] },
    ])('explains itself to $words', async ({ words }) => {
      await expect(broker.account(...words)).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/^Accounts of the broker.*account\.sh remove NAME/s),
      });
    });
  });

  describe('enrol.mjs', () => {
    /** What the broker keeps of an account, without its secrets. */
    function kept(matricule: string): unknown {
      const { clients, roles } = JSON.parse(readFileSync(broker.accountsFile, 'utf8')) as Accounts;
      const { password, salt, ...client } = clients.find(one => one.username === matricule) ?? {};
      const text = JSON.stringify([
        client,
        roles.find(one => one.rolename === matricule),
        String(password).length,
        String(salt).length,
      ]);
      return JSON.parse(text.replaceAll(matricule, 'MATRICULE'));
    }

    it('makes the accounts that account.sh makes, many at once', async () => {
      await broker.account('client', '3000');
      const matricules = Array.from({ length: 50 }, (_, i) => `${3001 + i}`);
      let lines: string[] = [];
      await broker.restart(() => {
        lines = enrol(matricules.join('\n')).trimEnd().split('\n');
      });
      expect(lines.map(line => line.split(' ')[0])).toEqual(matricules);
      const password = lines.at(-1)?.split(' ')[1] ?? '';
      const office = await linkTo(broker, '3050', { password });
      await office.link.publish('xms/u/3050', Buffer.from('act'));
      // With the next account that it makes the broker writes them all in its own words.
      await broker.account('client', '3051');
      expect(kept('3050')).toEqual(kept('3000'));
    });

    it.each(['3100\n1024', '3100\n3100', '3100 0', '3100 x'])('makes none where one is wrong: %j', input => {
      const before = readFileSync(broker.accountsFile, 'utf8');
      expect(() => enrol(input)).toThrow(/there is an account already|not a matricule/);
      expect(readFileSync(broker.accountsFile, 'utf8')).toBe(before);
    });

    function enrol(input: string): string {
      const script = join(import.meta.dirname, '../../deploy/mosquitto/enrol.mjs');
      return execFileSync(process.execPath, [script, broker.accountsFile], {
        input,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    }
  });
});

interface Accounts {
  readonly clients: readonly {
    readonly username?: string;
    readonly password?: string;
    readonly salt?: string;
  }[];
  readonly roles: readonly { readonly rolename: string }[];
}
