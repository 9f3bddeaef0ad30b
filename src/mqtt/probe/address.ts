/** Where a broker is, and how its certificate is to be looked at. */
import { XmError } from '../../core/errors.ts';

export interface Address {
  /** Without a name or password that may have stood in it. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Absent: no TLS. `ca`: PEM of the authorities that may vouch for the broker; absent: the system's. */
  readonly tls?: { readonly ca?: string; readonly insecure: boolean };
  readonly isLoopback: boolean;
}

/** `mqtt://host[:1883]` or `mqtts://host[:8883]`. Throws `broker-unreachable` for anything else. */
export function addressOf(text: string, ca: string | undefined, insecure: boolean): Address {
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
    ...(tls ? { tls: { insecure, ...(ca === undefined ? {} : { ca }) } } : {}),
    isLoopback: /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host),
  };
}
