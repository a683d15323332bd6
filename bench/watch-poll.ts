import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openGit } from '../src/adapters/git/open-git.ts';
import { startWatch } from '../src/agent/watch/watch.ts';
import { GitRepository } from '../test/support/git-repository.ts';
import { startGitServer } from '../test/support/git-server.ts';
import { median } from './support/wrk.ts';

// A poll of the watcher in which nothing is new, with 1,000 environments and 10,000 files, beside
// `git ls-remote` of the same server. `node bench/watch-poll.ts [--json]`; about 20 s.
const rounds = 20;
const environments = Array.from({ length: 1_000 }, (_, at) => `e${at}`);

const root = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
const server = await startGitServer(root);
const stop = new AbortController();
try {
  const url = `${server.url}/origin/.git`;
  const origin = new GitRepository(join(root, 'origin'));
  origin.commit('one', files());
  const watch = startWatch(await worldOf(url), stop.signal);
  watch.done.catch(() => undefined);
  await untilPolled(0);

  const [bare, polls]: [number[], number[]] = [[], []];
  const before = { peer: 0, watcher: 0 };
  // In turns, so that a noisy moment hits both.
  for (let round = 0; round < rounds; round += 1) {
    before.peer += await counted(async () => bare.push(await timeOf(() => lsRemote(url))));
    before.watcher += await counted(async () => {
      const since = watch.view().lastPoll!;
      polls.push(
        await timeOf(async () => {
          watch.wake();
          await untilPolled(since);
        }),
      );
    });
  }
  report(median(bare), median(polls), before.peer / rounds, before.watcher / rounds);

  async function untilPolled(since: number): Promise<void> {
    for (;;) {
      const { lastPoll, nextPoll } = watch.view();
      if (lastPoll !== null && lastPoll > since && nextPoll !== null) return;
      await setTimeout(1);
    }
  }
} finally {
  stop.abort(new Error('done'));
  await server.close();
  rmSync(root, { recursive: true, force: true });
}

async function worldOf(url: string) {
  const git = await openGit({ dir: join(root, 'cache'), url });
  const quiet = () => undefined;
  return {
    git: async () => git,
    environments,
    branch: 'main',
    issue: async () => ({ deployment: 1 }) as never,
    issuedLast: async () => null,
    state: join(root, 'state'),
    clock: {
      now: () => performance.now(),
      sleep: (ms: number, signal?: AbortSignal) => setTimeout(ms, undefined, { signal }),
      random: Math.random,
    },
    log: { info: quiet, warn: quiet, error: console.error },
    pace: { intervalMs: 3_600_000, maxMs: 3_600_000 },
  };
}

function files(): Record<string, string> {
  const rules = environments.map((name) => `  ${name}: { sync: auto }\n`).join('');
  const layers = Array.from({ length: 10_000 }, (_, at) => [
    `environments/e${at % 1_000}/layer-${at}.yaml`,
    `name: layer-${at}\n`,
  ]);
  return {
    ...(Object.fromEntries(layers) as Record<string, string>),
    '.github/sallyport.yml': `version: 1
targets: { maps: { kind: files, source: "environments/{environment}", destination: /srv/maps } }
environments:
${rules}`,
  };
}

async function lsRemote(url: string): Promise<void> {
  await promisify(execFile)('git', ['ls-remote', url]);
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function counted(work: () => Promise<unknown>): Promise<number> {
  const before = server.requests.length;
  await work();
  return server.requests.length - before;
}

function report(peerMs: number, pollMs: number, peerCalls: number, pollCalls: number): void {
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ peerMs, pollMs, peerCalls, pollCalls }));
    return;
  }
  const rows = [
    ['git ls-remote', peerMs, peerCalls],
    ['a poll of the watcher', pollMs, pollCalls],
  ] as const;
  console.table(
    rows.map(([what, ms, calls]) => ({
      what,
      ms: ms.toFixed(1),
      'requests to the server': calls,
      '÷ ls-remote': (ms / peerMs).toFixed(2),
    })),
  );
}
