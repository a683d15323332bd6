import { beforeEach, expect, test, vi } from 'vitest';
import { readPolicyNow, type PolicyNow } from '../../src/agent/policy-now.ts';
import { SallyportError } from '../../src/model/errors.ts';
import { JumpingClock } from './jumping-clock.ts';

const [first, second] = ['1'.repeat(40), '2'.repeat(40)];
const good = (sync: string) => `version: 1\nenvironments:\n  production: { sync: ${sync} }\n`;
const { signal } = new AbortController();

let head: string;
let files: Record<string, string>;
let isCutOff: boolean;
let fetched: number;
let warned: string[];
let clock: JumpingClock;
let policyNow: PolicyNow;

beforeEach(() => {
  head = first;
  files = { [first]: good('auto') };
  isCutOff = false;
  fetched = 0;
  warned = [];
  clock = new JumpingClock(0);
  const refs = async () => [{ name: 'refs/heads/main', sha: head }];
  const fetch = async () => {
    fetched += 1;
    if (isCutOff) {
      throw new SallyportError({ code: 'git_unreachable', message: 'no way', next: 'retry' });
    }
    return await refs();
  };
  policyNow = readPolicyNow({
    git: async () => ({ fetch, refs, readFile: async (sha) => files[sha] ?? null }),
    branch: async () => 'main',
    clock,
    log: {
      info: vi.fn(),
      warn: (message, facts) => warned.push(`${message}: ${facts?.['message']}`),
      error: vi.fn(),
    },
    maxAgeMs: 10_000,
  });
});

test('reads the head of the branch, and fetches once a poll', async () => {
  await Promise.all([policyNow('production', signal), policyNow('production', signal)]);
  const { sha, environment } = await policyNow('production', signal);
  expect([sha, environment.sync, fetched]).toEqual([first, 'auto', 1]);
  head = second;
  files[second] = good('manual');
  await clock.sleep(10_000);
  expect((await policyNow('production', signal)).environment.sync).toBe('manual');
  expect(fetched).toBe(2);
});

test('goes on with the last good one where the head cannot be read, and says so once, with the line', async () => {
  await policyNow('production', signal);
  head = second;
  files[second] = 'version: 1\nenvironmets: {}\n';
  for (let polls = 0; polls < 3; polls += 1) {
    await clock.sleep(10_000);
    expect((await policyNow('production', signal)).sha).toBe(first);
  }
  expect(warned).toHaveLength(1);
  expect(warned[0]).toMatch(/sallyport\.yml at 2222222, line 2: .*environmets/);
});

test.each([
  ['there is no good one', () => ({ [first]: ': [' }), 'policy_unreadable'],
  ['there is no file', () => ({}), 'policy_unreadable'],
  ['it has no such environment', () => ({ [first]: 'version: 1\n' }), 'environment_unknown'],
])('rejects where %s', async (_when, there, code) => {
  files = there();
  await expect(policyNow('production', signal)).rejects.toMatchObject({ code });
});

test('while nothing can be fetched, what is in the cache holds', async () => {
  isCutOff = true;
  expect((await policyNow('production', signal)).sha).toBe(first);
  await clock.sleep(10_000);
  expect((await policyNow('production', signal)).sha).toBe(first);
  expect(warned).toEqual(['the policy could not be fetched: no way']);
});
