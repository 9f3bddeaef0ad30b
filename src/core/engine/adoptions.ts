/** An engine that died keeps its part of the shared subscription: what came for it is filed here, within a minute. */
import { faultText } from '../errors.ts';
import type { LinkHandlers } from '../ports.ts';
import type { EngineParts } from './engine.ts';

export class Adoptions {
  readonly #parts: Pick<EngineParts, 'system' | 'identity' | 'adopt' | 'log'>;
  readonly #underWay = new Set<Promise<void>>();
  #intake: { readonly accept: LinkHandlers['onDelivery']; readonly ending: AbortController } | undefined;

  constructor(parts: Pick<EngineParts, 'system' | 'identity' | 'adopt' | 'log'>) {
    this.#parts = parts;
  }

  /** From now on there is an intake that takes what is found. */
  begin(accept: LinkHandlers['onDelivery']): void {
    this.#intake = { accept, ending: new AbortController() };
  }

  /** Resolves when nothing more comes; what is left waits for whoever comes next. */
  async end(): Promise<void> {
    this.#intake?.ending.abort();
    this.#intake = undefined;
    await Promise.all(this.#underWay);
  }

  /** Looks for the dead, and begins to take over what waits for them. */
  async look(): Promise<void> {
    const { system, identity, adopt, log } = this.#parts;
    const intake = this.#intake;
    if (!intake) return;
    for (const dead of await system.takeDeadEngines(identity.id)) {
      log(`engine ${dead.id} gives no sign of life`);
      const adoption = adopt(dead, intake.accept, intake.ending.signal)
        .then(count => log(`engine ${dead.id}: ${count} messages taken over`))
        .catch((error: unknown) => log(`engine ${dead.id}: ${faultText(error)}`));
      this.#underWay.add(adoption);
      void adoption.then(() => this.#underWay.delete(adoption));
    }
  }
}
