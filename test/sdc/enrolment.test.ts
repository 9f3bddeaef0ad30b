/** A key that nobody knows may say one thing: that it asks for a certificate. */
import { createPublicKey, randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { Message } from '../../src/core/message.ts';
import { makeRequest } from '../../src/pki/request.ts';
import { encodePayload } from '../../src/sdc/payload.ts';
import { createSdcPool } from '../../src/sdc/pool.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import { Unsealer } from '../../src/sdc/unsealer.ts';
import { Verifier } from '../../src/sdc/verifier.ts';
import {
  closed,
  encrypted,
  type Identity,
  identity,
  message,
  open,
  payloadOf,
  signed,
  verdict,
} from './identity.ts';
import { OpensslFolder } from './openssl-folder.ts';

const folder = new OpensslFolder();
afterAll(() => folder.close());
const server = identity();
const client = identity();
const stranger = identity();

function requestOf({ privateKey, spki }: Identity): Buffer {
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  return makeRequest({ privateKey, publicKey }, { commonName: 'Mairie de Dzeng' });
}

function enrolment(request: Uint8Array, recipient = server, password = 'zerokey'): Message {
  const head = { id: randomBytes(8), at: 1_771_459_200, recipient: recipient.keyId };
  return { ...head, service: 'ENROL', matricule: 1000, password, request };
}

const sealed = async (message: Message, signer: Identity & { certificate?: Buffer } = stranger) => {
  const [one] = await createSealer({ signer }).seal([{ message, recipient: server }]);
  return one?.sdc as Uint8Array;
};

describe('an ENROL by a key that nobody knows', () => {
  it('is opened as a stranger’s where it holds the request of that very key', async () => {
    const request = requestOf(stranger);
    const result = await open(await sealed(enrolment(request)), server, client);
    expect(result).toMatchObject({
      ok: true,
      stranger: true,
      signer: stranger.keyId,
      message: { service: 'ENROL', matricule: 1000, request },
    });
  });

  it('is so for an RSA key, too', async () => {
    const rsa = folder.party('rsa', '-algorithm RSA -pkeyopt rsa_keygen_bits:2048');
    const result = await open(await sealed(enrolment(requestOf(rsa)), rsa), server, client);
    expect(result).toMatchObject({ ok: true, stranger: true, signer: rsa.keyId });
  });

  it('may come again, under the certificate of its own making, when the key has another', async () => {
    const rsa = folder.party('again', '-algorithm RSA -pkeyopt rsa_keygen_bits:2048');
    const registered = { ...rsa, certificate: folder.party('authority').certificate };
    const enrol = await sealed(enrolment(requestOf(rsa)), rsa);
    expect(await open(enrol, server, registered)).toMatchObject({ ok: true, signer: rsa.keyId });
    const other = await sealed(message(server), rsa);
    expect(verdict(await open(other, server, registered))).toBe('sdc-signer-unknown');
    expect(verdict(await open(other, server, rsa))).toBe('opened');
  });

  it('keeps its place in a batch of the pool', async () => {
    const pool = createSdcPool({
      workerFile: new URL('../../src/sdc/worker.ts', import.meta.url),
      workers: 2,
      opener: { recipients: [server] },
    });
    try {
      const enrolling = await sealed(enrolment(requestOf(stranger)));
      const known = await sealed(message(server), client);
      const results = await pool.open(closed(known, enrolling, await sealed(message(server))), async () => [
        client,
      ]);
      expect(results.map(one => (one.ok ? one.stranger === true : one.reason.code))).toEqual([
        false,
        true,
        'sdc-signer-unknown',
      ]);
    } finally {
      await pool.close();
    }
  });

  it('is no stranger’s where the directory knows the key', async () => {
    const result = await open(await sealed(enrolment(requestOf(client)), client), server, client);
    expect(result.ok && result.stranger).toBeUndefined();
    expect(verdict(result)).toBe('opened');
  });

  it('leaves nothing behind that could push out what is in use', () => {
    const unsealer = new Unsealer({ recipients: [server] });
    const remembered: unknown[] = [];
    const verify = (inside: Buffer, signers: Map<string, Identity>) =>
      new Verifier().verify(unsealer.unseal(closed(encrypted(inside, server))), signers, one =>
        remembered.push(one),
      );
    const inside = signed(payloadOf(enrolment(requestOf(stranger))), stranger);
    expect(verify(inside, new Map())).toMatchObject([{ ok: true, value: { proof: { stranger: true } } }]);
    expect(remembered).toEqual([]);
    const known = new Map([[Buffer.from(stranger.keyId).toString('hex'), stranger]]);
    const forged = signed(payloadOf(enrolment(requestOf(stranger))), { ...client, keyId: stranger.keyId });
    expect(verify(forged, known)).toMatchObject([{ ok: false, reason: { code: 'sdc-signature' } }]);
    expect(remembered).toEqual([]);
    expect(verify(inside, known)[0]?.ok).toBe(true);
    expect(remembered).toHaveLength(1);
  });
});

describe('a stranger’s message', () => {
  const request = requestOf(stranger);
  const by = (signer: Identity, message: Message) => encrypted(signed(payloadOf(message), signer), server);
  const cut = request.subarray(0, -1);
  const nested = Buffer.alloc(200, Buffer.from('3080', 'hex'));

  it.each<[string, () => Buffer, string]>([
    [
      'with the request of another key',
      () => by(stranger, enrolment(requestOf(client))),
      'sdc-signer-unknown',
    ],
    ['with a request that is cut', () => by(stranger, enrolment(cut)), 'sdc-signer-unknown'],
    [
      'with a request and more',
      () => by(stranger, enrolment(Buffer.concat([request, cut]))),
      'sdc-signer-unknown',
    ],
    ['with a request of no shape', () => by(stranger, enrolment(nested)), 'sdc-signer-unknown'],
    [
      'with its key in place of the request',
      () => by(stranger, enrolment(stranger.spki)),
      'sdc-signer-unknown',
    ],
    ['of another service', () => by(stranger, message(server)), 'sdc-signer-unknown'],
    ['for somebody else', () => by(stranger, enrolment(request, client)), 'sdc-signer-unknown'],
    [
      'in the name of a key that has not signed it',
      () => by({ ...client, keyId: stranger.keyId }, enrolment(request)),
      'sdc-signature',
    ],
    [
      'that names another key as its signer',
      () => by({ ...stranger, keyId: client.keyId }, enrolment(request)),
      'sdc-signer-unknown',
    ],
  ])('%s is refused', async (_name, sdc, expected) => {
    expect(verdict(await open(sdc(), server))).toBe(expected);
  });

  it('is refused where it inflates without end', async () => {
    const { head, map } = encodePayload(enrolment(request));
    const padded = (length: number) =>
      Buffer.concat([head.fill(0, 1, 2), deflateRawSync(Buffer.concat([map, Buffer.alloc(length)]))]);
    const reason = async (content: Buffer) =>
      verdict(await open(encrypted(signed(content, stranger), server), server));
    expect(await reason(padded(0))).toBe('opened');
    expect(await reason(padded(10_000_000))).toBe('sdc-signer-unknown');
  });
});
