/**
 * An engine that died keeps its part of the shared subscription: what came for it is filed here, within a minute. Its row
 * goes when that is done; until then whoever has taken it may fail, or die himself, and another takes it.
 */
import type { EngineStatus } from '../engine-status.ts';
import { faultText } from '../errors.ts';
import type { LinkHandlers } from '../ports.ts';
import type { EngineParts } from './engine.ts';

/** As often as signs of life are given: one that dies is found 40 s after its last, whatever the period of the cycle. */
const lookMs = 10_000;
/** What a dead one had in hand is free for others when its leases end: so long after it was found they look for it. */
const leftMs = 60_000;

interface AdoptionsParts extends Pick<EngineParts, 'system' | 'identity' | 'adopt' | 'log'> {
  /** Ours, as it is now. */
  readonly broker: () => EngineStatus['broker'];
  /** What another had taken may be free. */
  readonly onLeft: () => void;
}

/** What takes the messages that are found. */
interface Adopting {
  readonly accept: LinkHandlers['onDelivery'];
  readonly ending: AbortController;
}

export class Adoptions {
  readonly #parts: AdoptionsParts;
  readonly #underWay = new Map<string, Promise<void>>();
  #intake: Adopting | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** On the clock of `performance`. */
  #foundAt = Number.NEGATIVE_INFINITY;

  constructor(parts: AdoptionsParts) {
    this.#parts = parts;
  }

  /** From now on there is an intake that takes what is found. */
  begin(accept: LinkHandlers['onDelivery']): void {
    this.#intake = { accept, ending: new AbortController() };
    // That the database is away, the signs of life tell.
    this.#timer = setInterval(() => void this.look().catch(() => undefined), lookMs);
  }

  /** Resolves when nothing more comes; what is left waits for whoever comes next. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    this.#intake?.ending.abort();
    this.#intake = undefined;
    await Promise.all(this.#underWay.values());
  }

  /** Looks for the dead, and begins to take over what waits for them. */
  async look(): Promise<void> {
    const { system, identity, log, broker, onLeft } = this.#parts;
    const intake = this.#intake;
    // Without a broker nothing can be taken over, and whoever has one is not to be kept from it.
    if (!intake || !['connected', 'standby'].includes(broker().state)) return;
    for (const dead of await system.takeDeadEngines(identity.id)) {
      if (this.#underWay.has(dead.id)) continue;
      log(`engine ${dead.id} gives no sign of life`);
      this.#foundAt = performance.now();
      const adoption = this.#adopt(dead, intake)
        .catch((error: unknown) => log(`engine ${dead.id}: ${faultText(error)}`))
        .finally(() => this.#underWay.delete(dead.id));
      this.#underWay.set(dead.id, adoption);
    }
    if (performance.now() - this.#foundAt < leftMs) onLeft();
  }

  async #adopt(dead: EngineStatus, { accept, ending: { signal } }: Adopting): Promise<void> {
    const { system, adopt, log, broker } = this.#parts;
    const { url, state, protocol } = broker();
    // Where engines take turns, whoever has the turn has the session, too. What the dead one knew of the protocol is not
    // asked: it may have lost its link before it died.
    const hasSession = state === 'connected' && protocol === 5 && dead.broker.url === url;
    try {
      const count = hasSession ? await adopt(dead, accept, signal) : 0;
      if (signal.aborted) return await system.leaveDead(dead.id);
      await system.buryEngine(dead.id);
      log(`engine ${dead.id}: ${count} messages taken over`);
    } catch (error) {
      await system.leaveDead(dead.id);
      throw error;
    }
  }
}
