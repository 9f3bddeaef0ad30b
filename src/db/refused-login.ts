/** Why PostgreSQL lets nobody in, as exactly as it tells: whoever gives a connection is to see what to correct. */
import pg from 'pg';
import { type ErrorCode, XmError } from '../core/errors.ts';
import { type DatabaseSettings, saidBy, translated } from './database.ts';

/** SQLSTATE: invalid_password, and the others of class 28, a role that is none among them. */
const states: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^28P01$/, 'database-password'],
  [/^28...$/, 'database-user'],
];
/** Node's, of a certificate that is not believed; and of TLS at all. */
const codes: readonly (readonly [RegExp, ErrorCode])[] = [
  [
    /^(CERT_|SELF_SIGNED_CERT|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|ERR_TLS_CERT_)/,
    'database-certificate',
  ],
  [/^ERR_(TLS|SSL)_/, 'database-tls'],
];
/** pg's own errors have no code. */
const words: readonly (readonly [RegExp, ErrorCode])[] = [
  [/client password must be/, 'database-password'],
  [/^(The server does not support SSL|There was an error establishing an SSL)/, 'database-tls'],
];

/** What is no refusal becomes what `translated` makes of it. */
export function refusedLogin(error: unknown, settings: DatabaseSettings): unknown {
  const code = codeOf(error);
  if (code === undefined) return translated(error, settings);
  const { host, port, user } = settings;
  return new XmError(code, { host: `${host}:${port}`, user, detail: saidBy(error) }, { cause: error });
}

function codeOf(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { readonly code?: unknown };
  const [known, told] =
    error instanceof pg.DatabaseError
      ? [states, error.code ?? '']
      : typeof code === 'string'
        ? [codes, code]
        : [words, error.message];
  return known.find(([pattern]) => pattern.test(told))?.[1];
}
