/** Where a broker is, and how its certificate is to be looked at. */
import type { SecureContext } from 'node:tls';
import { XmError } from '../../core/errors.ts';
import { secureContextOf, type TlsOptions } from '../tls.ts';

export interface Address {
  /** Without a name or password that may have stood in it. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Absent: no TLS. */
  readonly tls?: { readonly context: SecureContext; readonly insecure: boolean } & Pick<
    TlsOptions,
    'authority'
  >;
  readonly isLoopback: boolean;
}

/** `mqtt://host[:1883]` or `mqtts://host[:8883]`. Throws `broker-unreachable` for anything else. */
export function addressOf(text: string, options: TlsOptions = {}, insecure = false): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const tls = url?.protocol === 'mqtts:';
  if (!url || url.hostname === '' || (!tls && url.protocol !== 'mqtt:')) {
    throw new XmError('broker-unreachable', { url: text, detail: 'neither mqtt:// nor mqtts://' });
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1'); // an IPv6 address stands in brackets
  const port = url.port === '' ? (tls ? 8883 : 1883) : Number(url.port);
  return {
    url: `${url.protocol}//${url.hostname}:${port}`,
    host,
    port,
    ...(tls ? { tls: tlsOf(text, options, insecure) } : {}),
    isLoopback: /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host),
  };
}

function tlsOf(url: string, options: TlsOptions, insecure: boolean): NonNullable<Address['tls']> {
  const { authority } = options;
  const context = secureContextOf(url, options) as SecureContext;
  return { context, insecure, ...(authority === undefined ? {} : { authority }) };
}
