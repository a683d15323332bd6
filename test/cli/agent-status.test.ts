import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../../src/cli/agent-status.ts';
import type { Parts } from '../../src/cli/parts.ts';
import { statusJson } from '../../src/report/status-json.ts';
import type { UpkeepParts } from '../../src/upkeep/parts.ts';
import { sampleDeployment, sampleEnvironment, start } from '../report/samples.ts';
import { fakeMachine } from '../support/fake-machine.ts';
import { fakeWorld } from './fake-world.ts';

const config = '/etc/sallyport/agent.yml';
let folder: string;
let server: Server;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-status-'));
  server = createServer((_request, response) => response.end(JSON.stringify(status())));
  server.listen(join(folder, 'agent.sock'));
  await once(server, 'listening');
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function status() {
  const web = {
    host: 'web-1',
    name: 'web',
    slot: 'blue',
    version: 'v1',
    health: 'healthy',
  } as const;
  const stop = { kind: 'maintenance', text: 'Later.', by: 'ada', since: start } as const;
  const view = sampleEnvironment([sampleDeployment(2)]);
  const now = new Date(start).toISOString();
  const agent = { host: 'web-1', version: '1', since: now, source: 'x', connected: true };
  return { ...statusJson([{ view, seen: [{ ...web, stops: [stop] }] }]), agent };
}

async function typed(json: boolean): Promise<string> {
  const machine = fakeMachine();
  const source = { git: '/srv/shop.git', branch: 'main' };
  const agent = { name: 'web-1', state: folder, source, environments: ['production'] };
  await machine.write(config, JSON.stringify(agent), 0o600, null);
  const { world, written } = fakeWorld();
  const upkeep = { machine, clock: { now: () => start + 65_000 } } as unknown as UpkeepParts;
  const parts = { upkeep: async () => upkeep } as unknown as Parts;
  expect(await run({ words: [], options: { config }, json }, { ...world, parts })).toBe(0);
  return written.stdout;
}

test('it says who stopped the traffic of what by hand', async () => {
  expect(await typed(false)).toMatch(
    /^production +healthy, synced\n +web: in maintenance by ada for 1 min 5 s$/m,
  );
  expect(JSON.parse(await typed(true))).toMatchObject({
    environments: [
      { name: 'production', stops: [{ target: 'web', kind: 'maintenance', message: 'Later.' }] },
    ],
  });
});
