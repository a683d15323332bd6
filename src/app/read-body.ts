import type { IncomingMessage } from 'node:http';

/** GitHub sends nothing larger. */
const maxBody = 25 * 1024 * 1024;
/** Most webhooks are no longer; so much is always taken, whoever else is sending. */
const usualBody = 64 * 1024;
/** What bodies may take beyond that, all together: whoever sends much is not known before its end. */
const maxHeld = 4 * maxBody;

/** The memory for bodies that are long; one for all requests. */
export class BodyRoom {
  #held = 0;

  /** The whole body, and what gives its memory back; or the status to answer with. */
  async read(request: IncomingMessage): Promise<ReadBody | 413 | 503> {
    if (Number(request.headers['content-length'] ?? 0) > maxBody) return 413;
    const chunks: Buffer[] = [];
    let [size, held] = [0, 0];
    const release = (): void => {
      this.#held -= held;
      held = 0;
    };
    const refuse = (status: 413 | 503): 413 | 503 => {
      release();
      return status;
    };
    try {
      // Left early, the request has to live until its answer is written.
      for await (const chunk of request.iterator({ destroyOnReturn: false })) {
        const bytes = chunk as Buffer;
        size += bytes.length;
        if (size > maxBody) return refuse(413);
        const more = Math.max(0, size - usualBody) - held;
        if (more > 0 && this.#held + more > maxHeld) return refuse(503);
        this.#held += Math.max(0, more);
        held += Math.max(0, more);
        chunks.push(bytes);
      }
    } catch (error) {
      release();
      throw error;
    }
    return { body: Buffer.concat(chunks), release };
  }
}

interface ReadBody {
  readonly body: Buffer;
  readonly release: () => void;
}
