import { expect, test } from 'vitest';
import type { StandIn } from '../../../src/sandbox/github/stand-in.ts';
import { deploymentEnds } from '../../../src/sandbox/tour/follow.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const bot = { type: 'Bot' };
const refusal = '<!-- sallyport answer -->\n\n### 🚫 `/deploy x` was refused\n\n**Next:** v&#42;';

function githubWith(comments: readonly object[], deployments: readonly object[] = []): StandIn {
  return { repository: () => ({ comments, deployments }) } as unknown as StandIn;
}

function ends(github: StandIn) {
  const clock = new VirtualClock();
  const since = { after: 5, comment: 10 };
  return deploymentEnds(github, 'ada/hello', since, clock, new AbortController().signal);
}

test('a refusal is told at once, as a line', async () => {
  const github = githubWith([{ id: 11, author: bot, body: refusal }]);
  await expect(ends(github)).rejects.toMatchObject({
    code: 'no_deployment',
    message: 'The App answered: 🚫 `/deploy x` was refused Next: v*',
  });
});

test('what was answered to an earlier comment does not count', async () => {
  const github = githubWith([{ id: 9, author: bot, body: refusal }]);
  await expect(ends(github)).rejects.toThrow(/no deployment and no answer/);
});

test('the newest deployment that is new is waited for', async () => {
  const ended = { state: 'success', description: 'done' };
  const deployments = [
    { id: 5, task: 'sallyport', statuses: [{ state: 'failure', description: '' }] },
    { id: 6, task: 'other', statuses: [{ state: 'failure', description: '' }] },
    { id: 7, task: 'sallyport', statuses: [ended] },
  ];
  expect(await ends(githubWith([], deployments))).toEqual({ deployment: 7, ...ended });
});
