import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rules, watchBench } from './bench.ts';

test('what is pushed goes out where it concerns something and may, once', async () => {
  const bench = await watchBench();
  const one = bench.git.push();
  await bench.start();
  expect(bench.takeAsked()).toEqual(['development 001', 'staging 001']);
  bench.git.push(['environments/staging/x']);
  await bench.poll();
  await bench.poll();
  expect(bench.takeAsked()).toEqual(['staging 002']);
  bench.git.push(['README.md']);
  await bench.poll();
  bench.git.push(['.github/sallyport.yml']);
  await bench.poll();
  expect(bench.takeAsked()).toEqual(['development 004', 'staging 004']);
  expect(bench.note('production')).toMatch(
    /out of sync with main at 0000000: nothing was deployed/,
  );
  expect(one).toHaveLength(40);
});

test('a job says that it came by itself, and has a cause of its own', async () => {
  const bench = await watchBench(['development']);
  const sha = bench.git.push();
  await bench.start();
  expect(bench.asked).toEqual([
    {
      operation: 'deploy',
      environment: 'development',
      sha,
      ref: 'main',
      auto: true,
      actor: { id: 0, login: 'git' },
      cause: `sync:development:${sha}:0`,
    },
  ]);
});

test('commits that were handled are skipped after a restart, also without a ledger', async () => {
  const bench = await watchBench();
  bench.git.push();
  await bench.start();
  bench.takeAsked();
  await bench.restart();
  expect(bench.takeAsked()).toEqual([]);
  bench.git.push(['environments/development/x']);
  await bench.restart();
  expect(bench.takeAsked()).toEqual(['development 002']);
});

test('where the floors are lost, the ledger tells how far it came', async () => {
  const bench = await watchBench(['development']);
  const [one, two] = [bench.git.push(), bench.git.push()];
  bench.git.refs.set('refs/heads/main', one);
  bench.issuedLast = two;
  await bench.start();
  expect(bench.takeAsked()).toEqual([]);
  expect(bench.note('development')).toContain('was rewritten');
});

test('a branch that was rewritten is reported once, and goes on when a person has taken it', async () => {
  const bench = await watchBench(['development']);
  const one = bench.git.push();
  const two = bench.git.push();
  await bench.start();
  bench.git.refs.set('refs/heads/main', one);
  await bench.poll();
  await bench.poll();
  await bench.restart();
  bench.takeAsked();
  expect(bench.note('development')).toContain('sallyport sync development');
  const reports = bench.logged.filter((line) => line.includes('was rewritten'));
  expect(reports).toHaveLength(2); // once before and once after the restart
  bench.watch.accept('development', one);
  await bench.clock.untilAsleep();
  expect(bench.takeAsked()).toEqual([]);
  expect(bench.note('development')).toBeNull();
  bench.git.refs.set('refs/heads/main', bench.git.commit(one, ['environments/common/z']));
  await bench.poll();
  expect(bench.takeAsked()).toEqual(['development 003']);
  expect(two).not.toBe(one);
});

test('a person who goes back does not undo what was handled', async () => {
  const bench = await watchBench(['development']);
  const one = bench.git.push();
  bench.git.push();
  await bench.start();
  bench.takeAsked();
  bench.watch.accept('development', one);
  await bench.clock.untilAsleep();
  expect(bench.takeAsked()).toEqual([]);
  expect(bench.watch.view().environments[0]!.floor).toBe(bench.git.refs.get('refs/heads/main'));
});

test('a person who syncs a manual environment puts it in order', async () => {
  const bench = await watchBench(['production']);
  const one = bench.git.push();
  await bench.start();
  bench.watch.accept('production', one);
  await bench.clock.untilAsleep();
  expect(bench.note('production')).toBeNull();
  bench.git.push(['README.md']);
  await bench.poll();
  expect(bench.note('production')).toBe('nothing in 0000000 concerns it');
  bench.git.push(['environments/production/x']);
  await bench.poll();
  expect(bench.note('production')).toContain('environments/production/x changed (maps)');
  expect(bench.takeAsked()).toEqual([]);
});

test('a configuration that cannot be read is reported with file and line, and nothing moves', async () => {
  const bench = await watchBench();
  bench.git.push();
  await bench.start();
  bench.takeAsked();
  const before = bench.watch.view().environments.map(({ floor }) => floor);
  bench.git.push(['.github/sallyport.yml'], 'version: 1\nenvironments: {development: {sync: 7}}\n');
  await bench.poll();
  await bench.poll();
  expect(bench.takeAsked()).toEqual([]);
  expect(bench.note('staging')).toMatch(/\.github\/sallyport\.yml at 0000000, line 2: /);
  expect(bench.watch.view().environments.map(({ floor }) => floor)).toEqual(before);
  expect(bench.logged.filter((line) => line.includes('line 2'))).toHaveLength(3);
  bench.git.push(['.github/sallyport.yml']);
  await bench.poll();
  expect(bench.takeAsked()).toEqual(['development 003', 'staging 003']);
});

test('tags go their own way while the configuration of the branch is broken', async () => {
  const bench = await watchBench(['released', 'development']);
  const one = bench.git.push();
  bench.git.refs.set('refs/tags/v1.9', one);
  await bench.start();
  expect(bench.takeAsked()).toEqual(['released 001', 'development 001']);
  const two = bench.git.push();
  bench.git.push([], 'version: 7');
  bench.git.refs.set('refs/tags/v1.10', two);
  await bench.poll();
  expect(bench.takeAsked()).toEqual(['released 002']);
});

test('an environment that the policy does not have stops no other', async () => {
  const bench = await watchBench(['nowhere', 'development']);
  bench.git.push();
  await bench.start();
  expect(bench.takeAsked()).toEqual(['development 001']);
  expect(bench.note('nowhere')).toBe('the policy has no such environment');
});

test('a remote that is away is said to be, with longer and longer pauses', async () => {
  const bench = await watchBench(['development']);
  bench.git.push();
  await bench.start();
  expect(bench.watch.view()).toMatchObject({ connected: true, failingSince: null, branch: 'main' });
  bench.git.isAway = true;
  const pauses = [await bench.poll(), await bench.poll(), await bench.poll()];
  expect(pauses).toEqual([30_000, 60_000, 120_000]);
  const { failingSince, lastPoll, nextPoll, error, connected } = bench.watch.view();
  expect({ connected, error }).toEqual({ connected: false, error: 'it is away' });
  expect(lastPoll! - failingSince!).toBe(90_000);
  expect(nextPoll! - lastPoll!).toBe(120_000);
  bench.git.isAway = false;
  bench.watch.wake();
  expect(await bench.clock.untilAsleep()).toBe(30_000);
  expect(bench.watch.view()).toMatchObject({ connected: true, error: null });
  expect(bench.logged.filter((line) => line.includes('cannot be reached'))).toHaveLength(1);
});

test('what could not be issued is asked for again, as the same job', async () => {
  const bench = await watchBench(['development']);
  const sha = bench.git.push();
  bench.issuing = 'lost';
  await bench.start();
  await bench.poll();
  expect(bench.note('development')).toBe('the ledger is away');
  await bench.restart();
  bench.issuing = 'done';
  await bench.poll();
  await bench.poll();
  expect(new Set(bench.asked.map(({ cause }) => cause))).toEqual(
    new Set([`sync:development:${sha}:0`]),
  );
  expect(bench.asked).toHaveLength(4);
  expect(bench.note('development')).toContain('was asked for');
});

test('a poll in which nothing changed asks Git for nothing but what is new', async () => {
  const bench = await watchBench();
  bench.git.push();
  await bench.start();
  await bench.poll();
  bench.git.calls.length = 0;
  await bench.poll();
  expect(bench.git.calls).toEqual(['fetch']);
});

test('without its floors it does not begin', async () => {
  const bench = await watchBench(['development']);
  bench.git.push();
  await bench.start();
  await bench.stop();
  const path = join(bench.state, 'watch.json');
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, 20));
  await expect(bench.start()).rejects.toMatchObject({
    code: 'floors_unreadable',
    hint: expect.stringContaining(`mv ${path}`) as string,
  });
});

test('a policy of the branch counts for a commit of a tag', async () => {
  const bench = await watchBench(['released']);
  const old = bench.git.push([], rules.replace('tags: "v*"', 'tags: "never*"'));
  bench.git.push();
  bench.git.refs.set('refs/tags/v1', old);
  await bench.start();
  expect(bench.takeAsked()).toEqual(['released 001']);
});
