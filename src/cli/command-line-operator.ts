/** Who acts on the command line. */
import { userInfo } from 'node:os';
import type { Operator } from '../core/operator.ts';

/**
 * The account of the operating system, with the rights of a Superviseur: who can read the data folder has the password
 * of the database anyway (docs/architecture.md, "Who acts"). Number 0: no row of the table of operators.
 */
export function commandLineOperator(): Operator {
  const account = accountName();
  return { id: 0, userName: `os:${account}`, name: account, privilege: 4 };
}

/** In a container the account may have a number only. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `${process.getuid?.() ?? 'unknown'}`;
  }
}
