import { expect, test } from 'vitest';
import { handleIssueComment } from '../../src/app/issue-comment.ts';
import type { Sha } from '../../src/model/job.ts';
import { appBench, commentOf, config } from './app-bench.ts';
import { head, pushedAt, type Facts } from './memory-github.ts';

const evil = 'e'.repeat(40) as Sha;
const comment = commentOf('/deploy production');

/** The branch of the pull request is pushed to: GitHub knows it from now on, everywhere at once. */
function push(known: Facts, sha: Sha, at: number): void {
  known.pull = { ...known.pull, head: { ...known.pull.head, sha } };
  known.refs = known.refs.map((ref) => (ref.name === 'feature' ? { ...ref, sha } : ref));
  known.pushes['feature'] = [{ after: sha, at, login: 'eve' }, ...known.pushes['feature']!];
}

/** Handles the comment, with an attack before the call of GitHub of that number; tells what came of it. */
async function handleWhile(at: number, attack: (known: Facts) => void) {
  const bench = appBench((known) => {
    known.commits.push(evil);
    known.files[`.github/sallyport.yml@${evil}`] = config;
  });
  let calls = 0;
  const github = new Proxy(bench.world.github, {
    get(target, name, receiver) {
      calls += 1;
      if (calls === at) attack(bench.known);
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  await handleIssueComment(comment, () => Promise.resolve({ ...bench.world, github }));
  const jobs = (await bench.environment())?.deployments ?? [];
  return { deployed: jobs.map(({ job }) => job.sha), answer: bench.comments.at(-1)!.body, calls };
}

test.each([
  ['in the second of the comment', 0],
  ['a second after the comment', 1_000],
  ['a minute after the comment', 60_000],
])('a push %s is never what is deployed, at whichever call it comes', async (_name, later) => {
  const outcomes = [];
  for (let at = 1, last = 1; at <= last; at += 1) {
    const outcome = await handleWhile(at, (known) => push(known, evil, comment.at + later));
    last = Math.max(last, outcome.calls);
    expect(outcome.deployed.filter((sha) => sha !== head)).toEqual([]);
    if (outcome.deployed.length === 0) expect(outcome.answer).toMatch(/refused[^]*(push|moved)/);
    outcomes.push(outcome.deployed.length);
  }
  // Before the branch was read it is refused, and long after that it is too late to matter.
  expect([outcomes[0], outcomes.at(-1)]).toEqual([0, 1]);
});

test('a push that was taken back before the command arrived is told too', async () => {
  const { deployed, answer } = await handleWhile(1, (known) => {
    push(known, evil, comment.at + 1_000);
    push(known, head, comment.at + 2_000);
  });
  expect(deployed).toEqual([]);
  expect(answer).toMatch(/refused[^]*push/);
});

test('a push clearly before the comment is what people looked at', async () => {
  const { deployed } = await handleWhile(1, (known) => push(known, evil, pushedAt + 1_000));
  expect(deployed).toEqual([evil]);
});
