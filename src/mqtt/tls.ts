/** TLS of links to a broker. */
import { createSecureContext, type SecureContext } from 'node:tls';

export interface TlsOptions {
  /** PEM certificates of the authorities that may vouch for the broker; absent: the system's. */
  readonly ca?: string | readonly string[];
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
