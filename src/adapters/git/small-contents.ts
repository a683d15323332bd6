/** As much is remembered in all, in bytes; a larger single one is not. */
const room = 4 * 1024 * 1024;
const largest = 64 * 1024;

interface Content {
  readonly oid: string;
  readonly content: Buffer;
}

/**
 * Remembers small contents by their ids, which never change: a commit that is planned again and again
 * starts no git process. Those that were not asked for the longest are forgotten first.
 */
export class SmallContents {
  readonly #known = new Map<string, Buffer>();
  #bytes = 0;

  /** All of these, in their order; `null` where one is not known, or is larger than it may be. */
  find(oids: readonly string[], maxBytes: number): readonly Content[] | null {
    const found: Content[] = [];
    for (const oid of oids) {
      const content = this.#known.get(oid);
      if (content === undefined || content.length > maxBytes) return null;
      found.push({ oid, content });
    }
    for (const { oid, content } of found) {
      this.#known.delete(oid);
      this.#known.set(oid, content);
    }
    return found;
  }

  note({ oid, content }: Content): void {
    if (content.length > largest || this.#known.has(oid)) return;
    // A copy: a piece of a larger buffer would keep all of that.
    this.#known.set(oid, Buffer.from(content));
    this.#bytes += content.length;
    for (const [oldest, { length }] of this.#known) {
      if (this.#bytes <= room) return;
      this.#known.delete(oldest);
      this.#bytes -= length;
    }
  }
}
