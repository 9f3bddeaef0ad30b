/** What an operator may do with a row: asked before anything is opened for it. */
import { type Act, demand } from '../core/operator.ts';
import type { Desk } from './desk.ts';

/** Where he may not, the message line says which privilege it needs. */
export function mayDo(desk: Desk, act: Act): boolean {
  try {
    demand(desk.session.operator, act);
    return true;
  } catch (error) {
    desk.fault(error);
    return false;
  }
}
