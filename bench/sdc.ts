/**
 * `npm run bench:sdc`: SDCs opened and sealed a second on one core, as a part of what OpenSSL's own primitives allow
 * in the same run (docs/sdc.md, "Speed"), and what a second worker adds. Ours and the reference are measured by turns
 * and the best of each counts, for a machine is never quite idle.
 */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { createAuthority, issueCertificate } from '../src/pki/authority.ts';
import { createOpener } from '../src/sdc/opener.ts';
import { createSdcPool, type SdcPool } from '../src/sdc/pool.ts';
import { createSealer } from '../src/sdc/sealer.ts';
import { birthMessage } from './acts.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '8' } },
});
const rounds = Number(values.rounds);
/** Messages of a batch: what the engine's intake takes at a time. */
const batchLength = 200;
/** Sealed and opened before anything counts: a server that has run for a day has its code compiled. */
const warmBatches = 150;
const say = (line: string) => void (values.json || console.log(line));

type Kind = 'ec' | 'rsa';

/** Operations a second. */
interface Primitives {
  readonly sign: number;
  readonly verify: number;
}

const session = await ratesOf('ec', true);
const fresh = await ratesOf('ec', false);
const rsa = await ratesOf('rsa', true);
const workers = await workerRates();

const result = {
  ec_open_per_s: Math.round(session.open),
  ec_seal_per_s: Math.round(session.seal),
  // One verification, or one signature, and nothing else.
  ec_open_ratio: ratio(session.open, session.primitives.verify),
  ec_seal_ratio: ratio(session.seal, session.primitives.sign),
  ec_fresh_open_per_s: Math.round(fresh.open),
  ec_fresh_seal_per_s: Math.round(fresh.seal),
  rsa_open_per_s: Math.round(rsa.open),
  rsa_seal_per_s: Math.round(rsa.seal),
  // Either way one operation with a private key and one with a public key.
  rsa_open_ratio: ratio(rsa.open, inTurn(rsa.primitives)),
  rsa_seal_ratio: ratio(rsa.seal, inTurn(rsa.primitives)),
  two_workers_ratio: ratio(workers.two, workers.one),
  // What the machine itself gains by a second process that only verifies; 0 without OpenSSL's program.
  two_processes_ratio: ratio(workers.twoProcesses, session.primitives.verify),
  p256_sign_per_s: Math.round(session.primitives.sign),
  p256_verify_per_s: Math.round(session.primitives.verify),
  rsa2048_sign_per_s: Math.round(rsa.primitives.sign),
  rsa2048_verify_per_s: Math.round(rsa.primitives.verify),
  cores: availableParallelism(),
  node: process.version,
  at: new Date().toISOString(),
};
say(
  `EC, session keys: open ${result.ec_open_per_s}/s (${result.ec_open_ratio} of ${result.p256_verify_per_s} verifications/s),` +
    ` seal ${result.ec_seal_per_s}/s (${result.ec_seal_ratio} of ${result.p256_sign_per_s} signatures/s)`,
);
say(`EC, a fresh key each: open ${result.ec_fresh_open_per_s}/s, seal ${result.ec_fresh_seal_per_s}/s`);
say(
  `RSA-2048: open ${result.rsa_open_per_s}/s (${result.rsa_open_ratio}), seal ${result.rsa_seal_per_s}/s (${result.rsa_seal_ratio})` +
    ` of ${Math.round(inTurn(rsa.primitives))} private and public operations in turn a second`,
);
say(
  `Workers, opening: one ${Math.round(workers.one)}/s, two ${Math.round(workers.two)}/s (× ${result.two_workers_ratio};` +
    ` two processes of OpenSSL × ${result.two_processes_ratio})`,
);
if (values.json) console.log(JSON.stringify(result));

async function ratesOf(kind: Kind, sessionKeys: boolean) {
  const [server, client] = [party(kind), party(kind)];
  const sealer = createSealer({ signer: client, sessionKeys });
  const opener = createOpener({ recipients: [server] });
  const best = { seal: 0, open: 0, primitives: { sign: 0, verify: 0 } };
  const messages = batchTo(server);
  for (let i = 0; i < (kind === 'ec' ? warmBatches : warmBatches / 10); i++) {
    const sdcs = (await sealer.seal(messages)).map(({ sdc }) => sdc);
    await opener.open(closed(sdcs), async () => [client]);
  }
  for (let round = 0; round < rounds; round++) {
    const { sign, verify } = primitivesOf(kind);
    best.primitives.sign = Math.max(best.primitives.sign, sign);
    best.primitives.verify = Math.max(best.primitives.verify, verify);
    const sealed: Uint8Array[][] = [];
    const seal = await rate(async () => {
      sealed.push((await sealer.seal(messages)).map(({ sdc }) => sdc));
      return true;
    });
    const open = await rate(async () => {
      const sdcs = sealed.pop();
      if (!sdcs) return false;
      const results = await opener.open(closed(sdcs), async () => [client]);
      if (!results.every(({ ok }) => ok)) throw new Error('an SDC did not open');
      return true;
    });
    best.seal = Math.max(best.seal, seal);
    best.open = Math.max(best.open, open);
  }
  return best;
}

/** Openings a second by one worker and by two, with enough batches under way to keep both busy. */
async function workerRates(): Promise<{ one: number; two: number; twoProcesses: number }> {
  const [server, client] = [party('ec'), party('ec')];
  const sdcs = (await createSealer({ signer: client }).seal(batchTo(server))).map(({ sdc }) => sdc);
  const pool = (workers: number) =>
    createSdcPool({
      workerFile: new URL('../src/sdc/worker.ts', import.meta.url),
      workers,
      opener: { recipients: [server] },
    });
  const pools = { one: pool(1), two: pool(2) };
  const best = { one: 0, two: 0, twoProcesses: 0 };
  for (let batch = 0; batch < warmBatches; batch++) {
    await Promise.all([open(pools.one), open(pools.two), open(pools.two)]);
  }
  for (let round = 0; round < rounds; round++) {
    best.twoProcesses = Math.max(best.twoProcesses, opensslSpeed('ecdsap256', 2)?.verify ?? 0);
    // By short turns: the machine is seldom quiet for long.
    for (let turn = 0; turn < 4; turn++) {
      best.one = Math.max(best.one, await openingRate(pools.one));
      best.two = Math.max(best.two, await openingRate(pools.two));
    }
  }
  await pools.one.close();
  await pools.two.close();
  return best;

  async function open(pool: SdcPool): Promise<void> {
    const results = await pool.open(closed(sdcs), async () => [client]);
    if (!results.every(({ ok }) => ok)) throw new Error('an SDC did not open');
  }

  /** Half a second by the clock, with four batches under way all the time. */
  async function openingRate(pool: SdcPool): Promise<number> {
    await open(pool);
    const startedAt = performance.now();
    let done = 0;
    const openOn = async () => {
      while (performance.now() - startedAt < 500) {
        await open(pool);
        done += batchLength;
      }
    };
    await Promise.all([openOn(), openOn(), openOn(), openOn()]);
    return (done / (performance.now() - startedAt)) * 1000;
  }
}

/**
 * Messages a second of one core, of a work that does a batch: half a second of it, or until it returns false. By the
 * time that the process had, as `openssl speed` counts, with all its threads; not by the clock, which others take from.
 */
async function rate(work: () => Promise<boolean>): Promise<number> {
  await work();
  const started = process.cpuUsage();
  let done = 0;
  let seconds = 0;
  while (seconds < 0.5 && (await work())) {
    done += batchLength;
    const { user, system } = process.cpuUsage(started);
    seconds = (user + system) / 1e6;
  }
  return done / seconds;
}

/** `openssl speed`; where there is no such program, the same operations through node:crypto. */
function primitivesOf(kind: Kind): Primitives {
  const measured = opensslSpeed(kind === 'ec' ? 'ecdsap256' : 'rsa2048', 1);
  if (measured) return measured;
  const { privateKey, publicKey } = keyPair(kind);
  const data = Buffer.alloc(150);
  const signature = sign('sha256', data, privateKey);
  return {
    sign: perSecond(() => sign('sha256', data, privateKey)),
    verify: perSecond(() => verify('sha256', data, publicKey, signature)),
  };
}

function opensslSpeed(algorithm: string, processes: number): Primitives | undefined {
  const multi = processes > 1 ? ['-multi', String(processes)] : [];
  const { stdout, status } = spawnSync('openssl', ['speed', '-seconds', '1', '-mr', ...multi, algorithm], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // +F4:<index>:<bits>:<signatures>:<verifications>, F2 for RSA: a second, or of old versions the seconds for one.
  const match = status === 0 && /^\+F[24]:\d+:\d+:([\d.e-]+):([\d.e-]+)/m.exec(stdout);
  if (!match) return undefined;
  const [sign, verify] = [Number(match[1]), Number(match[2])];
  return { sign: sign < 1 ? 1 / sign : sign, verify: verify < 1 ? 1 / verify : verify };
}

function perSecond(operation: () => unknown): number {
  const startedAt = performance.now();
  let done = 0;
  while (performance.now() - startedAt < 500) {
    for (let i = 0; i < 50; i++) operation();
    done += 50;
  }
  return (done / (performance.now() - startedAt)) * 1000;
}

function party(kind: Kind) {
  const { privateKey, publicKey } = keyPair(kind);
  const now = Date.now();
  const { der, keyId } = issueCertificate(createAuthority({ commonName: 'Bench', now, years: 1 }), {
    subject: { commonName: 'bench' },
    publicKey,
    role: 'station',
    notBefore: now,
    notAfter: now + 86_400_000,
  });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return { privateKey, spki, keyId, certificate: der };
}

function keyPair(kind: Kind) {
  return kind === 'ec'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
}

function batchTo(recipient: ReturnType<typeof party>) {
  return Array.from({ length: batchLength }, (_, act) => ({
    message: birthMessage(recipient.keyId, act),
    recipient,
  }));
}

/** Operations a second where each signs and verifies. */
function inTurn({ sign, verify }: Primitives): number {
  return 1 / (1 / sign + 1 / verify);
}

/** SDCs of one record each. */
function closed(sdcs: readonly Uint8Array[]) {
  return sdcs.map(sdc => ({ sdc, isBatch: false }));
}

function ratio(part: number, whole: number): number {
  return Math.round((part / whole) * 100) / 100;
}
