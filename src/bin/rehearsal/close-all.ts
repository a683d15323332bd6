/** Things to undo, in the reverse order of their making; each is tried, whatever became of the others. */
export class CloseAll {
  readonly #closers: (() => Promise<unknown>)[] = [];
  #closed: Promise<void> | null = null;

  add(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }

  /** The same promise however often it is called. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    const failed: unknown[] = [];
    for (const close of this.#closers.toReversed()) {
      await close().catch((error: unknown) => failed.push(error));
    }
    if (failed.length > 0) throw failed[0];
  }
}
