import type { RequestContext } from '../hooks.ts';

const mostInARow = 2;

/** Lets through what has failed twice in a row, so that whoever tries again gets there in the end. */
export class Patience {
  readonly #inARow = new Map<string, number>();

  /** Whether one more failure of this request is bearable; counts it where it is. */
  allows(context: RequestContext): boolean {
    const failed = this.#inARow.get(nameOf(context)) ?? 0;
    if (failed < mostInARow) this.#inARow.set(nameOf(context), failed + 1);
    else this.#inARow.delete(nameOf(context));
    return failed < mostInARow;
  }

  passed(context: RequestContext): void {
    this.#inARow.delete(nameOf(context));
  }
}

function nameOf({ method, path, actor }: RequestContext): string {
  return `${actor} ${method} ${path}`;
}
