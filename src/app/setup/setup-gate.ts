import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** How long the pages may be used, in ms. */
const lifetimeMs = 15 * 60_000;
/** So many wrong tokens, and nobody gets in any more. */
const maxWrong = 5;

/**
 * Who may use the setup pages: whoever comes first with the token that was printed on the
 * terminal, and from then on only that browser, by its cookie.
 */
export class SetupGate {
  readonly token = secret();
  /** Goes with the forms and through GitHub; comes back from nobody else. */
  readonly state = secret();
  readonly #cookie = secret();
  readonly #now: () => number;
  readonly #endsAt: number;
  #isTokenUsed = false;
  #isStateUsed = false;
  #wrong = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#endsAt = now() + lifetimeMs;
  }

  /** Nobody gets in any more: the time is over, or too many guesses were made. */
  get isOver(): boolean {
    return this.#wrong >= maxWrong || this.#now() >= this.#endsAt;
  }

  /** Takes the token, once; gives the cookie for the browser that brought it. */
  enter(token: string): string | null {
    if (this.isOver) return null;
    if (!isSame(token, this.token)) {
      this.#wrong += 1;
      return null;
    }
    if (this.#isTokenUsed) return null;
    this.#isTokenUsed = true;
    return this.#cookie;
  }

  /** Whether it is the browser that was let in. */
  knows(cookie: string): boolean {
    return !this.isOver && this.#isTokenUsed && isSame(cookie, this.#cookie);
  }

  /** Whether a form comes from a page that this browser was given. */
  isOwnForm(state: string): boolean {
    return isSame(state, this.state);
  }

  /** Takes the state that came back from GitHub, once. */
  takeState(state: string): boolean {
    if (this.#isStateUsed || !isSame(state, this.state)) return false;
    this.#isStateUsed = true;
    return true;
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** In a time that tells nothing of either. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
