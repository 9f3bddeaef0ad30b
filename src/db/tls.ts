/** TLS of connections to PostgreSQL, in libpq's terms. */
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import type { SslMode } from '../core/database-server.ts';

/**
 * `require` encrypts and asks nobody who he is; `verify-ca` wants a certificate of an authority that is trusted,
 * `verify-full` for the server's name, too. `ca`: PEM certificates of these authorities; absent: the system's. Throws
 * an Error for what is no PEM.
 */
export function tlsOptions(mode: SslMode, ca?: readonly string[]): false | ConnectionOptions {
  if (mode === 'disable') return false;
  if (mode === 'require') return { rejectUnauthorized: false };
  return {
    // Made once for all connections: the system's authorities are hundreds, and read anew each time otherwise.
    secureContext: createSecureContext(ca === undefined ? {} : { ca: [...ca] }),
    ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  };
}
