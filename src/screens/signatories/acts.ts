/** What the menu Signataires has done. */
import { actPrivileges, menuPrivileges } from '../../core/operator.ts';
import type { Act, ActId } from '../acts.ts';
import { actOn, whileLost } from '../subject.ts';

export const signatoryActs = {
  signatories: { privilege: menuPrivileges.signataires, run: desk => desk.open('signatories') },
  'signatory-create': {
    privilege: actPrivileges['signatory-create'],
    changes: true,
    refusal: whileLost,
    run: desk => desk.open('signatory-create'),
  },
  'signatory-change': actOn('signatory', 'signatory-change', (desk, id) => desk.open('signatory-change', id)),
  'signatory-end': actOn('signatory', 'signatory-end', (desk, id) => desk.open('signatory-end', id)),
} satisfies Partial<Record<ActId, Act>>;
