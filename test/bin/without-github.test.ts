import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { checkHistory } from '../../src/adapters/journal/file/check-history.ts';
import { makeHostKey } from '../../src/agent/host-key.ts';
import { openAgent, type OpenAgent } from '../../src/bin/agent.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { runProgram } from '../../src/cli/program.ts';
import { AgentConfig } from '../../src/config/agent.ts';
import { textWidth } from '../../src/report/text-width.ts';
import { fakeWorld } from '../cli/fake-world.ts';
import { GitRepository } from '../support/git-repository.ts';

let folder: string;
let state: string;
let live: string;
let repository: GitRepository;
let agent: OpenAgent;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-own-'));
  state = join(folder, 'state');
  live = join(folder, 'live');
  mkdirSync(live);
  const key = await makeHostKey(state, false);
  repository = new GitRepository(join(folder, 'origin'));
  repository.commit('Begin', {
    '.github/sallyport.yml': policyOf(key.public.text),
    'environments/staging/tiles.json': '{"zoom":1}\n',
    'environments/production/tiles.json': '{"zoom":1}\n',
  });
  agent = await start();
});

afterAll(async () => {
  await agent?.abort();
  rmSync(folder, { recursive: true, force: true });
});

test('what is pushed comes by itself where the policy says so', async () => {
  await until(() => liveFile('staging') === '{"zoom":1}\n');
  const sha = repository.commit('Zoom in', { 'environments/staging/tiles.json': '{"zoom":2}\n' });
  agent.wake();
  await until(() => liveFile('staging') === '{"zoom":2}\n');
  await until(async () => (await statusOf('staging')).sync === 'synced');
  expect(await statusOf('staging')).toMatchObject({ health: 'healthy', commit: sha });
  expect(liveFile('production')).toBeNull();
});

test('a plan shows what would change, and changes nothing', async () => {
  const { code, json } = await sallyport('plan', 'production', '--exit-code', '--json');
  expect(code).toBe(2);
  expect(json).toMatchObject({
    ok: true,
    environment: 'production',
    targets: [{ name: 'tiles', kind: 'files', host: 'web-1', changes: [{ action: 'add' }] }],
  });
  expect(liveFile('production')).toBeNull();
});

test('where people must approve, it waits for one who is no author', async () => {
  const asked = await sallyport('deploy', 'production', '--reason', 'the first map', '--json');
  expect(asked).toMatchObject({ code: 0, json: { verb: 'deploy', environment: 'production' } });
  const id = (asked.json as { deployment: string }).deployment;
  await until(async () => (await statusOf('production')).waits?.reason === 'awaiting_approval');
  const gates = await sallyport('gates', 'production', '--json');
  expect(gates).toMatchObject({ code: 0, json: { open: false } });

  expect(await sallyport('approve', id, '--json')).toMatchObject({
    code: 3,
    json: { ok: false, error: { code: 'is_author' } },
  });
  expect(await asBob('approve', id, '0000', '--json')).toMatchObject({
    code: 3,
    json: { error: { code: 'plan_changed' } },
  });
  expect(liveFile('production')).toBeNull();
  expect(await asBob('approve', id, '--json')).toMatchObject({ code: 0 });
  await until(() => liveFile('production') === '{"zoom":1}\n');
  await until(async () => (await statusOf('production')).sync === 'synced');

  const { json } = await sallyport('history', 'production', '--json');
  const [entry] = (json as { deployments: Record<string, unknown>[] }).deployments;
  expect(entry).toMatchObject({ id, state: 'completed', why: 'the first map' });
  expect(entry!['events']).toContainEqual(
    expect.objectContaining({ state: 'approved', by: 'bob', words: 'bob: approved' }),
  );
});

test('a lock holds what waits and refuses what is asked for; who takes it back is known', async () => {
  repository.commit('Zoom in', { 'environments/production/tiles.json': '{"zoom":2}\n' });
  const asked = await sallyport('deploy', 'production', '--ref', 'main', '--json');
  const id = (asked.json as { deployment: string }).deployment;
  expect((await asBob('lock', 'production', '--reason', 'an incident')).code).toBe(0);
  await until(async () => (await statusOf('production')).waits?.reason === 'locked');
  expect(await sallyport('deploy', 'production', '--ref', 'main', '--json')).toMatchObject({
    code: 3,
    json: { error: { code: 'locked' } },
  });
  expect(await statusOf('production')).toMatchObject({ lock: { reason: 'an incident' } });
  expect(await sallyport('reject', id, '--reason', 'not now', '--json')).toMatchObject({ code: 0 });
  expect(await sallyport('cancel', id, '--json')).toMatchObject({
    code: 3,
    json: { error: { code: 'deployment_over' } },
  });
  expect((await sallyport('unlock', 'production')).code).toBe(0);
  await until(async () => (await statusOf('production')).lock === null);
});

test('it goes back without the remote, and says since when that is away', async () => {
  repository.commit('Zoom out', { 'environments/production/tiles.json': '{"zoom":3}\n' });
  const asked = await sallyport('deploy', 'production', '--json');
  const id = (asked.json as { deployment: string }).deployment;
  await until(async () => (await statusOf('production')).waits?.reason === 'awaiting_approval');
  expect((await asBob('approve', id)).code).toBe(0);
  await until(() => liveFile('production') === '{"zoom":3}\n');
  await until(async () => (await statusOf('production')).sync === 'synced');

  renameSync(repository.directory, `${repository.directory}.away`);
  agent.wake();
  await until(async () => (await status()).agent?.connected === false);
  expect((await status()).agent?.problem).toBeTruthy();
  expect(await sallyport('deploy', 'production', '--json')).toMatchObject({ code: 5 });
  const back = await sallyport('rollback', 'production', '--wait', '--timeout', '20s');
  expect(back.code).toBe(0);
  expect(liveFile('production')).toBe('{"zoom":1}\n');
  renameSync(`${repository.directory}.away`, repository.directory);
  agent.wake();
  await until(async () => (await status()).agent?.connected === true);
});

test('the box is 80 columns wide; the history holds, and a new agent knows it', async () => {
  const box = await sallyport('status');
  expect(box.text).toContain('sallyport on web-1');
  for (const line of box.text.trimEnd().split('\n')) expect(textWidth(line)).toBe(80);
  expect(await sallyport('history', 'verify', '--state', state, '--json')).toMatchObject({
    code: 0,
    json: { whole: true },
  });
  await agent.stop();
  agent = await start();
  await until(async () => (await statusOf('production')).sync === 'synced');
  expect((await checkHistory(state)).every(({ broken }) => broken === null)).toBe(true);
  expect(await sallyport('approve', '999', '--json')).toMatchObject({ code: 4 });
  expect(await sallyport('deploy', 'produktion', '--json')).toMatchObject({
    code: 4,
    json: { error: { code: 'environment_unknown', hint: 'Did you mean production?' } },
  });
});

function start(): Promise<OpenAgent> {
  return openAgent({
    config: AgentConfig.parse({
      name: 'web-1',
      environments: ['staging', 'production'],
      source: { git: repository.directory },
      poll: '2s',
      state,
      env_root: join(folder, 'env'),
      allow: { paths: [live] },
    }),
    env: { PATH: process.env['PATH'] },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    proxyEntry: [join(import.meta.dirname, '../../src/bin/proxy.ts')],
  });
}

function policyOf(key: string): string {
  return `version: 1
targets:
  tiles:
    kind: files
    source: environments/{environment}
    destination: ${live}/tiles
agents:
  web-1: { key: "${key}", environments: [staging, production] }
environments:
  staging: { sync: auto, trigger: { branches: [main] }, override: { tiles: { destination: ${live}/staging } } }
  production:
    sync: manual
    override: { tiles: { destination: ${live}/production } }
    require: { approvals: 1 }
`;
}

function liveFile(environment: string): string | null {
  const path = join(live, environment, 'tiles.json');
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

interface StatusAnswer {
  readonly agent?: { readonly connected: boolean; readonly problem: string | null };
  readonly environments: readonly {
    readonly name: string;
    readonly sync: string;
    readonly lock: unknown;
    readonly waits: { readonly reason: string } | null;
  }[];
}

async function status(): Promise<StatusAnswer> {
  return (await sallyport('status', '--json')).json as StatusAnswer;
}

async function statusOf(environment: string) {
  return (await status()).environments.find(({ name }) => name === environment)!;
}

function asBob(...words: readonly string[]) {
  return typed(words, { SUDO_USER: 'bob', SUDO_UID: '4711' });
}

function sallyport(...words: readonly string[]) {
  return typed(words, { SUDO_USER: 'ada', SUDO_UID: '4710' });
}

/** Only root stands for somebody else: the tests are whoever they say they are. */
async function typed(words: readonly string[], env: Readonly<Record<string, string>>) {
  const { world, written } = fakeWorld();
  vi.spyOn(process, 'getuid').mockReturnValue(0);
  const parts = { checkHistory: async () => checkHistory } as unknown as typeof world.parts;
  const code = await runProgram(words, verbs, {
    ...world,
    env: { ...env, SALLYPORT_STATE: state },
    parts,
  });
  vi.restoreAllMocks();
  const text = written.stdout;
  return { code, text, json: text.startsWith('{') ? (JSON.parse(text) as unknown) : null };
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitFor(
    async () => {
      if (!(await isSo())) throw new Error(`not yet: ${JSON.stringify(await status())}`);
    },
    { timeout: 15_000, interval: 100 },
  );
}
