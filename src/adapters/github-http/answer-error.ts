import { z } from 'zod';
import { exitCodes, SallyportError } from '../../model/errors.ts';
import type { HttpAnswer } from './send.ts';

const Refusal = z.object({ message: z.string().optional(), errors: z.unknown().optional() });

/** GitHub asks for a minute where its answer to a secondary limit names no time. */
const unnamedWaitMs = 60_000;

/** What an answer that is not a success means for the caller. `what` was asked: `GET /repos/…`. */
export function answerError(answer: HttpAnswer, what: string): SallyportError {
  const { status } = answer;
  const words = refusalWords(answer);
  const facts = `GitHub answered ${status} to ${what}${words ? `: ${words}` : ''}`;
  if (isRateLimit(answer, words)) {
    return new SallyportError({
      code: 'github_rate_limited',
      message: `${facts}.`,
      next: 'retry',
      exit: exitCodes.unreachable,
      retryAfterMs: waitNamed(answer) ?? unnamedWaitMs,
    });
  }
  if (status >= 500 || status === 408) {
    return new SallyportError({
      code: 'github_unavailable',
      message: `${facts}.`,
      hint: 'See https://www.githubstatus.com',
      next: 'retry',
      exit: exitCodes.unreachable,
      retryAfterMs: waitNamed(answer),
    });
  }
  return new SallyportError({ ...refusal(status), message: `${facts}.` });
}

/** GitHub's own words for a refusal, field errors included; empty where it gave none. */
export function refusalWords({ text }: HttpAnswer): string {
  const parsed = Refusal.safeParse(parseJson(text));
  if (!parsed.success) return '';
  const { message = '', errors } = parsed.data;
  return (errors === undefined ? message : `${message} ${JSON.stringify(errors)}`).slice(0, 500);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function refusal(status: number) {
  if (status === 401) {
    return {
      code: 'github_unauthorized',
      hint: 'The token is wrong or has expired: give a valid one (SALLYPORT_GITHUB_TOKEN or credentials.token_file).',
      exit: exitCodes.refused,
    };
  }
  if (status === 403) {
    return {
      code: 'github_forbidden',
      hint: 'Give the token the permission "Deployments: read and write" on this repository.',
      exit: exitCodes.refused,
    };
  }
  if (status === 404 || status === 410) {
    return {
      code: 'github_not_found',
      hint: 'Check the name of the repository, and that the token may see it.',
      exit: exitCodes.notFound,
    };
  }
  return { code: 'github_refused', hint: undefined, exit: exitCodes.failed };
}

function isRateLimit({ status, headers }: HttpAnswer, words: string): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    headers['retry-after'] !== undefined ||
    headers['x-ratelimit-remaining'] === '0' ||
    /rate limit|abuse/iu.test(words)
  );
}

/** How long the answer asks to wait, by the server's own clock where it names an hour. */
function waitNamed({ headers }: HttpAnswer): number | undefined {
  const now = Date.parse(headers['date'] ?? '') || Date.now();
  const after = headers['retry-after'];
  if (after !== undefined) {
    const ms = /^\d+$/u.test(after) ? Number(after) * 1000 : Date.parse(after) - now;
    if (Number.isFinite(ms)) return Math.max(1000, ms);
  }
  const reset = Number(headers['x-ratelimit-reset'] ?? NaN) * 1000;
  if (headers['x-ratelimit-remaining'] !== '0' || Number.isNaN(reset)) return undefined;
  return Math.max(1000, reset - now);
}
