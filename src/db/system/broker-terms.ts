/** How a broker is spoken to, as its row has it. */
import type { BrokerTerms } from '../../core/administration/ports.ts';

export const termsColumns = 'mqtt_version, keep_alive_s, authority, client_certificate, client_key';

/** A type, as a row has an index of its own. */
export type TermsRow = {
  readonly mqtt_version: '5' | '3.1.1' | null;
  readonly keep_alive_s: number;
  readonly authority: string | null;
  readonly client_certificate: string | null;
  readonly client_key: string | null;
};

export function termsOf(row: TermsRow): BrokerTerms {
  return {
    ...(row.mqtt_version === null ? {} : { mqttVersion: row.mqtt_version }),
    keepAliveS: row.keep_alive_s,
    ...(row.authority === null ? {} : { authority: row.authority }),
    ...(row.client_certificate === null ? {} : { clientCertificate: row.client_certificate }),
    ...(row.client_key === null ? {} : { clientKey: row.client_key }),
  };
}
