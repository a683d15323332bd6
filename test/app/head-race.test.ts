import { expect, test } from 'vitest';
import { handleIssueComment } from '../../src/app/issue-comment.ts';
import type { AppWorld } from '../../src/app/world.ts';
import { appBench, commentOf, config } from './app-bench.ts';
import { base, foreign, head, pushedAt } from './memory-github.ts';

/**
 * Drives `/deploy production` while somebody pushes to the branch right before the call of that
 * number, after the comment was written; gives what came of it and how many calls there were.
 */
async function race(before: number, words: string, move: 'push' | 'recreate' | 'delete' = 'push') {
  const bench = appBench((known) => {
    known.files[`.github/sallyport.yml@${foreign}`] = config;
    known.relations[`${base}...${foreign}`] = 'ahead';
    // An evil branch is as admitted as a good one: only time tells them apart.
    for (const sha of [base, head, foreign]) {
      const path = `.github/sallyport.yml@${sha}`;
      known.files[path] = known.files[path]!.replace(
        'targets: [web] }',
        'targets: [web], require: { refs: ["**", pull] } }',
      );
    }
  });
  const { known } = bench;
  const event = commentOf(words);
  let calls = 0;
  const tick = () => {
    calls += 1;
    if (calls !== before) return;
    const pushes = known.pushes['feature']!;
    const at = event.at;
    if (move !== 'push') pushes.unshift({ after: '0'.repeat(40), at, login: 'eve' });
    known.refs = known.refs.filter(({ name }) => name !== 'feature');
    if (move === 'delete') return void Object.assign(known.pull, { isOpen: false });
    pushes.unshift({ after: foreign, at, login: 'eve' });
    known.refs.push({ kind: 'branch', name: 'feature', sha: foreign });
    known.pull = { ...known.pull, head: { ...known.pull.head, sha: foreign } };
  };
  const github = ticking(bench.world.github, tick);
  const ledger = ticking(bench.world.ledger, tick);
  const world: AppWorld = { ...bench.world, github, ledger };
  await handleIssueComment(event, () => Promise.resolve(world));
  const { jobs } = bench.ledgers;
  const deployed = jobs.length === 0 ? null : (await bench.environment())!.running!.job.sha;
  return { deployed, calls, answer: bench.comments[0]?.body ?? '' };
}

/** Every method says so before it begins. */
function ticking<T extends object>(port: T, tick: () => void): T {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...given: unknown[]) => {
        tick();
        return Reflect.apply(method, target, given) as unknown;
      };
    },
  });
}

const words = {
  'a pull request': '/deploy production',
  'a branch by name': '/deploy production feature',
  'a SHA': `/deploy production @${head}`,
};

test.each(Object.entries(words))(
  'of %s, a push at any moment after the comment is never deployed',
  async (name, typed) => {
    const { calls, deployed } = await race(0, typed);
    expect(deployed).toBe(head);
    expect(pushedAt).toBeLessThan(commentOf(typed).at);
    const outcomes = new Set<string | null>();
    for (const move of ['push', 'recreate', 'delete'] as const) {
      for (let before = 1; before <= calls; before += 1) {
        const raced = await race(before, typed, move);
        outcomes.add(raced.deployed);
        if (raced.deployed === null) expect(raced.answer).toMatch(/was refused/);
      }
    }
    // Some were refused, some came too late to matter; the pushed commit is none of them.
    expect(outcomes).toEqual(new Set(name === 'a SHA' ? [head, null] : [null, head]));
  },
);

test('what moves between the last gate and the job is seen when the head is read again', async () => {
  const { calls } = await race(0, words['a pull request']);
  const answers: string[] = [];
  for (let before = 1; before <= calls; before += 1) {
    answers.push((await race(before, words['a pull request'])).answer);
  }
  const seen = (text: string) => answers.some((answer) => answer.includes(text));
  expect(seen('pushed to after the command was written')).toBe(true);
  expect(seen('is being pushed to right now')).toBe(true);
  expect(seen('moved to fffffff while the command was looked at')).toBe(true);
});
