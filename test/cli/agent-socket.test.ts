import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findSocket } from '../../src/cli/agent-socket.ts';
import type { Args } from '../../src/cli/verb.ts';
import type { World } from '../../src/cli/world.ts';
import { SallyportError } from '../../src/model/errors.ts';
import { appKey } from '../support/jobs.ts';

let runtime: string;
const files = new Map<string, string>();

beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), 'sallyport-socket-'));
  // A `sallyport try` that happens to run here is not meant.
  vi.stubEnv('TMPDIR', runtime);
  files.clear();
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(runtime, { recursive: true });
});

const agentYml = `name: web-1
environments: [production]
source: { github: acme/shop }
state: /srv/state
trust: { keys: [{ id: app, key: "${appKey.public.text}", environments: [production] }] }
`;

test('the socket that was named comes first', async () => {
  expect(await find({ socket: 'here/agent.sock' }, { SALLYPORT_STATE: '/s' })).toBe(
    '/work/here/agent.sock',
  );
});

test('then the configuration that was named, then the state folder of the environment', async () => {
  files.set('my.yml', agentYml);
  expect(await find({ config: 'my.yml' }, { SALLYPORT_STATE: '/s' })).toBe('/srv/state/agent.sock');
  expect(await find({}, { SALLYPORT_STATE: '/s' })).toBe('/s/agent.sock');
});

test('then the configuration of the host', async () => {
  files.set('/etc/sallyport/agent.yml', agentYml);
  writePointer(process.pid);
  expect(await find({})).toBe('/srv/state/agent.sock');
});

test('an agent of one’s own comes before that of the host', async () => {
  files.set('/etc/sallyport/agent.yml', agentYml);
  files.set('/home/ada/.config/sallyport/agent.yml', agentYml.replace('/srv/state', '/home/ada/s'));
  expect(await find({}, { HOME: '/home/ada' })).toBe('/home/ada/s/agent.sock');
  expect(await find({}, { HOME: '/home/bob' })).toBe('/srv/state/agent.sock');
});

test('then the rehearsal that runs for this user', async () => {
  writePointer(process.pid);
  expect(await find({})).toBe('/tmp/x/agent.sock');
});

test('a rehearsal that is over, or whose word others may have written, is not believed', async () => {
  writePointer(2 ** 22 + 1);
  await expect(find({})).rejects.toMatchObject({ code: 'agent_not_found', exit: 4 });
  chmodSync(writePointer(process.pid), 0o622);
  await expect(find({})).rejects.toMatchObject({ code: 'agent_not_found' });
});

test('a configuration with a problem is said so', async () => {
  files.set('/etc/sallyport/agent.yml', 'name: [');
  await expect(find({})).rejects.toMatchObject({ code: 'config_invalid', exit: 2 });
});

function writePointer(pid: number): string {
  const path = join(runtime, `sallyport-try-${process.getuid!()}.json`);
  writeFileSync(path, JSON.stringify({ socket: '/tmp/x/agent.sock', pid }), { mode: 0o600 });
  return path;
}

function find(options: Args['options'], env: World['env'] = {}): Promise<string> {
  const world = {
    cwd: '/work',
    env: { XDG_RUNTIME_DIR: runtime, ...env },
    readFile: async (path: string) => {
      const text = files.get(path);
      if (text !== undefined) return Buffer.from(text);
      throw new SallyportError({ code: 'file_not_found', message: `no ${path}` });
    },
  } as unknown as World;
  return findSocket({ words: [], options, json: false }, world);
}
