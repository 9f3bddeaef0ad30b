/**
 * Hostile bytes for the opener, from a seed: mutations of good SDCs outside and inside, random structures, bombs. What
 * was altered must never be accepted, no case may take long, and nothing may be left behind in memory.
 */
import { createPublicKey, hash, type KeyObject, sign } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { constants, deflateRawSync } from 'node:zlib';
import type { Opener, OpenResult } from '../../src/core/ports.ts';
import { CalendarDate } from '../../src/core/record.ts';
import { makeRequest } from '../../src/pki/request.ts';
import { encryptContent } from '../../src/sdc/encrypted-content.ts';
import { writeEnvelope } from '../../src/sdc/envelope.ts';
import { agree, wrapKey } from '../../src/sdc/key-agreement.ts';
import { encryptKey } from '../../src/sdc/key-transport.ts';
import { createOpener } from '../../src/sdc/opener.ts';
import { deflatePayload, type EncodedMessage, encodePayload } from '../../src/sdc/payload.ts';
import type { RecipientInfo } from '../../src/sdc/recipient-info.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import { writeSignedData } from '../../src/sdc/signed-data.ts';
import { closed, type Identity, message, payload, payloadOf } from './identity.ts';
import { mutated, randomDer } from './mutation.ts';
import { OpensslFolder } from './openssl-folder.ts';
import { Random } from './random.ts';
import { serviceMessages } from './service-vectors.ts';

export interface FuzzReport {
  readonly cases: number;
  /** By kind of case, how many there were and how many opened. */
  readonly kinds: ReadonlyMap<string, { cases: number; opened: number }>;
  /** What must not be: one line each. */
  readonly faults: readonly string[];
  readonly slowestMs: number;
  /** Bytes by which heap and buffers grew after the first tenth. */
  readonly growth: number;
}

const limitMs = 20;
const growthLimit = 16 * 1024 * 1024;

/** A good SDC and what may come out of it. */
interface Sample {
  readonly name: string;
  readonly sdc: Buffer;
  /** The SignedData within. */
  readonly inside: Buffer;
  readonly digest: string;
  /** Of one encoding; of BER and text there are variants that say the same. */
  readonly isStrict: boolean;
}

interface Case {
  readonly kind: string;
  readonly sdc: Buffer;
  /** The digest that alone may come out; undefined: whatever its signer said. */
  readonly digest?: string;
  /** Nothing may come out at all. */
  readonly mustFail: boolean;
}

export async function fuzz(count: number, seed: number): Promise<FuzzReport> {
  const world = await makeWorld();
  const random = new Random(seed);
  const kinds = new Map<string, { cases: number; opened: number }>();
  const faults: string[] = [];
  let slowestMs = 0;
  let baseline = 0;
  for (let i = 0; i < count; i++) {
    if (i === Math.floor(count / 10)) baseline = await memory();
    const one = caseOf(world, random);
    const { result, ms } = await timed(world, one.sdc);
    slowestMs = Math.max(slowestMs, ms);
    const kind = kinds.get(one.kind) ?? { cases: 0, opened: 0 };
    kinds.set(one.kind, { cases: kind.cases + 1, opened: kind.opened + (result.ok ? 1 : 0) });
    const fault = faultOf(one, result, ms);
    if (fault) faults.push(`case ${i} (seed ${seed}), ${one.kind}: ${fault}: ${one.sdc.toString('hex')}`);
  }
  const growth = (await memory()) - baseline;
  if (growth > growthLimit) faults.push(`memory grew by ${growth} bytes`);
  return { cases: count, kinds, faults, slowestMs, growth };
}

function faultOf(one: Case, result: OpenResult, ms: number): string | undefined {
  if (ms > limitMs) return `took ${ms.toFixed(1)} ms`;
  if (!result.ok) {
    return result.reason.code === 'internal-fault' ? `fault ${JSON.stringify(result.reason)}` : undefined;
  }
  if (one.mustFail) return 'opened';
  if (one.kind === 'stranger' && !(result.stranger && result.message.service === 'ENROL')) {
    return 'opened as if it were known';
  }
  const digest = Buffer.from(result.digest).toString('hex');
  return one.digest !== undefined && digest !== one.digest ? 'opened with another content' : undefined;
}

/**
 * By the processor's time of this thread, for a machine that is busy is not our fault; the least of three where the first
 * was long, for what V8 compiles meanwhile is not either.
 */
async function timed(
  { opener, client, rsaClient }: World,
  sdc: Buffer,
): Promise<{ result: OpenResult; ms: number }> {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3; tries++) {
    const before = process.threadCpuUsage();
    const [result] = await opener.open(closed(sdc), async () => [client, rsaClient]);
    const { user, system } = process.threadCpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
    if (least <= limitMs) return { result: result as OpenResult, ms: least };
  }
  return { result: { ok: false, reason: { code: 'sdc-malformed', params: {} } }, ms: least };
}

interface World {
  readonly server: Identity;
  readonly client: Identity;
  readonly rsaClient: Identity;
  readonly opener: Opener;
  readonly samples: readonly Sample[];
  readonly agreement: ReturnType<typeof agree>;
  readonly rsaServer: Identity;
  readonly rsaServerKey: KeyObject;
  readonly stranger: Identity;
  /** Maps of every service. */
  readonly maps: readonly EncodedMessage[];
  readonly enrolment: EncodedMessage;
  /** Payloads that inflate to megabytes. */
  readonly bombs: readonly Buffer[];
}

async function makeWorld(): Promise<World> {
  const folder = new OpensslFolder();
  try {
    const server = folder.party('server');
    const client = folder.party('client');
    const rsa = '-algorithm RSA -pkeyopt rsa_keygen_bits:2048';
    const rsaServer = folder.party('rsaserver', rsa);
    const rsaClient = folder.party('rsaclient', rsa);
    const opener = createOpener({ recipients: [server, rsaServer] });
    const record = {
      Numero: 7,
      Status: 2,
      Nom: 'ÉBOGO',
      DateActe: new CalendarDate(20_500),
      Photo: Buffer.alloc(40),
    };
    const pairs = [
      ['compact', client, server],
      ['RSA', rsaClient, rsaServer],
      ['EC to RSA', client, rsaServer],
    ] as const;
    const samples: Sample[] = [];
    const add = async (name: string, sdc: Uint8Array, isStrict: boolean) => {
      const [result] = await opener.open(closed(sdc), async () => [client, rsaClient]);
      if (!result?.ok) throw new Error(`the sample ${name} does not open: ${JSON.stringify(result)}`);
      const digest = Buffer.from(result.digest).toString('hex');
      samples.push({ name, sdc: Buffer.from(sdc), inside: Buffer.from(result.signed), digest, isStrict });
    };
    for (const [name, signer, recipient] of pairs) {
      const [sealed] = await createSealer({ signer }).seal([
        { message: message(recipient, record), recipient },
      ]);
      await add(name, sealed?.sdc as Uint8Array, true);
    }
    folder.write('payload', payloadOf(message(rsaServer, record)));
    folder.openssl(
      'cms -sign -binary -nodetach -stream -signer rsaclient.crt -inkey rsaclient.key -in payload -outform DER -out signed',
    );
    for (const [name, options] of [
      ['CBC', '-aes-256-cbc -outform DER'],
      ['streamed CBC', '-aes-256-cbc -stream -outform DER'],
      ['text', '-aes-256-gcm -outform PEM'],
    ] as const) {
      folder.openssl(
        `cms -encrypt -binary -in signed -recip rsaserver.crt -keyopt rsa_padding_mode:oaep ${options} -out sdc`,
      );
      await add(name, folder.read('sdc'), name === 'CBC');
    }
    const key = createPublicKey({ key: server.spki, format: 'der', type: 'spki' });
    const rsaServerKey = createPublicKey({ key: rsaServer.spki, format: 'der', type: 'spki' });
    const bombs = [constants.Z_FIXED, constants.Z_DEFAULT_STRATEGY, constants.Z_RLE].flatMap(strategy =>
      [1, 4, 8].map(megabytes => {
        const zeros = Buffer.alloc(megabytes * 1_000_000, megabytes);
        return payload(server, deflateRawSync(zeros, { level: 9, strategy }));
      }),
    );
    const stranger = folder.party('stranger');
    const head = { id: Buffer.alloc(8, 3), recipient: server.keyId, at: 1_771_459_200 };
    const publicKey = createPublicKey({ key: stranger.spki, format: 'der', type: 'spki' });
    const request = makeRequest({ privateKey: stranger.privateKey, publicKey }, { commonName: 'stranger' });
    const enrolment = { ...head, service: 'ENROL', matricule: 1, password: 'zerokey', request } as const;
    return {
      server,
      client,
      stranger,
      maps: serviceMessages(head, request, [client.certificate]).map(([, , message]) =>
        encodePayload(message),
      ),
      enrolment: encodePayload(enrolment),
      rsaClient,
      rsaServer,
      rsaServerKey,
      opener,
      samples,
      agreement: agree(key),
      bombs,
    };
  } finally {
    folder.close();
  }
}

function caseOf(world: World, random: Random): Case {
  const roll = random.below(100);
  if (roll < 35) return mutatedOutside(world, random);
  if (roll < 65) return mutatedInside(world, random);
  if (roll < 72) return mutatedPayload(world, random);
  if (roll < 78) return mutatedMap(world, random);
  if (roll < 80) return mutatedEnrolment(world, random);
  if (roll < 88) return { kind: 'random structure', sdc: randomDer(random), mustFail: true };
  if (roll < 94) {
    return {
      kind: 'random structure inside',
      sdc: sealed(world, randomDer(random), 'ec'),
      mustFail: true,
    };
  }
  if (roll < 98) return { kind: 'random bytes', sdc: random.bytes(random.below(20_000)), mustFail: true };
  return { kind: 'bomb', sdc: signedAndSealed(world, random.pick(world.bombs)), mustFail: true };
}

function mutatedOutside(world: World, random: Random): Case {
  const sample = pickSample(world, random);
  const sdc = mutated(sample.sdc, random);
  const isSame = sdc.equals(sample.sdc);
  return {
    kind: `outside of ${sample.name}`,
    sdc,
    digest: sample.digest,
    mustFail: sample.isStrict && !isSame,
  };
}

/** By somebody who could read the message, and knows our public keys. */
function mutatedInside(world: World, random: Random): Case {
  const sample = pickSample(world, random);
  const inside = mutated(sample.inside, random);
  return {
    kind: `inside of ${sample.name}`,
    sdc: sealed(world, inside, sample.name === 'compact' ? 'ec' : 'rsa'),
    digest: sample.digest,
    mustFail: sample.isStrict && !inside.equals(sample.inside),
  };
}

/** Half of them the compact one: RSA takes ten times as long. */
function pickSample({ samples }: World, random: Random): Sample {
  return random.below(2) === 0 ? (samples[0] as Sample) : random.pick(samples);
}

/** By a client of ours, who may sign whatever he likes. */
function mutatedPayload(world: World, random: Random): Case {
  const good = payloadOf(
    message(world.server, { Status: random.below(5), Nom: 'x'.repeat(random.below(300)) }),
  );
  return { kind: 'signed payload', sdc: signedAndSealed(world, mutated(good, random)), mustFail: false };
}

/** Of any service, and deflated again. */
function mutatedMap(world: World, random: Random): Case {
  const { head, map } = random.pick(world.maps);
  const content = deflatePayload({ head, map: mutated(map, random) });
  return { kind: 'map', sdc: signedAndSealed(world, content), mustFail: false };
}

/** By somebody whom nobody knows: whatever comes out is an ENROL of his own key. */
function mutatedEnrolment(world: World, random: Random): Case {
  const { head, map } = random.below(4) === 0 ? random.pick(world.maps) : world.enrolment;
  const content = deflatePayload({ head, map: random.below(3) === 0 ? map : mutated(map, random) });
  return { kind: 'stranger', sdc: signedAndSealed(world, content, world.stranger), mustFail: false };
}

function signedAndSealed(world: World, content: Buffer, signer: Identity = world.client): Buffer {
  const signature = sign('sha256', content, signer.privateKey);
  const inside = writeSignedData({ kind: 'plain', payload: content, signer: signer.keyId, signature });
  return sealed(world, inside, 'ec');
}

function sealed(world: World, inside: Buffer, to: 'ec' | 'rsa'): Buffer {
  const contentKey = hash('sha256', inside, 'buffer');
  const { ephemeral, kek } = world.agreement;
  const recipient: RecipientInfo =
    to === 'ec'
      ? { kind: 'agreement', ephemeral, keyId: world.server.keyId, wrappedKey: wrapKey(kek, contentKey) }
      : {
          kind: 'transport',
          id: { keyId: world.rsaServer.keyId },
          padding: 'oaep-sha256',
          wrappedKey: encryptKey(world.rsaServerKey, contentKey),
        };
  return writeEnvelope({ recipient, content: encryptContent(inside, contentKey) });
}

/** Bytes in use after what is no longer needed was collected, and what that frees in turn. */
async function memory(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let times = 0; times < 3; times++) {
    collect();
    await new Promise(setImmediate);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
