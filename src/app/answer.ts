import { SallyportError } from '../model/errors.ts';
import type { Memory } from '../ports/outbox.ts';
import type { CommentWriter } from './ports.ts';

/** Which comment answers a command, through restarts. */
export interface AnswerPlace {
  readonly memory: Memory;
  /** The same for the same command, however often it is delivered. */
  readonly key: string;
}

interface Opened {
  readonly id: number;
  /** Whether it was written by an earlier try. */
  readonly isAdopted: boolean;
}

/** The one comment that answers a command: written early, edited ever after. */
export class Answer {
  readonly #writer: CommentWriter;
  readonly #issue: number;
  readonly #place: AnswerPlace | null;
  #comment: Promise<Opened> | null = null;

  /** Without a place a command that is tried again is answered again. */
  constructor(writer: CommentWriter, issue: number, place: AnswerPlace | null = null) {
    this.#writer = writer;
    this.#issue = issue;
    this.#place = place;
  }

  /** Begins to write the comment and does not wait for it. One of an earlier try stays as it is. */
  begin(body: string): void {
    this.#comment ??= this.#open(body);
    this.#comment.catch(() => {});
  }

  /** The comment's id. Call `begin` before. */
  async id(): Promise<number> {
    if (!this.#comment) throw new Error('the answer was not begun');
    return (await this.#comment).id;
  }

  async write(body: string): Promise<void> {
    const isFirst = !this.#comment;
    this.begin(body);
    const { id, isAdopted } = await this.#comment!;
    if (isFirst && !isAdopted) return;
    try {
      await this.#writer.edit(id, body);
    } catch (error) {
      // Somebody deleted what an earlier try wrote.
      const isGone = error instanceof SallyportError && error.code === 'github_not_found';
      if (!isGone || !isAdopted) throw error;
      this.#comment = this.#say(body);
      await this.#comment;
    }
  }

  async #open(body: string): Promise<Opened> {
    const known = await this.#place?.memory.recall(this.#place.key);
    return known ? { id: Number(known), isAdopted: true } : await this.#say(body);
  }

  async #say(body: string): Promise<Opened> {
    const id = await this.#writer.say(this.#issue, body);
    await this.#place?.memory.keep(this.#place.key, String(id));
    return { id, isAdopted: false };
  }
}
