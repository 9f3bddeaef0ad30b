/**
 * `xmserver test-broker`: asks a broker what it can do. At a terminal each line appears as it is found out, on standard
 * error; the table and the verdict, or the one JSON object, go to standard output.
 */
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { DataFolder } from '../config.ts';
import type { BrokerTest, MqttVersion, Result } from '../core/broker-test.ts';
import { XmError } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import { Database } from '../db/database.ts';
import { selectedBroker } from '../db/system/setting.ts';
import { type ProbeOptions, probeBroker } from '../mqtt/probe/probe.ts';
import { type BrokerTestTexts, brokerTestTexts } from '../text/broker-test.ts';
import { remarkText, resultLines } from '../text/broker-test-lines.ts';
import { programTexts } from '../text/program.ts';
import { exitCodes, noArguments, positive } from './command-line.ts';
import { databaseNames, databaseServer } from './installation.ts';
import { brokerConnection, ownBrokerSettings, probeOptions } from './secure-connection.ts';
import { untilEnded } from './signals.ts';

export interface TestBrokerFlags {
  readonly json: boolean;
  readonly user?: string | undefined;
  readonly otherUser?: string | undefined;
  readonly passwordStdin: boolean;
  readonly ca?: string | undefined;
  readonly brokerCert?: string | undefined;
  readonly brokerKey?: string | undefined;
  readonly insecure: boolean;
  readonly mqtt?: string | undefined;
  readonly maxPayload?: number | undefined;
  readonly timeout?: number | undefined;
}

const versions: Readonly<Record<string, readonly MqttVersion[]>> = {
  3: ['3.1.1'],
  5: ['5'],
  both: ['5', '3.1.1'],
};

/** `args`: the words after `test-broker`. Throws `usage`, `file-unreadable`, `certificate-invalid`, and what finding the selected broker may throw. */
export async function runTestBroker(
  folder: DataFolder,
  [url, ...args]: readonly string[],
  flags: TestBrokerFlags,
  language: Language,
): Promise<number> {
  noArguments(args, language);
  const texts = brokerTestTexts[language];
  const options = {
    ...(flags.mqtt === undefined ? {} : { versions: versionsOf(flags.mqtt, texts) }),
    insecure: flags.insecure,
    ...filesOf(folder, flags),
    ...(flags.maxPayload === undefined
      ? {}
      : { maxPayload: positive('--max-payload', flags.maxPayload, language) }),
    ...(flags.timeout === undefined
      ? {}
      : { limitMs: positive('--timeout', flags.timeout, language) * 1_000 }),
  };
  const broker = url === undefined ? await installedBroker(folder, language) : { url };
  const accounts = await accountsOf(broker, flags);
  const isWatched = process.stderr.isTTY && !flags.json;
  const ending = new AbortController();
  void untilEnded().then(() => ending.abort());
  const test = await probeBroker(
    { ...broker, ...options, ...accounts },
    result => {
      if (isWatched) console.error(namedLines(result, language, versionOf(result)).join('\n'));
    },
    ending.signal,
  );
  if (isWatched) console.error('');
  console.log(
    flags.json ? JSON.stringify(test, toMicroseconds) : testLines(test, texts, language).join('\n'),
  );
  const { fitness } = test.verdict;
  return fitness === 'fit' || fitness === 'one-engine' ? exitCodes.ok : exitCodes.failed;
}

function versionsOf(given: string, texts: BrokerTestTexts): readonly MqttVersion[] {
  const found = Object.hasOwn(versions, given) ? versions[given] : undefined;
  if (!found) throw new XmError('usage', { detail: texts.versionUnknown });
  return found;
}

/** Files as seen from where the command is called. Throws `file-unreadable`, `certificate-invalid`, `key-invalid`, `key-passphrase`. */
function filesOf(folder: DataFolder, { ca, brokerCert, brokerKey }: TestBrokerFlags) {
  const named = {
    ...(ca === undefined ? {} : { ca: resolve(ca) }),
    ...(brokerCert === undefined ? {} : { certificate: resolve(brokerCert) }),
    ...(brokerKey === undefined ? {} : { key: resolve(brokerKey) }),
  };
  if (Object.keys(named).length === 0) return {};
  const { ca: trusted, authority, ...ours } = brokerConnection(folder, named);
  return ca === undefined ? ours : { ...ours, ca: trusted ?? [], authority: authority ?? '' };
}

/** Looks only. Throws `broker-missing`. */
async function installedBroker(folder: DataFolder, language: Language): Promise<ProbeOptions> {
  const server = databaseServer(folder);
  const system = new Database({ ...server, database: databaseNames.system }, 'xmserver test-broker', 1);
  try {
    const broker = await selectedBroker(system);
    if (!broker) throw new XmError('broker-missing');
    const own = ownBrokerSettings(folder);
    if (own.length > 0) console.error(programTexts[language].ownBrokerSettings(own.join(', ')));
    return probeOptions(folder, broker);
  } finally {
    await system.close();
  }
}

/** Standard input has the password of `--user`, if that is given, then that of `--other-user`. */
async function accountsOf(broker: ProbeOptions, flags: TestBrokerFlags) {
  const lines = flags.passwordStdin ? (await text(process.stdin)).split(/\r?\n/) : [];
  const { userName, password } =
    flags.user === undefined ? broker : { userName: flags.user, password: lines.shift() };
  return {
    ...(userName === undefined ? {} : { userName }),
    ...(password === undefined ? {} : { password }),
    ...(flags.otherUser === undefined
      ? {}
      : { otherAccount: { userName: flags.otherUser, password: lines.shift() ?? '' } }),
  };
}

/** The results version by version, then the verdict. */
function testLines(test: BrokerTest, texts: BrokerTestTexts, language: Language): string[] {
  const lines = [texts.title(test.url)];
  let version: MqttVersion | undefined;
  for (const result of test.results) {
    if (result.version !== version) lines.push('', versionOf(result));
    version = result.version;
    lines.push(...namedLines(result, language));
  }
  const { fitness, remarks } = test.verdict;
  lines.push('', texts.verdict(texts.fitness[fitness], test.ms / 1_000));
  for (const remark of remarks) lines.push(`- ${remarkText(remark, language)}`);
  return lines;
}

const versionOf = ({ version }: Result) => (version === undefined ? '' : `MQTT ${version}`);

function namedLines(result: Result, language: Language, before = ''): string[] {
  const texts = brokerTestTexts[language];
  const width = Math.max(...Object.values(texts.names).map(({ length }) => length));
  const margin = `  ${before === '' ? '' : before.padEnd(12)}`;
  const [first = '', ...rest] = resultLines(result, language);
  return [
    `${margin}${texts.names[result.capability].padEnd(width)}  ${first}`,
    ...rest.map(line => `${' '.repeat(margin.length + width)}  ${line}`),
  ];
}

function toMicroseconds(_name: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value;
}
