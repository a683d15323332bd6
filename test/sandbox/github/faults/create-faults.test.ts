import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFaults } from '../../../../src/sandbox/github/faults/create-faults.ts';
import { otherTool } from '../../../../src/sandbox/github/faults/other-tool.ts';
import type { Unkindness } from '../../../../src/sandbox/github/faults/unkindness.ts';
import { kind, unkind } from '../../../../src/sandbox/github/faults/unkindness.ts';
import { startGithub } from '../../../../src/sandbox/github/server.ts';
import type { StandIn } from '../../../../src/sandbox/github/stand-in.ts';
import { recordTraffic } from '../../../support/github-traffic.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const name = 'acme/shop';
let github: StandIn;
let clock: VirtualClock;
let token: string;
const traffic = recordTraffic();

async function start(unkindness: Unkindness): Promise<void> {
  clock = new VirtualClock();
  const faults = createFaults({ seed: 5, unkindness, clock });
  github = await startGithub({
    now: () => clock.now(),
    hooks: { ...traffic.hooks, faults },
  });
  await github.createRepository({ owner: 'acme', name: 'shop' });
  token = github.tokenFor('acme');
}

async function api(method: string, path: string, body?: object): Promise<Response> {
  return fetch(`${github.url}/api/v3/repos/${name}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

const draft = { ref: 'main', environment: 'staging', auto_merge: false, required_contexts: [] };

async function idsOf(path: string): Promise<readonly number[]> {
  const list = (await (await api('GET', path)).json()) as readonly { readonly id: number }[];
  return list.map(({ id }) => id);
}

afterEach(async () => {
  await github.close();
  traffic.expectNoViolations();
});

describe('over the wire', () => {
  test('a write takes effect although its caller hears nothing', async () => {
    await start({ lostAnswer: { rate: 1 } });
    const answer = await api('POST', '/deployments', draft).then(
      ({ status }) => status,
      () => 'cut',
    );
    expect(['cut', 502]).toContain(answer);
    expect(github.repository(name).deployments).toHaveLength(1);
  });

  test('a cut connection leaves nothing done', async () => {
    await start({ cut: { rate: 1 } });
    await expect(api('POST', '/deployments', draft)).rejects.toThrow();
    expect(github.repository(name).deployments).toEqual([]);
  });

  test('writes beyond the secondary limit are refused until the minute is over', async () => {
    await start({ secondaryLimit: { perMinute: 2, perHour: 500 } });
    const issue = github.openIssue(name, 'acme', 'Hello');
    const comment = () => api('POST', `/issues/${issue.number}/comments`, { body: 'Hi' });
    expect([(await comment()).status, (await comment()).status]).toEqual([201, 201]);
    const refused = await comment();
    expect([403, 429]).toContain(refused.status);
    expect(refused.headers.get('retry-after')).toBe('60');
    clock.advance(60_000);
    expect((await comment()).status).toBe(201);
  });

  test('a deployment that was just made is not in the list yet, and is there later', async () => {
    await start({ lateEntry: { rate: 1, longestMs: 1_000 } });
    await api('POST', '/deployments', draft);
    expect(await idsOf('/deployments')).toEqual([]);
    clock.advance(1_000);
    expect(await idsOf('/deployments')).toHaveLength(1);
  });

  test('somebody who tries again gets everything done, whatever the faults', async () => {
    await start(unkind);
    for (let round = 0; round < 15; round += 1) await persist('POST', '/deployments', draft);
    clock.advance(10_000);
    const made = github.repository(name).deployments.length;
    expect(made).toBeGreaterThanOrEqual(15);
    expect((await persist('GET', '/deployments?per_page=100')).length).toBe(made);
  });
});

async function persist(method: string, path: string, body?: object): Promise<readonly unknown[]> {
  for (;;) {
    const answer = await api(method, path, body).catch(() => undefined);
    if (answer?.ok === true) return (await answer.json()) as readonly unknown[];
  }
}

describe('another tool in the same environment', () => {
  beforeEach(() => start(kind));

  test('makes older successes inactive, but not those of production', async () => {
    const tool = otherTool(github, name);
    const [older, production] = [
      await tool.deploy('staging'),
      await github.deploy(name, {
        by: 'acme',
        ref: 'main',
        environment: 'staging',
        production: true,
      }),
    ];
    github.deploymentStatus(name, production.id, { by: 'acme', state: 'success' });
    await tool.deploy('staging');
    expect(older.statuses.at(-1)?.state).toBe('inactive');
    expect(production.statuses.at(-1)?.state).toBe('success');
  });

  test('speaks of, renames and removes deployments that are not its own', async () => {
    const tool = otherTool(github, name);
    const mine = await github.deploy(name, { by: 'acme', ref: 'main', environment: 'staging' });
    tool.speakOf(mine.id, 'failure');
    tool.rename(mine.id, 'elsewhere');
    expect(await idsOf(`/deployments/${mine.id}/statuses`)).toHaveLength(2);
    expect(await idsOf('/deployments?environment=staging')).toEqual([]);
    expect(await idsOf('/deployments?environment=elsewhere')).toEqual([mine.id]);
    tool.remove(mine.id);
    expect(await idsOf('/deployments')).toEqual([]);
    expect((await api('GET', `/deployments/${mine.id}`)).status).toBe(404);
  });
});

test('a commit of a fork resolves through the base repository', async () => {
  await start(kind);
  github.createUser('mallory');
  await github.fork(name, 'mallory');
  const files = { 'evil.txt': 'x' };
  const sha = await github.commit({ repository: 'mallory/shop', branch: 'evil', files });
  expect((await api('GET', `/commits/${sha}`)).status).toBe(200);
  const heads = (await (await api('GET', '/branches')).json()) as readonly { name: string }[];
  expect(heads.map((branch) => branch.name)).toEqual(['main']);
});
