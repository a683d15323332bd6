import { asSallyportError } from '../../model/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { ContentLimit } from './content-limit.ts';
import type { Write } from './write-of.ts';

interface Waiting {
  readonly write: Write;
  readonly task: () => Promise<unknown>;
  readonly settle: ((outcome: Promise<unknown>) => void)[];
}

/**
 * GitHub asks for a second between writes. What it enforces is 80 creations and 900 points (180
 * writes) a minute, and where it does refuse it says for how long. A deployment is some eight
 * writes, so two commands in a row go at once: people should not wait for seconds that nobody needs.
 */
const burst = 16;
const everyMs = 1_000;

/**
 * The one way of an installation's writes to GitHub: a second apart after a short burst, within
 * what GitHub lets create, the important ones first, and of the edits of one comment that wait
 * only the newest.
 */
export class WriteQueue {
  readonly #clock: Clock;
  readonly #content: ContentLimit;
  #waiting: Waiting[] = [];
  /** When the burst will be whole again. */
  #wholeAt = 0;
  #pausedUntil = 0;
  #isPumping = false;
  /** Keys of what is under way: a newer edit must not overtake an older one. */
  readonly #underWay = new Set<string | null>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#content = new ContentLimit();
  }

  /** Runs the write when it is its turn. One that a newer one replaced ends as the newer one does. */
  run<Answer>(write: Write, task: () => Promise<Answer>): Promise<Answer> {
    return new Promise<Answer>((resolve) => {
      const settle = (outcome: Promise<unknown>): void => resolve(outcome as Promise<Answer>);
      const same = write.key === null ? -1 : this.#waiting.findIndex(isFor(write.key));
      if (same === -1) this.#waiting.push({ write, task, settle: [settle] });
      else {
        const earlier = this.#waiting[same]!.settle;
        this.#waiting[same] = { write, task, settle: [...earlier, settle] };
      }
      void this.#pump();
    });
  }

  /** GitHub said that it takes nothing for so long. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + ms);
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    for (let next = this.#next(); next; next = this.#next()) {
      const waitMs = this.#waitFor(next.write);
      // Whatever comes meanwhile may be more important, or replace it.
      if (waitMs > 0) await this.#clock.sleep(Math.min(waitMs, everyMs));
      else this.#start(next);
    }
    this.#isPumping = false;
  }

  /** What creates no content need not wait for what does. */
  #next(): Waiting | undefined {
    const now = this.#clock.now();
    const isOpen = this.#content.waitMs(now) === 0;
    const ready = this.#waiting
      .filter(({ write }) => !this.#underWay.has(write.key))
      .toSorted((a, b) => a.write.rank - b.write.rank);
    return ready.find(({ write }) => isOpen || !write.creates) ?? ready[0];
  }

  #waitFor({ creates }: Write): number {
    const now = this.#clock.now();
    return Math.max(
      this.#pausedUntil - now,
      Math.max(this.#wholeAt, now) + everyMs - now - burst * everyMs,
      creates ? this.#content.waitMs(now) : 0,
    );
  }

  #start(next: Waiting): void {
    const now = this.#clock.now();
    this.#waiting = this.#waiting.filter((other) => other !== next);
    this.#wholeAt = Math.max(this.#wholeAt, now) + everyMs;
    if (next.write.creates) this.#content.count(now);
    const { key } = next.write;
    if (key !== null) this.#underWay.add(key);
    const outcome = next.task();
    for (const settle of next.settle) settle(outcome);
    void this.#follow(outcome, key);
  }

  async #follow(outcome: Promise<unknown>, key: string | null): Promise<void> {
    try {
      await outcome;
    } catch (error) {
      const { retryAfterMs } = asSallyportError(error);
      if (retryAfterMs !== undefined) this.pause(retryAfterMs);
    }
    this.#underWay.delete(key);
    void this.#pump();
  }
}

/** One queue for each installation, as GitHub counts for each. */
export class WriteQueues {
  readonly #clock: Clock;
  readonly #queues = new Map<number, WriteQueue>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(installation: number): WriteQueue {
    const known = this.#queues.get(installation) ?? new WriteQueue(this.#clock);
    this.#queues.set(installation, known);
    return known;
  }
}

function isFor(key: string): (waiting: Waiting) => boolean {
  return ({ write }) => write.key === key;
}
