/** The beginning of an output, as far as somebody wants to read it. */
export class Capture {
  readonly #maxBytes: number;
  #bytes = 0;
  #chunks: Buffer[] = [];

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#maxBytes) this.#chunks.push(chunk);
    else this.#chunks = [];
  }

  /** All that came, as UTF-8; `undefined` where it was more than it may be. */
  text(): string | undefined {
    if (this.#bytes > this.#maxBytes) return undefined;
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
