import { expect, test } from 'vitest';
import { isUndone, keptWorks } from '../../../src/agent/keep/kept-works.ts';
import type { Direction, Work } from '../../../src/deploy/journal-entries.ts';
import { startingAt } from '../../../src/deploy/resume.ts';

const work = (
  deployment: number,
  target: string,
  host: string | null = 'web-1',
  kind = 'service',
) => ({ deployment, target, host, config: { kind } }) as Work;

const kept = (latest: readonly Work[], lastDone: readonly Work[]) =>
  keptWorks('production', 'web-1', {
    latest: () => latest,
    lastDone: () => lastDone,
  }).map(({ deployment, target }) => `${target} ${deployment}`);

test.each<[string, readonly Work[], readonly Work[], readonly string[]]>([
  ['nothing was deployed', [], [], []],
  ['what stands', [work(1, 'web')], [work(1, 'web')], ['web 1']],
  ['a later one is at work, or was undone', [work(2, 'web')], [work(1, 'web')], ['web 1']],
  ['a later one failed for good: nothing stands', [work(2, 'web')], [], ['web 2']],
  ['several services', [work(1, 'a'), work(2, 'b')], [work(1, 'a'), work(2, 'b')], ['a 1', 'b 2']],
  ['other kinds', [], [work(1, 'config', 'web-1', 'files')], []],
  ['other hosts, and no host', [], [work(1, 'web', 'web-2'), work(2, 'web', null)], []],
])('%s', (_name, latest, lastDone, expected) => {
  expect(kept(latest, lastDone)).toEqual(expected);
});

test.each<[string, number, string, Direction, boolean]>([
  ['what is being undone', 2, 'web', 'back', true],
  ['what is deployed once more', 2, 'web', 'forward', false],
  ['what an undone deployment leads back to', 3, 'web', 'back', false],
  ['another target', 2, 'api', 'back', false],
])('%s', (_name, deployment, target, direction, expected) => {
  const inProduction = (each: Work) => ({ ...each, job: { environment: 'production' } }) as Work;
  const open = {
    work: inProduction(work(deployment, target)),
    position: startingAt(direction),
  };
  expect(isUndone(inProduction(work(2, 'web')), { open })).toBe(expected);
});
