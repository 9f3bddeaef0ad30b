/** TLS of links to a broker. */
import { createSecureContext, type SecureContext } from 'node:tls';
import { XmError } from '../core/errors.ts';

export interface TlsOptions {
  /** PEM certificates of the authorities that may vouch for the broker; absent: the system's. */
  readonly ca?: string | readonly string[];
  /** Who these are, where somebody has named them: for what is told when they do not vouch for the broker. */
  readonly authority?: string;
  /** PEM: who we are, for a broker that asks; with what leads to our authority. */
  readonly certificate?: string;
  /** PEM, in clear. */
  readonly key?: string;
  /** TLS groups as OpenSSL lists them, `X25519:P-256`; absent: Node's own. */
  readonly groups?: string;
}

/** Undefined where the address asks for none. Throws an Error for what OpenSSL cannot read. */
export function secureContextOf(
  url: string,
  { ca, certificate, key, groups }: TlsOptions,
): SecureContext | undefined {
  if (!url.startsWith('mqtts:')) return undefined;
  return createSecureContext({
    ...(ca === undefined ? {} : { ca: [ca].flat() }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    ...(groups === undefined ? {} : { ecdhCurve: groups }),
  });
}

/** OpenSSL's words for a chain that leads to nobody who is believed (X509_verify_cert), as Node passes them on. */
const unvouched = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** The alerts of RFC 8446 §6.2 about a certificate: only the broker sends them, and ours is what it has seen. */
const aboutOurs =
  /ALERT_(NO_CERTIFICATE|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_|UNKNOWN_CA|ACCESS_DENIED)/;

/** What is wrong between two who do not believe each other; undefined: something else. */
export function trustFault(
  error: Error,
  url: string,
  { authority }: Pick<TlsOptions, 'authority'>,
): XmError | undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  // Node tells how to start Node.
  const detail = error.message.replace(/; if the root CA is installed locally.*/, '');
  if (unvouched.has(code)) {
    return authority === undefined
      ? new XmError('broker-untrusted', { url, detail }, { cause: error })
      : new XmError('broker-authority', { url, authority, detail }, { cause: error });
  }
  if (!aboutOurs.test(code)) return undefined;
  // `ssl/tls alert certificate required`, out of OpenSSL's line with its file and number.
  const alert = /alert [a-z0-9 ]+/.exec(detail)?.[0] ?? detail;
  return new XmError('broker-client-certificate', { url, detail: alert }, { cause: error });
}
