import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Sha } from '../../src/model/job.ts';
import { rules, WatchBench } from './watch-bench.ts';

const paths = [
  'environments/common/a',
  'environments/development/a',
  'environments/staging/a',
  'README.md',
  '.github/sallyport.yml',
];

type Step =
  | { readonly kind: 'push'; readonly path: string; readonly broken: boolean }
  | { readonly kind: 'force'; readonly to: number; readonly onTop: boolean }
  | { readonly kind: 'issuing'; readonly comes: 'done' | 'refused' | 'lost' }
  | { readonly kind: 'away'; readonly is: boolean }
  | { readonly kind: 'restart' | 'poll' }
  | { readonly kind: 'person'; readonly environment: string; readonly commit: number };

const environment = fc.constantFrom('development', 'staging');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('push' as const),
    path: fc.constantFrom(...paths),
    broken: fc.integer({ max: 9, min: 0 }).map((n) => n === 0),
  }),
  fc.record({ kind: fc.constant('force' as const), to: fc.nat(), onTop: fc.boolean() }),
  fc.record({
    kind: fc.constant('issuing' as const),
    comes: fc.constantFrom('done', 'refused', 'lost'),
  }),
  fc.record({ kind: fc.constant('away' as const), is: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('restart' as const, 'poll' as const) }),
  fc.record({ kind: fc.constant('person' as const), environment, commit: fc.nat() }),
);

/** A person's word, or an ask; in the order in which they happened. */
type Event =
  | { readonly kind: 'person'; readonly environment: string }
  | {
      readonly kind: 'asked';
      readonly environment: string;
      readonly sha: Sha;
      readonly cause: string;
    };

test('whatever is pushed, lost and restarted: never back, and never twice without a person', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const bench = new WatchBench(['development', 'staging']);
      try {
        check(await play(bench, steps), bench);
      } finally {
        await bench.end();
      }
    }),
    { numRuns: 150 },
  );
});

test('once all is well again, what is followed was asked for or waits for a person', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const bench = new WatchBench(['development', 'staging']);
      try {
        await play(bench, steps);
        bench.issuing = 'done';
        bench.git.isAway = false;
        const head = bench.git.push(['.github/sallyport.yml']);
        await bench.poll();
        await bench.poll();
        for (const { floor, note } of bench.watch.view().environments) {
          if (floor !== head) expect(note).toContain('was rewritten');
        }
      } finally {
        await bench.end();
      }
    }),
    { numRuns: 100 },
  );
});

async function play(bench: WatchBench, steps: readonly Step[]): Promise<readonly Event[]> {
  const events: Event[] = [];
  const drain = () => {
    for (const { environment: name, sha, cause } of bench.asked.splice(0)) {
      events.push({ kind: 'asked', environment: name, sha, cause });
    }
  };
  bench.git.push();
  await bench.start();
  for (const each of steps) {
    await take(each, bench, events, drain);
    drain();
  }
  return events;
}

async function take(each: Step, bench: WatchBench, events: Event[], drain: () => void) {
  const { git } = bench;
  const any = (at: number) => [...git.commits.keys()][at % git.commits.size]!;
  switch (each.kind) {
    case 'push':
      git.push([each.path], each.broken ? 'version: 7' : rules);
      return;
    case 'force':
      git.refs.set('refs/heads/main', any(each.to));
      if (each.onTop) git.push();
      return;
    case 'issuing':
      bench.issuing = each.comes;
      return;
    case 'away':
      git.isAway = each.is;
      return;
    case 'restart':
      return await bench.restart();
    case 'poll':
      await bench.poll();
      return;
    case 'person':
      drain();
      events.push({ kind: 'person', environment: each.environment });
      bench.watch.accept(each.environment, any(each.commit));
      await bench.clock.untilAsleep();
      return;
  }
}

function check(events: readonly Event[], { git }: WatchBench): void {
  const last = new Map<string, { sha: Sha; cause: string }>();
  for (const event of events) {
    if (event.kind === 'person') {
      last.delete(event.environment);
      continue;
    }
    const before = last.get(event.environment);
    last.set(event.environment, event);
    // The same cause is the same job, however often it is asked for.
    if (!before || before.cause === event.cause) continue;
    expect(before.sha).not.toBe(event.sha);
    expect(git.leads(before.sha, event.sha)).toBe(true);
  }
}
