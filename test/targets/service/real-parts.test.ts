import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openProgramGit } from '../../../src/adapters/git/program/program-git.ts';
import { parseRemote } from '../../../src/adapters/git/remote-url.ts';
import { builtinProxy } from '../../../src/adapters/proxy/builtin/builtin-proxy.ts';
import { stopProxy } from '../../../src/adapters/proxy/builtin/stop-proxy.ts';
import { createServiceTarget } from '../../../src/targets/service/create-target.ts';
import type { Step, Target } from '../../../src/targets/target.ts';
import { configOf, contextOf, serverSource } from '../../support/service-bench.ts';

const signal = new AbortController().signal;
const entry = join(import.meta.dirname, '../../../src/bin/proxy.ts');
let folder = '';
let state = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-real-'));
  state = join(folder, 'state');
  mkdirSync(join(folder, 'repository'));
  git('init', '--quiet', '--initial-branch=main');
});
afterEach(async () => {
  const { init } = contextOf(folder);
  await init.stop('staging.web.blue', 0);
  await init.stop('staging.web.green', 0);
  await stopProxy(state);
  rmSync(folder, { recursive: true, force: true });
});

test('with real Git and the embedded proxy, no request fails from the first release to the way back', async () => {
  const first = commit('1.0.0');
  await runAll((await targetOf(first, 1)).steps);
  const url = (await (await targetOf(first, 1)).status()).url!;
  const load = startLoad(`${url}/version`);

  const next = await targetOf(commit('2.0.0'), 2);
  await runAll([...next.steps, ...next.settle]);
  expect(await told(url)).toBe('2.0.0');

  const back = await targetOf(first, 3);
  await runAll([...back.steps, ...back.settle]);
  expect(await told(url)).toBe('1.0.0');

  const broken = await targetOf(commit('3.0.0', 'process.exit(1);'), 4);
  await expect(runAll(broken.steps)).rejects.toMatchObject({ reason: 'start_failed' });
  await runAll(broken.rollback);
  expect(await told(url)).toBe('1.0.0');

  const answers = await load.stop();
  expect(answers.failed).toBe(0);
  expect([...answers.bodies].toSorted()).toEqual(['1.0.0', '2.0.0']);
});

test('a first release that is taken back leaves nothing that answers', async () => {
  const target = await targetOf(commit('1.0.0'), 1);
  await runAll(target.steps);
  const url = (await target.status()).url!;
  await runAll(target.rollback);
  expect([502, 503]).toContain((await fetch(url)).status);
});

async function targetOf(sha: string, deployment: number): Promise<Target> {
  const { context } = contextOf(folder, { sha, deployment, config: configOf({ drain: 1000 }) });
  const remote = parseRemote(join(folder, 'repository'));
  const ports = {
    ...context.ports,
    git: await openProgramGit(join(state, 'repos', 'shop'), remote, () => Promise.resolve(null)),
    proxy: builtinProxy({ state, entry: [entry], host: '127.0.0.1' }),
  };
  return createServiceTarget({ ...context, ports });
}

/** Commits a server of this version; its SHA. */
function commit(version: string, behave = ''): string {
  writeFileSync(join(folder, 'repository', 'server.js'), serverSource(behave));
  writeFileSync(join(folder, 'repository', 'VERSION'), version);
  git('add', '.');
  git('-c', 'user.name=A', '-c', 'user.email=a@example.org', 'commit', '--quiet', '-m', version);
  return git('rev-parse', 'HEAD');
}

function git(...words: string[]): string {
  return execFileSync('git', words, { cwd: join(folder, 'repository'), encoding: 'utf8' }).trim();
}

async function runAll(steps: readonly Step[]): Promise<void> {
  for (const step of steps) await step.run(signal);
}

async function told(url: string): Promise<string> {
  return (await fetch(`${url}/version`)).text();
}

/** Asks without a pause until it is stopped. */
function startLoad(url: string) {
  const bodies = new Set<string>();
  let failed = 0;
  let isOver = false;
  const ask = async (): Promise<void> => {
    while (!isOver) {
      const answer = await fetch(url).catch(() => null);
      if (answer?.status === 200) bodies.add(await answer.text());
      else failed += 1;
    }
  };
  const askers = [ask(), ask(), ask()];
  return {
    stop: async () => {
      isOver = true;
      await Promise.all(askers);
      return { failed, bodies };
    },
  };
}
