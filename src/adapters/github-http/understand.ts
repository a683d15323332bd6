import { exitCodes, SallyportError } from '../../model/errors.ts';
import { parseJson } from './answer-error.ts';
import type { HttpAnswer } from './send.ts';

/** An answer that was understood: 200 to 299, or 304. */
export interface GithubAnswer {
  readonly status: number;
  readonly json: unknown;
  readonly etag: string | undefined;
  /** The URL of the next page; `null` on the last one. */
  readonly next: string | null;
  /** GitHub's clock, in ms since 1970. */
  readonly now: number;
}

/** Reads an answer of `what`. Errors: `github_odd_answer` (retry). */
export function understand(answer: HttpAnswer, what: string): GithubAnswer {
  const { status, headers, text } = answer;
  const json = status === 304 ? null : parseJson(text);
  const now = Date.parse(headers['date'] ?? '');
  if (json === undefined || Number.isNaN(now)) {
    throw new SallyportError({
      code: 'github_odd_answer',
      message: `The answer to ${what} is not JSON with a date: is there a proxy in between?`,
      next: 'retry',
      exit: exitCodes.unreachable,
    });
  }
  return { status, json, etag: headers['etag'], next: nextOf(headers['link']), now };
}

function nextOf(link: string | undefined): string | null {
  return /<([^<>]+)>\s*;[^,<]*\brel="?next\b/u.exec(link ?? '')?.[1] ?? null;
}
