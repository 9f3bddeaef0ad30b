/** An operator is suspended: he logs in no more. */
import { showOperator, suspendOperator } from '../../core/administration/operator.ts';
import type { Desk } from '../desk.ts';
import { agreed } from '../form/entry.ts';
import { named } from './registration.ts';

export async function suspend(desk: Desk, userName: string): Promise<void> {
  const { texts, session } = desk;
  const { operators } = texts;
  const { administration } = session.installation;
  const operator = named(desk, await showOperator(administration, session.operator, userName));
  if (!(await agreed(desk, operators.suspend(operator)))) return;
  desk.say(operators.suspending);
  await suspendOperator(administration, session.operator, userName);
  desk.refresh();
  desk.say(operators.suspended(operator), 'good');
}
