/** Reads lines and counted bytes, in turn, from one stream of bytes. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** The next line without its end; what is left where the stream ends. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(10);
      if (end !== -1) return this.#cut(end + 1).toString('utf8', 0, end);
      const chunk = await this.#next();
      if (chunk === null) return this.#cut(this.#rest.length).toString('utf8');
      this.#rest = Buffer.concat([this.#rest, chunk]);
    }
  }

  /** The next `count` bytes, as they come. Throws where the stream ends before. */
  async *take(count: number): AsyncIterable<Uint8Array> {
    let left = count;
    while (left > 0) {
      if (this.#rest.length === 0) {
        const chunk = await this.#next();
        if (chunk === null) throw new Error(`the stream ended ${left} bytes too early`);
        this.#rest = chunk;
      }
      const part = this.#cut(Math.min(left, this.#rest.length));
      left -= part.length;
      yield part;
    }
  }

  /** Gives the stream up. One that is left with bytes in it never ends, and neither does its program. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #cut(count: number): Buffer {
    const part = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    return part;
  }

  async #next(): Promise<Buffer<ArrayBuffer> | null> {
    const { done, value } = await this.#chunks.next();
    return done ? null : Buffer.from(value);
  }
}
