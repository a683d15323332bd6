import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunningAgent } from '../../src/agent/agent.ts';
import { isLocal } from '../../src/agent/outage/local-number.ts';
import { OutageBench } from './outage-bench.ts';

/** What may happen to a host with people on it. */
const happenings = [
  'GitHub goes',
  'GitHub comes',
  'the agent is killed',
  'people go back',
  'people go back, and the agent is killed in the middle',
  'people give the host back',
  'an answer of GitHub is lost',
  'time passes',
] as const;
type Happening = (typeof happenings)[number];

class Story {
  readonly outage = new OutageBench();
  /** What is to be told, in order. */
  readonly expected: string[] = [];
  #agent: RunningAgent = this.outage.start();
  #count = 0;

  async begin(): Promise<void> {
    const { bench } = this.outage;
    const done = bench.until('record-written', ({ state }) => state === 'done');
    await bench.issue('a comment');
    await done;
  }

  async happen(happening: Happening): Promise<void> {
    const { bench } = this.outage;
    if (happening === 'GitHub goes') bench.cutOff = true;
    else if (happening === 'GitHub comes') bench.cutOff = false;
    else if (happening === 'the agent is killed') await this.#restart();
    else if (happening === 'people go back') await this.#goBack(false);
    else if (happening.startsWith('people go back, and')) await this.#goBack(true);
    else if (happening === 'an answer of GitHub is lost') bench.losesAnswers = 1;
    else if (happening === 'time passes') await bench.pass(30_000);
    else if (await this.#agent.release('production', 'bob')) {
      this.expected.push('web-1 released: bob released web-1');
    }
  }

  async end(): Promise<void> {
    this.outage.bench.cutOff = false;
    await this.outage.until(() => this.outage.told().length >= this.expected.length);
    await this.outage.bench.pass(600_000);
    await this.#agent.abort();
  }

  async #goBack(isKilled: boolean): Promise<void> {
    const { bench } = this.outage;
    this.#count += 1;
    const sha = String(this.#count).repeat(40).slice(0, 40);
    const ended = bench.until('unit-ended', ({ work }) => isLocal(work.deployment));
    const killed: Promise<void>[] = [];
    bench.onStep = (name) => {
      if (isKilled && name === 'build' && killed.length === 0) killed.push(this.#agent.abort());
    };
    await this.outage.ask(`person ${this.#count}`, { sha });
    if (isKilled) {
      await this.outage.until(() => killed.length > 0);
      await Promise.all(killed);
      this.#agent = this.outage.start();
    }
    await ended;
    this.expected.push(`web-1 held: alice ${sha.slice(0, 7)}`);
  }

  async #restart(): Promise<void> {
    await this.#agent.abort();
    this.#agent = this.outage.start();
  }
}

test('whatever the order of outage, kill and return, what happened is written once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...happenings), { minLength: 1, maxLength: 9 }),
      async (story) => {
        const told = new Story();
        await told.begin();
        for (const happening of story) await told.happen(happening);
        await told.end();
        expect(told.outage.told().map(shortened)).toEqual(told.expected);
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);

/** How far a deployment had come when it was told of, is not what this is about. */
function shortened(words: string): string {
  return words.replace(/ (?:rolled back to|deployed) ([0-9a-f]{7}).*/, ' $1');
}
