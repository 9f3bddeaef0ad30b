/** Accounts of the embedded broker: who may publish and subscribe where. Made at first start, kept in secrets/. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { DataFolder } from '../config.ts';
import { topics } from '../core/message.ts';

export interface BrokerAccount {
  readonly userName: string;
  readonly password: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

export const serverAccountName = 'xmserver';

/** The accounts of the folder; of the server and of these clients where there are none yet. */
export function brokerAccounts(folder: DataFolder, matricules: readonly number[]): BrokerAccount[] {
  const file = folder.at('secrets', 'broker.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as BrokerAccount[];
  const password = () => randomBytes(18).toString('base64url');
  const accounts: BrokerAccount[] = [
    {
      userName: serverAccountName,
      password: password(),
      publish: [topics.allDown, `${topics.test}/#`],
      subscribe: [topics.allUp, `${topics.test}/#`],
    },
    ...matricules.map(matricule => ({
      userName: `${matricule}`,
      password: password(),
      publish: [topics.up(matricule)],
      subscribe: [topics.down(matricule)],
    })),
  ];
  writeFileSync(file, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return accounts;
}

export function accountOf(accounts: readonly BrokerAccount[], userName: string): BrokerAccount {
  const account = accounts.find(one => one.userName === userName);
  if (!account) throw new Error(`no account ${userName} in secrets/broker.json`);
  return account;
}
