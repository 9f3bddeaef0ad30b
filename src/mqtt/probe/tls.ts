/**
 * The broker's certificates, and what TLS settles on. The handshake is not broken off over a certificate that cannot be
 * trusted, so that it can be shown; nothing is sent over that connection.
 */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { ChainLink, Findings } from '../../core/broker-test.ts';
import { XmError } from '../../core/errors.ts';
import { pause } from '../../core/pause.ts';
import type { Address } from './address.ts';

const dayMs = 86_400_000;
/** TLS 1.3 hands its ticket over after the handshake. */
const ticketMs = 500;
const longestChain = 10;

export async function probeTls(address: Address, signal: AbortSignal): Promise<Findings['tls']> {
  const first = await shakeHands(address, signal);
  try {
    const { socket, ticket } = first;
    const chain = chainOf(socket);
    const ends = chain.map(({ validToDate }) => validToDate.getTime());
    return {
      trusted: socket.authorized,
      ...(socket.authorized ? {} : { problem: problemOf(socket) }),
      version: socket.getProtocol() ?? '',
      cipher: socket.getCipher().standardName,
      resumed: await isResumed(address, await ticket, signal),
      chain: chain.map(linkOf),
      daysLeft: Math.floor((Math.min(...ends) - Date.now()) / dayMs),
    };
  } finally {
    first.socket.destroy();
  }
}

interface Handshake {
  readonly socket: TLSSocket;
  readonly ticket: Promise<Buffer | undefined>;
}

/** Rejects with `broker-unreachable`, or the signal's reason. */
function shakeHands(address: Address, signal: AbortSignal, session?: Buffer): Promise<Handshake> {
  const { host, port, tls } = address;
  const { promise, resolve, reject } = Promise.withResolvers<Handshake>();
  signal.throwIfAborted();
  const socket = connect({
    host,
    port,
    ...(isIP(host) ? {} : { servername: host }),
    ...(tls ? { secureContext: tls.context } : {}),
    ...(session === undefined ? {} : { session }),
    rejectUnauthorized: false,
  });
  const ticket = Promise.withResolvers<void>();
  let found: Buffer | undefined;
  socket.on('session', bytes => {
    found = bytes;
    ticket.resolve();
  });
  const stop = () => {
    socket.destroy();
    reject(signal.reason);
  };
  signal.addEventListener('abort', stop, { once: true });
  socket.on('error', error =>
    reject(new XmError('broker-unreachable', { url: address.url, detail: error.message }, { cause: error })),
  );
  socket.on('close', () => {
    signal.removeEventListener('abort', stop);
    reject(new XmError('link-closed'));
    ticket.resolve();
  });
  socket.on('secureConnect', () =>
    resolve({ socket, ticket: pause(ticketMs, signal, ticket.promise).then(() => found) }),
  );
  // Tickets are read only where somebody reads.
  socket.resume();
  return promise;
}

async function isResumed(
  address: Address,
  session: Buffer | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (!session) return false;
  const { socket } = await shakeHands(address, signal, session);
  const resumed = socket.isSessionReused();
  socket.destroy();
  return resumed;
}

/** What the broker has sent, and the issuers of our own that it leads to: `getPeerX509Certificate` does not look for these. */
function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let one = socket.getPeerCertificate(true); one?.raw && chain.length < longestChain; ) {
    chain.push(new X509Certificate(one.raw));
    // A root names itself.
    if (one.issuerCertificate === one) break;
    one = one.issuerCertificate;
  }
  return chain;
}

function linkOf({ subject, issuer, validToDate }: X509Certificate): ChainLink {
  return { subject: oneLine(subject), issuer: oneLine(issuer), notAfter: validToDate.toISOString() };
}

/** Node puts each part of a name on a line of its own; an empty name is undefined. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

function problemOf({ authorizationError }: TLSSocket): string {
  return authorizationError instanceof Error ? authorizationError.message : String(authorizationError);
}
