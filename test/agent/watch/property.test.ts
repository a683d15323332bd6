import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRepositoryConfig } from '../../../src/config/parse.ts';
import type { Sha } from '../../../src/model/job.ts';
import { touchedEnvironments } from '../../../src/policy/touched.ts';
import { rules, WatchBench } from './bench.ts';

const paths = [
  'environments/common/a',
  'environments/development/a',
  'environments/staging/a',
  'README.md',
  '.github/sallyport.yml',
];

type Step =
  | {
      readonly kind: 'push';
      readonly path: string;
      readonly broken: boolean;
      readonly seen: boolean;
    }
  | {
      readonly kind: 'force';
      readonly back: number;
      readonly onTop: boolean;
      readonly seen: boolean;
    }
  | { readonly kind: 'issuing'; readonly comes: 'done' | 'refused' | 'lost' }
  | { readonly kind: 'away'; readonly is: boolean }
  | { readonly kind: 'restart' | 'poll' }
  | { readonly kind: 'person'; readonly environment: string; readonly commit: number };

const oneIn = (many: number) => fc.integer({ min: 1, max: many }).map((n) => n === 1);
const environment = fc.constantFrom('development', 'staging');
const withoutPeople: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('push' as const),
    path: fc.constantFrom(...paths),
    broken: oneIn(10),
    seen: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('force' as const),
    back: fc.integer({ min: 1, max: 4 }),
    onTop: fc.boolean(),
    seen: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('issuing' as const),
    comes: fc.constantFrom('done', 'refused', 'lost', 'lost'),
  }),
  fc.record({ kind: fc.constant('away' as const), is: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('restart' as const, 'poll' as const) }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: withoutPeople },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('person' as const), environment, commit: fc.nat() }),
  },
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
    { numRuns: 100 },
  );
});

test('once all is well again, each environment has what it follows or waits for a person', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(withoutPeople, { maxLength: 30 }), async (steps) => {
      const bench = new WatchBench(['development', 'staging']);
      try {
        const before = await play(bench, steps);
        bench.issuing = 'done';
        bench.git.isAway = false;
        const head = bench.git.push(['README.md']);
        await bench.poll();
        await bench.poll();
        const events = [...before, ...drained(bench)];
        for (const { name, floor, note } of bench.watch.view().environments) {
          if (floor !== head) expect(note).toContain('was rewritten');
          else expect(await missing(name, head, events, bench)).toBeNull();
        }
      } finally {
        await bench.end();
      }
    }),
    { numRuns: 100 },
  );
});

/** What concerns an environment in the commits after the last one that was asked for. */
async function missing(name: string, head: Sha, events: readonly Event[], { git }: WatchBench) {
  const asked = events.filter((event) => event.kind === 'asked');
  const last = asked.findLast((event) => event.environment === name);
  if (last?.kind !== 'asked') return 'everything';
  const parsed = parseRepositoryConfig(rules, 'sallyport.yml');
  if (!parsed.ok) throw new Error('the rules are valid');
  const paths = [
    ...(await git.changedPaths(last.sha, head)),
    ...(await git.changedPaths(head, last.sha)),
  ];
  const { config } = parsed;
  return touchedEnvironments({ policy: config, commit: config, paths }).get(name) ?? null;
}

async function play(bench: WatchBench, steps: readonly Step[]): Promise<readonly Event[]> {
  const events: Event[] = [];
  const drain = () => void events.push(...drained(bench));
  bench.git.push();
  await bench.start();
  for (const each of steps) {
    await take(each, bench, events, drain);
    drain();
  }
  return events;
}

function drained({ asked }: WatchBench): readonly Event[] {
  return asked
    .splice(0)
    .map(({ environment: name, sha, cause }) => ({ kind: 'asked', environment: name, sha, cause }));
}

async function take(each: Step, bench: WatchBench, events: Event[], drain: () => void) {
  const { git } = bench;
  const any = (at: number) => [...git.commits.keys()][at % git.commits.size]!;
  switch (each.kind) {
    case 'push':
      git.push([each.path], each.broken ? 'version: 7' : rules);
      if (each.seen) await bench.poll();
      return;
    case 'force':
      git.refs.set(
        'refs/heads/main',
        any(git.commits.size - 1 - Math.min(each.back, git.commits.size - 1)),
      );
      if (each.onTop) git.push();
      if (each.seen) await bench.poll();
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
