import type { Notify } from '../config/notify.ts';
import { SallyportError, asSallyportError } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { LeasedItem } from '../ports/store.ts';
import { Letter } from './receivers.ts';

/** Builds what speaks to a receiver. Throws where it cannot, such as for want of a variable. */
export type OpenNotifier = (receiver: Notify) => Notifier;

export interface SenderWorld {
  readonly outbox: Outbox;
  readonly open: OpenNotifier;
  readonly clock: Clock;
  readonly log: Log;
}

/** Tries in all; the last one comes some two hours after the first. */
const maxTries = 8;
const firstPauseMs = 10_000;
const factor = 3;
const longestPauseMs = 3_600_000;
/** Longer than any notifier takes. */
const leaseMs = 60_000;
const atOnce = 10;
/** Between two looks where nobody rings, in ms. */
const idleMs = 5_000;
const pruneEveryMs = 3_600_000;
const keepMs = 7 * 86_400_000;

/** Sends what waits in an outbox, beside whatever else goes on. */
export class Sender {
  readonly #world: SenderWorld;
  #ring: () => void = () => undefined;
  #isRung = false;
  readonly #underWay = new Set<Promise<void>>();
  #prunedAt = -Infinity;

  constructor(world: SenderWorld) {
    this.#world = world;
  }

  /** There is something to send. */
  wake(): void {
    this.#isRung = true;
    this.#ring();
  }

  /** Until aborted, and until what is under way then has ended; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { log } = this.#world;
    let isReported = false;
    while (!signal.aborted) {
      this.#isRung = false;
      try {
        await this.#begin(signal);
        await this.#prune();
        isReported = false;
      } catch (error) {
        const { code, message } = asSallyportError(error);
        if (!isReported) log.warn('the outbox cannot be read', { code, message });
        isReported = true;
      }
      await this.#pause(signal);
    }
    await Promise.all(this.#underWay);
  }

  /** Begins to send what is due. One receiver that is slow keeps no other waiting. */
  async #begin(signal: AbortSignal): Promise<void> {
    const { outbox, log } = this.#world;
    const most = atOnce - this.#underWay.size;
    if (most <= 0) return;
    for (const item of await outbox.lease({ most, forMs: leaseMs })) {
      const sent = this.#send(item, signal)
        .catch((error: unknown) => {
          const { code, message } = asSallyportError(error);
          log.warn('what became of a notification cannot be written down', { code, message });
        })
        .finally(() => {
          this.#underWay.delete(sent);
          // Its lane, or its place, is free for the next one.
          this.wake();
        });
      this.#underWay.add(sent);
    }
  }

  async #send(item: LeasedItem, signal: AbortSignal): Promise<void> {
    const { outbox, open, clock, log } = this.#world;
    try {
      const { note, receiver } = letterOf(item);
      await open(receiver).send(note, signal);
    } catch (thrown) {
      if (signal.aborted) return;
      const error = asSallyportError(thrown);
      const pauseMs = pauseAfter(item.attempts, error, clock.random());
      const facts = { note: item.id, kind: item.kind, code: error.code, message: error.message };
      if (pauseMs !== null) {
        log.warn('a notification could not be sent yet', { ...facts, pause_ms: pauseMs });
        return await outbox.failed(item, error.message, pauseMs);
      }
      // Over, rather than failed: whoever puts it again must not make it due again.
      log.error('a notification is given up', facts);
    }
    await outbox.done(item);
  }

  async #prune(): Promise<void> {
    const { outbox, clock } = this.#world;
    if (clock.now() - this.#prunedAt < pruneEveryMs) return;
    this.#prunedAt = clock.now();
    await outbox.prune({ done: keepMs, failed: keepMs });
  }

  async #pause(signal: AbortSignal): Promise<void> {
    if (this.#isRung) return;
    const rung = new AbortController();
    this.#ring = () => rung.abort();
    const either = AbortSignal.any([signal, rung.signal]);
    await this.#world.clock.sleep(idleMs, either).catch(() => undefined);
  }
}

/** Before the next try, in ms; `null` where there is none. */
function pauseAfter(tries: number, error: SallyportError, random: number): number | null {
  if (error.next !== 'retry' || tries >= maxTries) return null;
  const grown = firstPauseMs * factor ** (tries - 1) * (1 + random * 0.1);
  return Math.round(Math.min(longestPauseMs, Math.max(grown, error.retryAfterMs ?? 0)));
}

function letterOf({ body, id }: LeasedItem): Letter {
  const letter = Letter.safeParse(parsed(body));
  if (letter.success) return letter.data;
  throw new SallyportError({
    code: 'letter_invalid',
    message: `The outbox holds something for ${id} that this version does not understand`,
    next: 'bug',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
