import type { Environment } from '../config/environment.ts';
import type { Ask, AskedFacts, ExternalAnswer } from '../ports/asker.ts';
import type { Clock } from '../ports/clock.ts';

export type Answers = Readonly<Record<string, ExternalAnswer>>;

interface Asked {
  readonly at: number;
  readonly answer: ExternalAnswer | null;
}

/** Answers of `require.external`, each asked for at most once a poll. */
export class Asks {
  readonly #ask: Ask;
  readonly #clock: Clock;
  readonly #maxAgeMs: number;
  readonly #asked = new Map<string, Asked>();

  constructor(ask: Ask, clock: Clock, maxAgeMs: number) {
    this.#ask = ask;
    this.#clock = clock;
    this.#maxAgeMs = maxAgeMs;
  }

  /** By name; whoever did not answer is not among them. */
  async all(policy: Environment, facts: AskedFacts, signal: AbortSignal): Promise<Answers> {
    const answers = await Promise.all(
      policy.require.external.map(async (gate) => {
        const answer = await this.#one(gate, facts, signal);
        return answer === null ? [] : [[gate.name, answer] as const];
      }),
    );
    return Object.fromEntries(answers.flat());
  }

  async #one(
    gate: Environment['require']['external'][number],
    facts: AskedFacts,
    signal: AbortSignal,
  ): Promise<ExternalAnswer | null> {
    const key = JSON.stringify([gate, facts]);
    const known = this.#asked.get(key);
    if (known && this.#clock.now() - known.at < this.#maxAgeMs) return known.answer;
    const answer = await this.#ask(gate, facts, signal);
    const at = this.#clock.now();
    for (const [other, asked] of this.#asked) {
      if (at - asked.at >= this.#maxAgeMs) this.#asked.delete(other);
    }
    this.#asked.set(key, { at, answer });
    return answer;
  }
}
