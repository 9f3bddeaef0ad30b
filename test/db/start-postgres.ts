/**
 * Starts the embedded PostgreSQL as a process of its own, which then ends: `node start-postgres.ts <options as JSON>`.
 * Prints `init` and `start` as it goes, and in the end the server as JSON, or the code of the error.
 */
import { XmError } from '../../src/core/errors.ts';
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';

const options = JSON.parse(process.argv[2] ?? '') as Omit<EmbeddedPostgresOptions, 'report'>;
const print = (line: string) => process.stdout.write(`${line}\n`);
try {
  print(JSON.stringify(await startEmbeddedPostgres({ ...options, report: print })));
} catch (error) {
  if (!(error instanceof XmError)) throw error;
  print(JSON.stringify({ error: error.code, ...error.params }));
}
