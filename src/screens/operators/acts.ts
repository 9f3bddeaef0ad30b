/** What the menu Utilisateurs has done. */
import { actPrivileges, menuPrivileges } from '../../core/operator.ts';
import type { Act, ActId } from '../acts.ts';
import { actOn, whileLost } from '../subject.ts';
import { suspend } from './suspension.ts';

export const operatorActs = {
  operators: { privilege: menuPrivileges.utilisateurs, run: desk => desk.open('operators') },
  'operator-create': {
    privilege: actPrivileges['operator-create'],
    changes: true,
    refusal: whileLost,
    run: desk => desk.open('operator-create'),
  },
  'operator-change': actOn('operator', 'operator-change', (desk, name) => desk.open('operator-change', name)),
  'operator-password': actOn('operator', 'operator-password', (desk, name) =>
    desk.open('operator-password', name),
  ),
  'operator-suspend': actOn('operator', 'operator-suspend', suspend),
} satisfies Partial<Record<ActId, Act>>;
