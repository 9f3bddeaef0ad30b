/** An operator at work on an installation. */
import type { Installation } from '../../core/console-ports.ts';
import type { Operator } from '../../core/operator.ts';
import type { ListStates } from '../list/states.ts';
import type { Monitor } from '../transmissions/monitor.ts';
import type { Transfer } from '../transmissions/transfer.ts';

export interface Session {
  readonly installation: Installation;
  readonly operator: Operator;
  readonly monitor: Monitor;
  readonly lists: ListStates;
  readonly transfer: Transfer;
}
