import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { makeHostKey } from '../../src/agent/host-key.ts';
import { openAgent } from '../../src/bin/agent.ts';
import { AgentConfig } from '../../src/config/agent.ts';
import { GitRepository } from '../support/git-repository.ts';
import { openReceiver } from '../support/http-receiver.ts';
import { signedHook } from '../support/notifier-services.ts';

async function bench() {
  const folder = mkdtempSync(join(tmpdir(), 'sp-agent-notes-'));
  const [state, live] = [join(folder, 'state'), join(folder, 'live')];
  mkdirSync(live);
  const hook = await openReceiver(signedHook('known to both'));
  const key = await makeHostKey(state, false);
  const repository = new GitRepository(join(folder, 'origin'));
  repository.commit('Begin', {
    '.github/sallyport.yml': `version: 1
targets:
  tiles: { kind: files, source: tiles, destination: ${live}/tiles }
agents:
  web-1: { key: "${key.public.text}", environments: [staging] }
environments:
  staging:
    sync: auto
    notify:
      - { slack: $NOT_THERE }
      - { webhook: $HOOK, secret: $HOOK_SECRET }
`,
    'tiles/one.json': '{"zoom":1}\n',
  });
  const config = AgentConfig.parse({
    name: 'web-1',
    environments: ['staging'],
    source: { git: repository.directory },
    poll: '2s',
    state,
    env_root: join(folder, 'env'),
    allow: { paths: [live] },
  });
  const errors: string[] = [];
  const start = () =>
    openAgent({
      // Shorter than a configuration may ask for.
      config: { ...config, reconcile: 300 },
      env: {
        PATH: process.env['PATH'],
        HOOK: hook.url,
        HOOK_SECRET: 'known to both',
      },
      log: {
        info: () => undefined,
        warn: () => undefined,
        error: (message, facts) => void errors.push(`${message}: ${String(facts?.['message'])}`),
      },
      proxyEntry: [join(import.meta.dirname, '../../src/bin/proxy.ts')],
    });
  onTestFinished(async () => {
    await hook.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const events = () => hook.taken.map((body) => (JSON.parse(body) as { event: string }).event);
  return { start, hook, events, errors, state, file: join(live, 'tiles', 'one.json') };
}

test('an agent without an App tells what happens, once, and of drift', async () => {
  const { start, hook, events, errors, state, file } = await bench();
  let agent = await start();
  onTestFinished(() => agent.abort());
  await vi.waitFor(() => expect(events()).toEqual(['started', 'completed']), 20_000);
  expect(JSON.parse(hook.taken[1]!)).toMatchObject({
    repository: { url: null },
    environment: 'staging',
    targets: ['tiles'],
    hosts: ['web-1'],
    link: null,
  });
  await agent.stop();
  agent = await start();

  expect(readFileSync(file, 'utf8')).toBe('{"zoom":1}\n');
  writeFileSync(file, '{"zoom":9}\n');
  const drifted = ['started', 'completed', 'out-of-sync'];
  await vi.waitFor(() => expect(events()).toEqual(drifted), 20_000);
  expect(errors.filter((line) => line.includes('NOT_THERE'))).toHaveLength(3);
  expect(existsSync(join(state, 'outbox.json'))).toBe(true);
  expect(hook.complaints).toEqual([]);
}, 60_000);
