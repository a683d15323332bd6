import { expect, test } from 'vitest';
import type { LoggedRecord } from '../../src/deploy/admit.ts';
import { foldEnvironment } from '../../src/deploy/fold-environment.ts';
import { refuseMissing } from '../../src/deploy/refuse-missing.ts';
import { recorder, rolloutJob } from '../support/rollouts.ts';

type Say = ReturnType<typeof recorder>;

const job = await rolloutJob({ hosts: 2, rollout: { max_unavailable: 2, down: 'skip' } });
const target = job.job.targets[0]!.name;

/** What is said of a switch to it for these hosts. */
function said(
  hosts: readonly string[],
  isStaged: boolean,
  make: (say: Say) => readonly LoggedRecord[],
) {
  const say = recorder(job);
  const view = foldEnvironment('production', { jobs: [job], records: [say.bound(), ...make(say)] });
  const goal = { view: view.deployments[0]!, isStaged };
  try {
    refuseMissing(goal, view, [{ name: target, hosts: [...hosts] }]);
    return null;
  } catch (error) {
    return error;
  }
}

const staged = (say: Say) =>
  ['h1', 'h2'].map((host) => say.unit(host, 'done', { reason: 'staged' }));
const short = job.job.sha.slice(0, 7);

test('a switch goes where all hosts have what it goes to', () => {
  expect(said(['h1', 'h2'], true, staged)).toBeNull();
});

test('a host that joined since is named, with what to type', () => {
  expect(said(['h1', 'h2', 'h3'], true, staged)).toMatchObject({
    code: 'not_on_all_hosts',
    message: `${short} never was staged for ${target} on h3, so no traffic was moved anywhere`,
    hint: `\`/deploy production @${short} --stage\`, then \`/switch production\``,
  });
});

test('the way back builds where it is missing, with a rollback', () => {
  const done = (say: Say) => [say.unit('h1', 'done'), say.unit('h2', 'done')];
  expect(said(['h2', 'h3'], false, done)).toMatchObject({
    message: expect.stringContaining('never ran for') as string,
    hint: `\`/rollback production @${short}\`, which builds it where it is missing`,
  });
});

test('one that was left out while it was down is let through, one that failed is not', () => {
  const leftOut = (say: Say) => [
    say.act('skipped', { reason: 'host_skipped', subject: 1 }),
    say.unit('h1', 'done', { reason: 'staged' }),
  ];
  expect(said(['h1', 'h2'], true, leftOut)).toBeNull();
  expect(said(['h1', 'h2'], true, (say) => [say.unit('h1', 'failed')])).not.toBeNull();
});
