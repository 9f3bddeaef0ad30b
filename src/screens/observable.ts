/** Something that views show and that changes by itself: they are told that it changed, and read it again. */
export class Observable {
  readonly #listeners = new Set<() => void>();
  #version = 0;

  /** Returns how to stop listening. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Another number after every change. */
  readonly version = (): number => this.#version;

  protected changed(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }
}
