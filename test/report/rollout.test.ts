import { expect, test } from 'vitest';
import { statusComment } from '../../src/report/answer-markdown.ts';
import { deploymentCheck } from '../../src/report/deployment-check.ts';
import { deploymentComment, type DeploymentComment } from '../../src/report/deployment-markdown.ts';
import { statusJson } from '../../src/report/status-json.ts';
import { statusText } from '../../src/report/status-text.ts';
import type { ReportedHost } from '../../src/report/views.ts';
import { sampleDeployment, sampleEnvironment, sampleJob, start } from './samples.ts';

const names = ['web-1', 'web-2', 'web-3'];
const hosts: readonly ReportedHost[] = [
  { host: 'web-1', batch: 'canary', state: 'done', waits: null },
  { host: 'web-2', batch: 'batch 1', state: 'applying', waits: null },
  { host: 'web-3', batch: 'batch 2', state: 'waiting', waits: 'web-2' },
];
const view = sampleDeployment(7, {
  job: sampleJob({
    targets: [{ name: 'web', kind: 'service', wave: 0, hosts: names }],
    roster: names.map((name) => ({ name, key: 'ed25519:AAAA' })),
  }),
  state: 'applying',
  over: false,
  endedAt: null,
  units: hosts.map(({ host, state }) => ({
    target: 'web',
    host,
    wave: 0,
    state: state as 'done',
    reason: state === 'waiting' ? 'queued' : 'none',
    at: start + 5_000,
  })),
});
const comment: DeploymentComment = {
  view,
  hosts,
  repositoryUrl: 'https://github.com/acme/shop',
  note: null,
  behind: null,
};

const table = `| host | batch | state | waits for |
|---|---|---|---|
| \`web-1\` | canary | done |  |
| \`web-2\` | batch 1 | applying |  |
| \`web-3\` | batch 2 | waiting | web-2 |`;

test('the comment and the check run show where each host stands, and fold the units away', () => {
  const check = deploymentCheck(comment, [], null);
  for (const text of [deploymentComment(comment), check.summary]) {
    expect(text).toContain(table);
    expect(text).toContain('<details><summary>Targets</summary>\n\n| host | target |');
  }
});

test('without batches the units are shown as ever', () => {
  const text = deploymentComment({ ...comment, hosts: [] });
  expect(text).not.toContain('batch');
  expect(text).toContain('| `web-3` | `web` | waiting | queued |  |');
});

test('status tells of the batch of each host, and what it waits for', () => {
  const status = statusJson([{ view: sampleEnvironment([view]), seen: [], hosts }]);
  expect(status.environments[0]!.hosts[2]).toMatchObject({
    name: 'web-3',
    state: 'waiting',
    batch: 'batch 2',
    waits: 'web-2',
  });
  const lines = statusText(status, { colour: false, width: 80, now: start }).split('\n');
  expect(lines.filter((line) => line.includes('web@')).map((line) => line.trim())).toEqual([
    '│   web@web-1  unknown  -  done  canary                                        │',
    '│   web@web-2  unknown  -  applying  batch 1                                   │',
    '│   web@web-3  unknown  -  waiting  batch 2, waits for web-2                   │',
  ]);
});

/** Three hosts, of which each ended so in a deployment of a commit. */
function ended(number: number, letter: string, states: readonly string[]) {
  const units = states.map((state, place) => ({
    ...view.units[place]!,
    state: (state === 'staged' ? 'done' : state) as 'done',
    reason: (state === 'staged' ? 'staged' : 'none') as 'none',
    at: start + number * 60_000,
  }));
  const job = { ...view.job, sha: letter.repeat(40) };
  return sampleDeployment(number, { job, units });
}

test('/status has a row a host: its state, what was brought there, since when, what it waits for', () => {
  const deployments = [
    ended(1, 'b', ['done', 'done', 'done']),
    ended(2, 'b', ['done', 'done', 'waiting']),
    ended(3, 'c', ['staged', 'staged', 'staged']),
    ended(4, 'd', ['done', 'applying', 'waiting']),
  ];
  const environment = sampleEnvironment(deployments);
  const body = statusComment(statusJson([{ view: environment, seen: [], hosts }]).environments);
  expect(body).toContain('| 2026-05-01T12:00:05.000Z | 3 |');
  expect(body).toContain(
    [
      '| `production` | state | runs | since | waits for |',
      '|---|---|---|---|---|',
      '| `web-1` | done | `ddddddd` | 2026-05-01 12:04Z |  |',
      '| `web-2` | applying | `bbbbbbb` | 2026-05-01 12:01Z |  |',
      '| `web-3` | waiting | `bbbbbbb` | 2026-05-01 12:01Z | web-2 |',
    ].join('\n'),
  );
});

test('of a host on which people acted nobody knows what it runs, and nobody waits where nothing rolls out', () => {
  const facts = {
    lock: null,
    pause: null,
    quarantined: [],
    held: [{ host: 'web-2', since: start }],
  };
  const environment = sampleEnvironment([ended(1, 'b', ['done', 'done', 'done'])], { facts });
  const body = statusComment(statusJson([{ view: environment, seen: [] }]).environments);
  expect(body).toContain('| `production` | state | runs | since |\n|---|---|---|---|\n');
  expect(body).toContain('| `web-2` | held | – | 2026-05-01 12:00Z |\n');
});

test('a name and a wait in the table can neither mention, link, nor become HTML', () => {
  const hostile = '@acme/ops <img src=x> [x](http://evil) | `#1`';
  const environment = sampleEnvironment([ended(1, 'b', ['done', 'done', 'done'])], {
    name: hostile,
  });
  const bad = hosts.map((host) => ({ ...host, state: hostile, waits: hostile }));
  const json = statusJson([{ view: environment, seen: [], hosts: bad }]).environments;
  const outside = statusComment(json).replaceAll(/(`+) ?[^`].*?\1/gu, '');
  expect(outside).not.toMatch(/@acme|<img|\]\(http/u);
  const rows = statusComment(json).split('\n');
  const cells = rows.filter((row) => row.includes('web-1')).map((row) => row.split(/(?<!\\)\|/u));
  expect(cells.map((each) => each.length)).toEqual([7]);
});
