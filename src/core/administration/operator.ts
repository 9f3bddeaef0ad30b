/** Operators (guide §2.8): created, changed, suspended. Nobody gives more than he has, or touches who has more. */
import { XmError } from '../errors.ts';
import { demand, type Operator, type Privilege } from '../operator.ts';
import { verifyPassword } from '../password.ts';
import { difference, type Outcome, perform } from './act.ts';
import { lineOf, nameLimit, nameOf, privilegeOf, userNameOf } from './field.ts';
import { newPasswordHash } from './password.ts';
import type { Administration, OperatorEntry, OperatorSheet, Records } from './ports.ts';

const superviseur = 4;

/**
 * `password` is what he has typed himself. Throws `privilege-needed`, `limit-operators`, `user-name-taken`, and what
 * its fields and the password throw.
 */
export async function createOperator(
  administration: Administration,
  operator: Operator,
  entry: Omit<OperatorEntry, 'privilege'> & { readonly privilege: number },
  password: string,
): Promise<OperatorSheet> {
  const userName = userNameOf(entry.userName);
  const fields = fieldsOf(entry);
  demand(operator, 'operator-create');
  const passwordHash = await newPasswordHash(password, userName);
  const { operators: limit } = await administration.limits();
  return perform(administration, operator, 'operator-create', async (records, actor) => {
    demandRank(actor, fields.privilege);
    await records.takeTurn('operators');
    if (fields.privilege > 0) await demandRoom(records, limit);
    return insert(records, { userName, ...fields }, passwordHash);
  });
}

/**
 * The Superviseur that an installation begins with; `operator` is who installs it. Throws `operator-exists` where there
 * is an operator already, and what the fields and the password throw.
 */
export async function createFirstOperator(
  administration: Pick<Administration, 'store'>,
  operator: Operator,
  given: Pick<OperatorEntry, 'userName' | 'name'>,
  password: string,
): Promise<OperatorSheet> {
  const userName = userNameOf(given.userName);
  const fields = fieldsOf({ name: given.name, certificateName: '', privilege: superviseur });
  const passwordHash = await newPasswordHash(password, userName);
  return perform(administration, operator, 'operator-create', async records => {
    await records.takeTurn('operators');
    if ((await records.operators()).length > 0) throw new XmError('operator-exists');
    return insert(records, { userName, ...fields }, passwordHash);
  });
}

/**
 * Privilege 0 suspends, another one lets a suspended operator in again.
 * Throws `privilege-needed`, `operator-unknown`, `operator-self`, `superviseur-last`, `limit-operators`.
 */
export async function changeOperator(
  administration: Administration,
  operator: Operator,
  userName: string,
  changes: Partial<Omit<OperatorEntry, 'userName' | 'privilege'> & { readonly privilege: number }>,
): Promise<OperatorSheet> {
  const { operators: limit } = await administration.limits();
  const act = changes.privilege === 0 ? 'operator-suspend' : 'operator-change';
  return perform(administration, operator, act, async (records, actor) => {
    await records.takeTurn('operators');
    const known = await lockFor(records, actor, userName);
    const { name, certificateName, privilege } = known;
    const before = { name, certificateName, privilege };
    const after = fieldsOf({ ...before, ...changes });
    if (after.privilege !== privilege) await demandNewPrivilege(records, actor, known, after.privilege);
    if (privilege === 0 && after.privilege > 0) await demandRoom(records, limit);
    const changed = difference(before, after);
    if (changed) await records.updateOperator(known.id, after);
    return {
      result: await sheetOf(records, userName),
      detail: changed && { operator: known.userName, ...changed },
    };
  });
}

/** Throws what `changeOperator` throws. */
export function suspendOperator(
  administration: Administration,
  operator: Operator,
  userName: string,
): Promise<OperatorSheet> {
  return changeOperator(administration, operator, userName, { privilege: 0 });
}

/**
 * A new password, which the operator himself has typed; failed log-ins are forgotten.
 * Throws `privilege-needed`, `operator-unknown`, and what the password throws.
 */
export async function setOperatorPassword(
  administration: Pick<Administration, 'store'>,
  operator: Operator,
  userName: string,
  password: string,
): Promise<void> {
  demand(operator, 'operator-password');
  const passwordHash = await newPasswordHash(password, userName.trim());
  await perform(administration, operator, 'operator-password', async (records, actor) => {
    const known = await lockFor(records, actor, userName);
    await records.setOperatorPassword(known.id, passwordHash);
    await records.forgetFailures(known.userName);
    return { result: undefined, detail: { operator: known.userName } };
  });
}

/** "Fichier / Mot de passe": one's own. Throws `password-wrong`, and what the new one throws. */
export async function changeOwnPassword(
  administration: Pick<Administration, 'store'>,
  operator: Operator,
  current: string,
  next: string,
): Promise<void> {
  const known = await administration.store.passwordHash(operator.id);
  if (known === undefined || !(await verifyPassword(current, known))) throw new XmError('password-wrong');
  const passwordHash = await newPasswordHash(next, operator.userName);
  await perform(administration, operator, 'own-password', async (records, actor) => {
    await records.setOperatorPassword(actor.id, passwordHash);
    return { result: undefined, detail: { operator: actor.userName } };
  });
}

/** Throws `privilege-needed`. */
export async function listOperators({ store }: Administration, operator: Operator): Promise<OperatorSheet[]> {
  demand(operator, 'operators-view');
  return store.operators();
}

/** Throws `privilege-needed`, `operator-unknown`. */
export async function showOperator(
  { store }: Administration,
  operator: Operator,
  userName: string,
): Promise<OperatorSheet> {
  demand(operator, 'operators-view');
  return sheetOf(store, userName);
}

async function insert(
  records: Records,
  { userName, ...fields }: OperatorEntry,
  passwordHash: string,
): Promise<Outcome<OperatorSheet>> {
  const id = await records.insertOperator({ userName, ...fields }, passwordHash);
  if (id === undefined) throw new XmError('user-name-taken', { operator: userName });
  return {
    result: await sheetOf(records, userName),
    detail: { operator: userName, before: null, after: fields },
  };
}

async function lockFor(records: Records, actor: Operator, userName: string): Promise<OperatorSheet> {
  const known = await records.lockOperator(userName.trim());
  if (!known) throw new XmError('operator-unknown', { operator: userName });
  demandRank(actor, known.privilege);
  return known;
}

async function demandNewPrivilege(
  records: Records,
  actor: Operator,
  known: OperatorSheet,
  privilege: Privilege,
): Promise<void> {
  demandRank(actor, privilege);
  if (actor.id === known.id) throw new XmError('operator-self');
  if (known.privilege !== superviseur) return;
  const others = (await records.operators()).filter(
    one => one.privilege === superviseur && one.id !== known.id,
  );
  if (others.length === 0) throw new XmError('superviseur-last', { operator: known.userName });
}

function demandRank(actor: Operator, needed: Privilege): void {
  if (actor.privilege < needed) throw new XmError('privilege-needed', { needed, own: actor.privilege });
}

/** Who is suspended does not count. */
async function demandRoom(records: Records, limit: number): Promise<void> {
  const active = (await records.operators()).filter(({ privilege }) => privilege > 0);
  if (active.length >= limit) throw new XmError('limit-operators', { limit });
}

function fieldsOf(fields: {
  readonly name: string;
  readonly certificateName: string;
  readonly privilege: number;
}): Omit<OperatorEntry, 'userName'> {
  return {
    name: nameOf(fields.name),
    certificateName: lineOf(fields.certificateName, 'certificate-name-invalid', nameLimit),
    privilege: privilegeOf(fields.privilege),
  };
}

async function sheetOf(records: Pick<Records, 'operator'>, userName: string): Promise<OperatorSheet> {
  const sheet = await records.operator(userName.trim());
  if (!sheet) throw new XmError('operator-unknown', { operator: userName });
  return sheet;
}
