import type { CommentWriter } from './ports.ts';

/** The one comment that answers a command: written early, edited ever after. */
export class Answer {
  readonly #writer: CommentWriter;
  readonly #issue: number;
  #comment: Promise<number> | null = null;

  constructor(writer: CommentWriter, issue: number) {
    this.#writer = writer;
    this.#issue = issue;
  }

  /** Begins to write the comment and does not wait for it. */
  begin(body: string): void {
    this.#comment ??= this.#writer.say(this.#issue, body);
    this.#comment.catch(() => {});
  }

  /** The comment's id. Call `begin` before. */
  async id(): Promise<number> {
    if (!this.#comment) throw new Error('the answer was not begun');
    return this.#comment;
  }

  async write(body: string): Promise<void> {
    if (this.#comment) await this.#writer.edit(await this.#comment, body);
    else this.begin(body);
    await this.#comment;
  }
}
