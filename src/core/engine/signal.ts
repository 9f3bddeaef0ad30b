/** A wake-up call for a loop: calls while it is awake are kept as one. */
export class Signal {
  #raised = false;
  #resolve: (() => void) | undefined;

  raise(): void {
    this.#raised = true;
    this.#resolve?.();
  }

  /** Resolves once raised, also if that was before; lowers it again. */
  async wait(): Promise<void> {
    if (!this.#raised) {
      await new Promise<void>(resolve => {
        this.#resolve = resolve;
      });
      this.#resolve = undefined;
    }
    this.#raised = false;
  }
}
