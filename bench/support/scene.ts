import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { systemClock } from '../../src/adapters/clock/system.ts';
import { ProcessInit } from '../../src/adapters/init/process/process-init.ts';
import { openGithubLedger } from '../../src/adapters/ledger/github/open-ledger.ts';
import { openStore } from '../../src/adapters/store/open-store.ts';
import { stopProxy } from '../../src/adapters/proxy/builtin/stop-proxy.ts';
import { CloseAll } from '../../src/bin/rehearsal/close-all.ts';
import { stageApp } from '../../src/bin/rehearsal/stage-app.ts';
import { stageHost } from '../../src/bin/rehearsal/stage-host.ts';
import { stageSample } from '../../src/bin/rehearsal/stage-repository.ts';
import { generateSigningKey } from '../../src/model/keys.ts';
import type { Hooks } from '../../src/sandbox/github/hooks.ts';
import { startGithub } from '../../src/sandbox/github/server.ts';
import type { StandIn } from '../../src/sandbox/github/stand-in.ts';
import { sampleFiles } from '../../src/sandbox/sample/service.ts';
import { agentPermissions } from '../../src/sandbox/tour/app-registration.ts';
import { deploymentEnds, newestDeployment } from '../../src/sandbox/tour/follow.ts';

/** A stand-in GitHub with a pull request, and the App that listens to it; the host is laid out, its agent not started. */
export interface Scene {
  readonly github: StandIn;
  /** Path of agent.yml. */
  readonly agentConfig: string;
  /** Pushes a release that is not the one before. */
  push(): Promise<void>;
  /** Comments `/deploy production`, and waits until GitHub shows how it ended. */
  deploy(): Promise<void>;
  /** Ends everything, the programs in the slots and the proxy too. */
  close(): Promise<void>;
}

export interface SceneOptions {
  readonly hooks: Hooks;
  /** How often the agent looks for jobs: `10s`. */
  readonly poll: string;
}

const login = 'ada';
const quiet = { info: () => undefined, warn: console.warn, error: console.error };
/** GitHub tells times in whole seconds: a comment in the same second as a push is refused. */
const clearlyLaterMs = 2_100;
const graceMs = 3_000;

export async function openScene({ hooks, poll }: SceneOptions): Promise<Scene> {
  const ending = new CloseAll();
  try {
    return await setUp(hooks, poll, ending);
  } catch (error) {
    await ending.close();
    throw error;
  }
}

async function setUp(hooks: Hooks, poll: string, ending: CloseAll): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'));
  ending.add(() => rm(folder, { recursive: true, force: true }));
  const github = await startGithub({ directory: join(folder, 'github'), hooks });
  ending.add(() => github.close());
  github.createUser(login);
  const [appKey, agentKey] = [generateSigningKey(), generateSigningKey()];
  const host = { agent: 'web-1', agentKey: agentKey.public.text };
  const { repository } = await stageSample(github, login, host);
  // Before the App is there, so that its first webhook is the comment.
  const pull = await openPull(github, repository);
  const app = await stageApp(github, login, appKey, {
    clock: systemClock,
    log: quiet,
    openLedger: ({ apiUrl, owner, name, token }) =>
      openGithubLedger({ apiUrl, token, repository: `${owner}/${name}`, clock: systemClock }),
    openStore,
  });
  ending.add(() => app.close());
  const agentConfig = await stageHost({
    folder,
    name: host.agent,
    key: agentKey,
    repository,
    url: github.url,
    token: github.tokenForAgent(repository, agentPermissions),
    environment: 'production',
    appKey: appKey.public.text,
    secrets: {},
  });
  await setPoll(agentConfig, poll);
  ending.add(() => endPrograms(join(folder, 'state')));
  let release = 1;
  return {
    github,
    agentConfig,
    async push() {
      release += 1;
      await pushRelease(github, repository, `1.${release}.0`);
      await github.waitForDeliveries();
    },
    async deploy() {
      const after = newestDeployment(github, repository);
      const { id: comment } = github.comment(repository, pull, login, '/deploy production');
      const since = { after, comment };
      const { signal } = new AbortController();
      const ended = await deploymentEnds(github, repository, since, systemClock, signal);
      if (ended.state !== 'success')
        throw new Error(`it ended as ${ended.state}: ${ended.description}`);
      await github.waitForDeliveries();
    },
    close: () => ending.close(),
  };
}

async function openPull(github: StandIn, repository: string): Promise<number> {
  await pushRelease(github, repository, '1.1.0');
  const { number } = await github.openPullRequest({ repository, head: 'greet', by: login });
  return number;
}

async function pushRelease(github: StandIn, repository: string, version: string): Promise<void> {
  const files = sampleFiles(version, 'good');
  await github.commit({ repository, branch: 'greet', files, by: login });
  await systemClock.sleep(clearlyLaterMs);
}

async function setPoll(path: string, poll: string): Promise<void> {
  const config = parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  await writeFile(path, stringify({ ...config, poll }));
}

/** What outlives an agent. */
async function endPrograms(state: string): Promise<void> {
  const init = new ProcessInit(join(state, 'slots'));
  for (const slot of ['blue', 'green']) await init.stop(`production.web.${slot}`, graceMs);
  await stopProxy(state, graceMs);
}
