import { asSallyportError } from '../../model/errors.ts';
import type { Sha } from '../../model/job.ts';
import type { GitRef } from '../../ports/git.ts';
import { jittered, pauseAfter } from '../backoff.ts';
import { Bell } from '../bell.ts';
import { WatchEnvironments } from './environments.ts';
import { WatchFloors } from './floors.ts';
import type { WatchView, WatchWorld } from './world.ts';

export interface Watch {
  /** Looks at the remote at once. */
  wake(): void;
  view(): WatchView;
  /** A person deployed this commit: what is handled is counted from it on where it goes ahead, or where history was rewritten. */
  accept(environment: string, sha: Sha): void;
  /** Rejects with the signal's reason once aborted, and with `floors_unreadable`. */
  readonly done: Promise<never>;
}

/** Follows a Git remote until aborted, and starts what the policy lets start by itself. */
export function startWatch(world: WatchWorld, signal: AbortSignal): Watch {
  const watcher = new Watcher(world);
  return {
    wake: () => watcher.wake(),
    view: () => watcher.view(),
    accept: (environment, sha) => watcher.accept(environment, sha),
    done: watcher.run(signal),
  };
}

class Watcher {
  readonly #world: WatchWorld;
  readonly #bell: Bell;
  readonly #environments: WatchEnvironments;
  readonly #since: number;
  #failures = 0;
  #lastPoll: number | null = null;
  #nextPoll: number | null = null;
  #failingSince: number | null = null;
  #error: string | null = null;
  #head: Sha | null = null;

  constructor(world: WatchWorld) {
    this.#world = world;
    this.#bell = new Bell(world.clock);
    this.#environments = new WatchEnvironments(world);
    this.#since = world.clock.now();
  }

  async run(signal: AbortSignal): Promise<never> {
    const { clock, pace, state } = this.#world;
    this.#environments.begin(await WatchFloors.open(state));
    for (;;) {
      const error = await this.#poll(signal);
      const pause =
        error === null
          ? jittered(pace.intervalMs, clock.random())
          : pauseAfter(this.#failures, error, pace, clock.random());
      this.#nextPoll = clock.now() + pause;
      await this.#bell.wait(pause, signal);
    }
  }

  wake(): void {
    this.#bell.ring();
  }

  accept(environment: string, sha: Sha): void {
    this.#environments.accept(environment, sha);
    this.#bell.ring();
  }

  view(): WatchView {
    return {
      since: this.#since,
      lastPoll: this.#lastPoll,
      nextPoll: this.#nextPoll,
      connected: this.#lastPoll !== null && this.#failingSince === null,
      failingSince: this.#failingSince,
      error: this.#error,
      branch: this.#world.branch,
      head: this.#head,
      environments: this.#environments.view(),
    };
  }

  /** What was wrong, `null` where nothing was. Rejects only when aborted. */
  async #poll(signal: AbortSignal): Promise<unknown> {
    const { git, clock } = this.#world;
    this.#nextPoll = null;
    let refs: readonly GitRef[];
    try {
      refs = await (await git()).fetch(signal);
    } catch (error) {
      signal.throwIfAborted();
      return this.#failed(error);
    } finally {
      this.#lastPoll = clock.now();
    }
    this.#answered();
    this.#head = refs.find(({ name }) => name === `refs/heads/${this.#world.branch}`)?.sha ?? null;
    await this.#environments.look(refs, this.#head, signal);
    return null;
  }

  #failed(error: unknown): unknown {
    const { code, message, hint } = asSallyportError(error);
    this.#failures += 1;
    this.#failingSince ??= this.#world.clock.now();
    const isNews = this.#error !== message;
    this.#error = message;
    if (isNews) this.#world.log.warn('the Git remote cannot be reached', { code, message, hint });
    return error;
  }

  #answered(): void {
    const { log, clock } = this.#world;
    if (this.#failingSince !== null) {
      const away_ms = clock.now() - this.#failingSince;
      log.info('the Git remote answers again', { failures: this.#failures, away_ms });
    }
    this.#failures = 0;
    this.#failingSince = null;
    this.#error = null;
  }
}
