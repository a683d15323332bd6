import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.ts';
import { ProcessInit } from '../../src/adapters/init/process/process-init.ts';
import { openGithubLedger } from '../../src/adapters/ledger/github/open-ledger.ts';
import { stopProxy } from '../../src/adapters/proxy/builtin/stop-proxy.ts';
import type { AgentEvent } from '../../src/agent/events.ts';
import { makeHostKey } from '../../src/agent/host-key.ts';
import { openAgent, type OpenAgent } from '../../src/bin/agent.ts';
import { freePorts } from '../../src/bin/rehearsal/free-ports.ts';
import { run as history } from '../../src/cli/history.ts';
import { run as logs } from '../../src/cli/logs.ts';
import { run as status } from '../../src/cli/status.ts';
import type { Args, VerbModule } from '../../src/cli/verb.ts';
import type { World } from '../../src/cli/world.ts';
import { AgentConfig } from '../../src/config/agent.ts';
import { issueJob } from '../../src/deploy/issue.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import type { SigningKey } from '../../src/model/keys.ts';
import { startGithub } from '../../src/sandbox/github/server.ts';
import type { StandIn } from '../../src/sandbox/github/stand-in.ts';
import { sampleConfig } from '../../src/sandbox/sample/config.ts';
import { sampleFiles } from '../../src/sandbox/sample/service.ts';
import { appKey, draftJob } from '../support/jobs.ts';

const repository = 'ada/hello';
const permissions = { contents: 'read', deployments: 'write', metadata: 'read' } as const;

let folder: string;
let state: string;
let github: StandIn;
let hostKey: SigningKey;
let listen: number;
let agent: OpenAgent;
const events: AgentEvent[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-agent-'));
  state = join(folder, 'state');
  hostKey = await makeHostKey(state, false);
  github = await startGithub({ directory: join(folder, 'github') });
  github.createUser('ada');
  const [first = 0, blue = 0, green = 0] = await freePorts(3);
  listen = first;
  const config = sampleConfig({
    agent: 'web-1',
    agentKey: hostKey.public.text,
    listen,
    blue,
    green,
  });
  const files = { ...sampleFiles('1.0.0', 'good'), '.github/sallyport.yml': config };
  await github.createRepository({ owner: 'ada', name: 'hello', files });
  agent = await start();
});

afterAll(async () => {
  await agent?.abort();
  const init = new ProcessInit(join(state, 'slots'));
  for (const slot of ['blue', 'green']) await init.stop(`production.web.${slot}`, 1_000);
  await stopProxy(state, 1_000);
  await github?.close();
  await rm(folder, { recursive: true, force: true });
});

test('a job in GitHub becomes a running service, and the host tells of it', async () => {
  const sha = await github.commit({ repository, files: {}, message: 'Nothing new' });
  const deployment = await deploy(sha, 'the first');
  expect(await ended(deployment)).toBe('done');
  expect(await version()).toBe('1.0.0');
  expect(await ask(status, ['production'])).toMatchObject({
    code: 0,
    json: {
      environments: [
        {
          health: 'healthy',
          sync: 'synced',
          commit: sha,
          hosts: [{ name: 'web-1', targets: [{ name: 'web', slot: 'blue', version: '1.0.0' }] }],
        },
      ],
    },
  });
  expect(await ask(history, ['production'])).toMatchObject({
    json: { deployments: [{ id: String(deployment), commit: sha, state: 'completed' }] },
  });
  const { json } = await ask(logs, [String(deployment)]);
  expect((json as { lines: string[] }).lines.join('\n')).toContain('web@web-1 ended: done');
});

test('a release that does not come up is undone, with its words in the log', async () => {
  const sha = await github.commit({
    repository,
    files: sampleFiles('2.0.0', 'broken'),
    message: 'Break it',
  });
  const deployment = await deploy(sha, 'the second');
  expect(await ended(deployment)).toBe('rolled-back');
  expect(await version()).toBe('1.0.0');
  const { json } = await ask(logs, [String(deployment)]);
  expect((json as { lines: string[] }).lines.join('\n')).toContain('ECONNREFUSED: the database');
});

test('a new agent knows what the one before did, and takes its socket', async () => {
  await agent.stop();
  await expect(ask(status, [])).rejects.toMatchObject({ code: 'agent_unreachable', exit: 5 });
  agent = await start();
  await expect(start()).rejects.toMatchObject({ code: 'journal_in_use' });
  expect(await ask(status, [])).toMatchObject({
    json: { environments: [{ hosts: [{ targets: [{ version: '1.0.0' }] }] }] },
  });
  await expect(ask(history, ['elsewhere'])).rejects.toMatchObject({ exit: 4 });
  await expect(ask(logs, ['999'])).rejects.toMatchObject({ exit: 4 });
});

function start(): Promise<OpenAgent> {
  const token = github.tokenForAgent(repository, permissions);
  return openAgent({
    config: AgentConfig.parse({
      name: 'web-1',
      environments: ['production'],
      source: { github: repository, url: github.url },
      poll: '2s',
      state,
      env_root: join(folder, 'env'),
      trust: { keys: [{ id: 'app', key: appKey.public.text, environments: ['production'] }] },
    }),
    env: { PATH: process.env['PATH'], SALLYPORT_GITHUB_TOKEN: token },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    proxyEntry: [join(import.meta.dirname, '../../src/bin/proxy.ts')],
    proxyHost: '127.0.0.1',
    listeners: [(event) => events.push(event)],
  });
}

async function deploy(sha: string, cause: string): Promise<number> {
  const ledger = openGithubLedger({
    apiUrl: `${github.url}/api/v3`,
    token: () => github.tokenForAgent(repository, permissions),
    repository,
    clock: systemClock,
  });
  const id = github.repository(repository).id;
  const reader = new LedgerReader(ledger, {
    repository: id,
    app: [{ key: appKey.public, environments: 'all' }],
  });
  const draft = draftJob(cause, {
    repository: id,
    sha,
    policy: sha,
    targets: [{ name: 'web', kind: 'service', wave: 0, hosts: ['web-1'] }],
    roster: [{ name: 'web-1', key: hostKey.public.text }],
  });
  const issued = await issueJob(draft, { ledger, reader, key: appKey, clock: systemClock });
  agent.wake();
  return issued.deployment;
}

async function ended(deployment: number): Promise<string> {
  const words = /^(done|rolled-back|failed)$/;
  for (;;) {
    const event = events.find(
      (each) =>
        each.kind === 'record-written' && each.deployment === deployment && words.test(each.state),
    );
    if (event?.kind === 'record-written') return event.state;
    await systemClock.sleep(50);
  }
}

async function version(): Promise<string> {
  return (await (await fetch(`http://127.0.0.1:${listen}/version`)).text()).trim();
}

async function ask(run: VerbModule['run'], words: readonly string[]) {
  let said = '';
  const stream = { write: (text: string) => void (said += text), isTTY: false };
  const args: Args = { words, options: { socket: `${state}/agent.sock` }, json: true };
  const world = { stdout: stream, stderr: stream, env: {}, cwd: folder } as unknown as World;
  const code = await run(args, world);
  return { code, json: JSON.parse(said) as unknown };
}
