/** The text form of certificates, requests, lists and keys (RFC 7468). */

export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** Whether these bytes are text and not DER, where everything we read starts with a SEQUENCE. */
export function isText(bytes: Uint8Array | string): boolean {
  return typeof bytes === 'string' || bytes[0] !== 0x30;
}

/** The DER values of these labels in a text, in its order; what stands around them is skipped (RFC 7468 §5.2). */
export function readPem(text: Uint8Array | string, ...labels: readonly string[]): Buffer[] {
  const whole = typeof text === 'string' ? text : Buffer.from(text).toString('latin1');
  const blocks = whole.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----\s([A-Za-z0-9+/=\s]*)-----END \1-----/g);
  return [...blocks]
    .filter(([, label]) => labels.includes(label as string))
    .map(([, , base64]) => Buffer.from(base64 as string, 'base64'));
}
