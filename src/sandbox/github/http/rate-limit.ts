import type { Actor } from '../auth/actor.ts';
import { actorLabel } from '../auth/actor.ts';
import { ApiError } from './errors.ts';

const hourMs = 3_600_000;

interface Window {
  used: number;
  resetAt: number;
}

export interface RateLimit {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** Seconds since 1970. */
  readonly reset: number;
}

/** The primary rate limit: 5,000 requests an hour a caller; what answers 304 is not counted. */
export class RateLimits {
  readonly #windows = new Map<string, Window>();
  readonly #limit: number;

  constructor(limit = 5000) {
    this.#limit = limit;
  }

  /** Throws GitHub's 403 when the caller has nothing left. */
  check(actor: Actor, now: number): void {
    if (this.show(actor, now).remaining > 0) return;
    throw new ApiError(403, 'API rate limit exceeded');
  }

  count(actor: Actor, now: number): void {
    this.#window(actor, now).used += 1;
  }

  show(actor: Actor, now: number): RateLimit {
    const limit = actor.kind === 'anonymous' ? 60 : this.#limit;
    const { used, resetAt } = this.#window(actor, now);
    const remaining = Math.max(0, limit - used);
    return { limit, used: Math.min(used, limit), remaining, reset: Math.ceil(resetAt / 1000) };
  }

  #window(actor: Actor, now: number): Window {
    const label = actorLabel(actor);
    const known = this.#windows.get(label);
    if (known && known.resetAt > now) return known;
    const fresh = { used: 0, resetAt: now + hourMs };
    this.#windows.set(label, fresh);
    return fresh;
  }
}

export function rateLimitHeaders(rate: RateLimit): Record<string, string> {
  return {
    'x-ratelimit-limit': String(rate.limit),
    'x-ratelimit-remaining': String(rate.remaining),
    'x-ratelimit-used': String(rate.used),
    'x-ratelimit-reset': String(rate.reset),
    'x-ratelimit-resource': 'core',
  };
}
