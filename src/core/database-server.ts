/** How PostgreSQL is reached ("Connexion"). */

/** As in libpq; `prefer` is not among them: who takes what comes is protected from nobody. */
export const sslModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof sslModes)[number];

export interface DatabaseServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Absent: PGSSLMODE of the environment decides. */
  readonly sslmode?: SslMode;
  /** PEM file of the authorities that may vouch for the server; seen from the data folder. */
  readonly ca?: string;
}

/** As somebody gives it. */
export interface DatabaseAccess extends DatabaseServer {
  /** Absent: the one that is kept. */
  readonly password?: string;
}
