/** The broker test against the embedded broker, with the accounts that an installation gives it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOf, brokerAccounts, serverAccountName } from '../../../src/cli/broker-accounts.ts';
import { DataFolder } from '../../../src/config.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from '../../../src/mqtt/embedded-broker.ts';
import { addressOf } from '../../../src/mqtt/probe/address.ts';
import { Client } from '../../../src/mqtt/probe/client.ts';
import type { ProbeOptions } from '../../../src/mqtt/probe/probe.ts';
import { found, probe, remarksOf, resultOf } from './found.ts';

describe('the embedded broker', () => {
  let folder: string;
  const never = new AbortController().signal;
  let broker: EmbeddedBroker;
  let options: ProbeOptions;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'xms-probe-'));
    const accounts = brokerAccounts(new DataFolder(folder), [1024]);
    broker = await startEmbeddedBroker({ host: '127.0.0.1', preferredPort: 0, accounts });
    const { userName, password } = accountOf(accounts, serverAccountName);
    options = { url: broker.url, userName, password, otherAccount: accountOf(accounts, '1024') };
  });
  /** Of the server's account, by default. */
  function client(clientId: string, persistent = false, userName = serverAccountName): Promise<Client> {
    const { password } = accountOf(brokerAccounts(new DataFolder(folder), []), userName);
    const address = addressOf(broker.url, undefined, false);
    return Client.connect(address, { protocol: 4, clientId, persistent, userName, password }, never);
  }
  afterAll(async () => {
    await broker.close();
    rmSync(folder, { recursive: true });
  });

  it('is fit for one engine, because it has no MQTT 5', async () => {
    const test = await probe(options);
    expect([test.verdict.fitness, ...remarksOf(test)]).toEqual(['one-engine', 'no-mqtt5']);
    expect(resultOf(test, 'connection', '5')).toMatchObject({
      outcome: 'failed',
      fault: { code: 'broker-refused' },
    });
    expect(found(test, 'queue', '3.1.1')).toEqual({ sent: 2_000, kept: 2_000 });
    expect(found(test, 'payload', '3.1.1')).toEqual({ worked: 1 << 20 });
    // It takes `$share/…` for a topic like any other.
    expect(found(test, 'shared', '3.1.1').granted).toBe(false);
    expect(found(test, 'denial', '3.1.1')).toEqual({ refused: true, told: true });
    expect(found(test, 'sys', '3.1.1')).toEqual({ topics: 0 });
  });

  it('counts no sessions that have ended, of which a test makes many', async () => {
    for (let round = 0; round < 4; round++) {
      const some = Array.from({ length: 30 }, (_, i) => client(`clean-${round}-${i}`));
      await Promise.all((await Promise.all(some)).map(one => one.close()));
    }
    expect((await client('one-more')).connack.returnCode).toBe(0);
  });

  it('a client id stays its account’s while a second connection of it is there', async () => {
    await client('mine');
    const second = await client('mine');
    await second.ping();
    await expect(client('mine', false, '1024')).rejects.toMatchObject({ code: 'broker-refused' });
  });

  it('counts those that last', async () => {
    const many = Array.from({ length: 101 }, (_, i) => client(`lasting-${i}`, true));
    const settled = await Promise.allSettled(many);
    for (const one of settled) if (one.status === 'fulfilled') await one.value.close();
    expect(settled.some(({ status }) => status === 'rejected')).toBe(true);
  });
});
