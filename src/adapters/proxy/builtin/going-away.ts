import { Transform, type TransformCallback } from 'node:stream';

/** A close frame from a server: 1001, "going away" (RFC 6455, 7.4.1). */
const closeFrame = Buffer.from([0x88, 0x02, 0x03, 0xe9]);

/**
 * What a slot says on a WebSocket, unchanged, until `leave`: then, between two frames, the
 * client is told that this end goes away, and nothing more.
 */
export class GoingAway extends Transform {
  /** Of the frame whose head is being read. */
  #head: number[] = [];
  /** Bytes until the end of the frame. */
  #left = 0;
  #isLeaving = false;
  #hasLeft = false;

  leave(): void {
    this.#isLeaving = true;
    if (this.#isBetweenFrames) this.#sayGoodbye();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let at = 0;
    while (at < chunk.length && !this.#hasLeft) {
      at = this.#follow(chunk, at);
      if (!this.#isLeaving || !this.#isBetweenFrames) continue;
      this.push(chunk.subarray(0, at));
      this.#sayGoodbye();
    }
    if (at === chunk.length && !this.#hasLeft) this.push(chunk);
    done();
  }

  get #isBetweenFrames(): boolean {
    return this.#left === 0 && this.#head.length === 0;
  }

  #follow(chunk: Buffer, at: number): number {
    if (this.#left > 0) {
      const passed = Math.min(this.#left, chunk.length - at);
      this.#left -= passed;
      return at + passed;
    }
    this.#head.push(chunk[at]!);
    const length = frameLength(this.#head);
    if (length === null) return at + 1;
    this.#head = [];
    this.#left = length;
    return at + 1;
  }

  #sayGoodbye(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.push(closeFrame);
    this.push(null);
  }
}

/** What follows the head of a frame, in bytes; `null` while the head is not whole. */
function frameLength(head: readonly number[]): number | null {
  if (head.length < 2) return null;
  const short = head[1]! & 0x7f;
  const wide = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (head.length < 2 + wide) return null;
  const mask = head[1]! & 0x80 ? 4 : 0;
  if (wide === 0) return short + mask;
  return head.slice(2).reduce((sum, byte) => sum * 256 + byte, 0) + mask;
}
