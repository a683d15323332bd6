import type { Answer, RequestContext } from '../hooks.ts';
import type { Chance } from './chance.ts';
import type { Unkindness } from './unkindness.ts';

type Limit = NonNullable<Unkindness['secondaryLimit']>;

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** GitHub's limit on creating content: so many writes of one caller a minute, and an hour. */
export class SecondaryLimit {
  readonly #limit: Limit;
  /** Times of each caller's writes within the last hour, oldest first. */
  readonly #writes = new Map<string, readonly number[]>();

  constructor(limit: Limit) {
    this.#limit = limit;
  }

  /** Counts a write, or gives the answer that refuses it. What is refused is not counted. */
  refuse(context: RequestContext, chance: Chance): Answer | undefined {
    if (!createsContent(context)) return undefined;
    const { actor, at, sequence } = context;
    const writes = (this.#writes.get(actor) ?? []).filter((time) => time > at - hourMs);
    const freeAt = Math.max(
      freeSince(writes, this.#limit.perMinute, minuteMs),
      freeSince(writes, this.#limit.perHour, hourMs),
    );
    if (freeAt <= at) {
      this.#writes.set(actor, [...writes, at]);
      return undefined;
    }
    return refusal(freeAt - at, chance('403 or 429', sequence) < 0.5 ? 403 : 429);
  }
}

/** Tokens and redeliveries are asked for with POST, but create no content. */
function createsContent({ method, template }: RequestContext): boolean {
  return method !== 'GET' && template !== null && template.startsWith('/repos/');
}

/** When the next write is within the limit, for times in ascending order. */
function freeSince(writes: readonly number[], most: number, windowMs: number): number {
  const blocking = writes.at(-most);
  return blocking === undefined || writes.length < most ? 0 : blocking + windowMs;
}

function refusal(waitMs: number, status: 403 | 429): Answer {
  return {
    status,
    headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) },
    body: {
      message:
        'You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.',
      documentation_url:
        'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
      status: String(status),
    },
  };
}
