import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ActAsked } from '../../src/agent/local/act-request.ts';
import { makeHostKey } from '../../src/agent/host-key.ts';
import { openAgent, type OpenAgent } from '../../src/bin/agent.ts';
import { askAgentJson, sendAgentJson } from '../../src/cli/agent-client.ts';
import { AgentConfig } from '../../src/config/agent.ts';
import type { StatusJson } from '../../src/report/status-json.ts';
import { startGithub } from '../../src/sandbox/github/server.ts';
import type { StandIn } from '../../src/sandbox/github/stand-in.ts';
import { sampleConfig } from '../../src/sandbox/sample/config.ts';
import { appKey } from '../support/jobs.ts';

const repository = 'ada/hello';
const [hour, half] = [3_600_000, 1_800_000];
let folder: string;
let github: StandIn;
let agent: OpenAgent;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-time-'));
  const state = join(folder, 'state');
  const agentKey = (await makeHostKey(state, false)).public.text;
  // The clock of this machine is an hour behind.
  github = await startGithub({ directory: join(folder, 'github'), now: () => Date.now() + hour });
  github.createUser('ada');
  const config = sampleConfig({ agent: 'web-1', agentKey, listen: 1, blue: 2, green: 3 });
  const files = { '.github/sallyport.yml': config };
  await github.createRepository({ owner: 'ada', name: 'hello', files });
  const permissions = { contents: 'read', deployments: 'write', metadata: 'read' } as const;
  const token = github.tokenForAgent(repository, permissions);
  agent = await openAgent({
    config: AgentConfig.parse({
      name: 'web-1',
      environments: ['production'],
      source: { github: repository, url: github.url },
      poll: '2s',
      state,
      env_root: join(folder, 'env'),
      allow: { origins: ['app', 'operator'] },
      trust: { keys: [{ id: 'app', key: appKey.public.text, environments: ['production'] }] },
    }),
    env: { PATH: process.env['PATH'], SALLYPORT_GITHUB_TOKEN: token },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    proxyEntry: [join(import.meta.dirname, '../../src/bin/proxy.ts')],
  });
});
afterAll(async () => {
  await agent?.abort();
  await github?.close();
  await rm(folder, { recursive: true, force: true });
});

test('what people say for a time ends by GitHub’s clock, however wrong that of the host goes', async () => {
  const look = () => askAgentJson<StatusJson>(agent.socket, '/status');
  await expect.poll(async () => (await look()).agent?.connected, { timeout: 10_000 }).toBe(true);
  const act: ActAsked = {
    verb: 'pause',
    environment: 'production',
    for: half,
    request: 'request-1',
    caller: { name: 'ada', uid: 1 },
  };
  await sendAgentJson(agent.socket, '/acts', act);
  const paused = async () => (await look()).environments[0]?.pause?.until ?? null;
  await expect.poll(paused, { timeout: 10_000 }).not.toBeNull();
  const left = Date.parse((await paused())!) - (Date.now() + hour);
  expect(left).toBeGreaterThan(half - 60_000);
  expect(left).toBeLessThanOrEqual(half + 1_000);
});
