import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunningAgent } from '../../src/agent/agent.ts';
import { DoneWorks } from '../../src/agent/done-works.ts';
import type { Work } from '../../src/deploy/journal-entries.ts';
import type { JobDraft } from '../../src/deploy/issue.ts';
import { createBench, type Bench } from './bench.ts';

let bench: Bench;
let agent: RunningAgent | null;

beforeEach(() => {
  bench = createBench();
  agent = null;
});
afterEach(() => agent?.abort());

function start(): void {
  agent = bench.start('web-1', {
    makeTarget: async (work, progress) => ({
      ...(await bench.makeTarget(work, progress)),
      stopsAt: work.job.flags['stage'] === true ? 'staged' : undefined,
    }),
  });
}

/** A deployment of a commit, brought to its end. */
async function ran(letter: string, changes: Partial<JobDraft> = {}): Promise<number> {
  const sha = letter.repeat(40);
  const ended = bench.until(
    'record-written',
    ({ state }) => state === 'done' || state === 'failed',
  );
  const deployment = await bench.issue(`${letter} ${JSON.stringify(changes)}`, { sha, ...changes });
  await ended;
  return deployment;
}

const words = () => bench.written.map(({ description }) => description);
const stage = { flags: { stage: true } };
const switchFrom = (from: number): Partial<JobDraft> => ({
  operation: 'switch',
  flags: { from: String(from) },
  gates: [{ name: 'staged', open: true, reason: 'staged_here' }],
});

test('a unit that stops before the switch is done and staged, and replaces nothing', async () => {
  start();
  const live = await ran('a');
  const staged = await ran('c', stage);
  expect(await bench.view(staged)).toMatchObject({ state: 'completed', reason: 'staged' });
  expect(words().at(-1)).toBe(
    'web-1 done: web ccccccc is staged: /switch production web moves the traffic',
  );
  expect(bench.shown).not.toContain(`${live} inactive`);
  const switched = await ran('c', switchFrom(staged));
  expect(await bench.view(switched)).toMatchObject({ state: 'completed', reason: 'none' });
  const replaced = bench.shown.filter((each) => each.endsWith('inactive'));
  expect(replaced).toEqual([`${live} inactive`, `${staged} inactive`]);
});

test('what was approved when it was staged is not asked for again', async () => {
  bench.policies['production'] = { require: { approvals: 1 } };
  start();
  const planned = bench.until('record-written', ({ state }) => state === 'planned');
  const ended = bench.until('record-written', ({ state }) => state === 'done');
  const staged = await bench.issue('staged', stage);
  await planned;
  await bench.act(staged, 'approved');
  await ended;
  const switched = await ran('a', switchFrom(staged));
  expect(await bench.view(switched)).toMatchObject({ state: 'completed' });
});

test('a switch whose slot was taken meanwhile is refused, and says by whom', async () => {
  start();
  await ran('a');
  const staged = await ran('c', stage);
  await ran('d');
  const late = await ran('c', switchFrom(staged));
  expect(await bench.view(late)).toMatchObject({ state: 'failed', reason: 'superseded' });
  expect(words().at(-1)).toContain(`deployment ${staged} is staged no more`);
  expect((await bench.view(late)).units).toMatchObject([{ path: ['waiting', 'failed'] }]);
});

test('drift is held against what is in force, not against what is staged', () => {
  const works = new DoneWorks();
  const work = (deployment: number) =>
    ({ deployment, target: 'web', host: 'web-1', job: { environment: 'production' } }) as Work;
  works.end(work(1), 'forward', { state: 'done' }, null);
  works.end(work(2), 'forward', { state: 'done', staged: true }, null);
  expect(works.of('production')).toEqual([work(1)]);
  works.end(work(3), 'forward', { state: 'done' }, null);
  expect(works.of('production')).toEqual([work(3)]);
});
