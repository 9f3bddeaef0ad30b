/** Searches and orders of lists, kept from one opening to the next for as long as the session lasts. */
import type { ListState } from './list.ts';

export class ListStates {
  readonly #states = new Map<string, ListState>();

  /** As it was left; at first without a search. */
  of(list: string, order: Pick<ListState, 'sort' | 'descending'>): ListState {
    const state = this.#states.get(list) ?? { ...order, search: '' };
    this.#states.set(list, state);
    return state;
  }
}
