import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../src/adapters/store/open-store.ts';
import { runProgram } from '../../src/cli/program.ts';
import { verbs } from '../../src/cli/verbs.ts';
import type { Store } from '../../src/ports/store.ts';
import { fakeWorld } from './fake-world.ts';

let folder: string;
let store: Store;
const body = JSON.stringify({ action: 'created', comment: { body: 'hi \u001b[31m' } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sp-deliveries-'));
  store = await openStore({ kind: 'file', path: join(folder, 'app.sqlite') });
  for (const id of ['first', 'second']) {
    await store.inbox.put({ id, kind: 'issue_comment', lane: null, body });
  }
  const [first, second] = await store.inbox.lease({ most: 2, forMs: 60_000 });
  await store.inbox.failed(first!, 'GitHub could not be asked', null);
  await store.inbox.done(second!);
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function sallyport(...args: readonly string[]) {
  const { world, written } = fakeWorld();
  const parts = { ...world.parts, openStore: () => Promise.resolve(openStore) };
  const env = { SALLYPORT_STATE: folder };
  const code = await runProgram([...args], verbs, { ...world, parts, env });
  return { code, ...written };
}

test('list shows the newest first; --failed what was given up', async () => {
  const { stdout } = await sallyport('deliveries', 'list');
  const [heading, ...lines] = stdout.trim().split('\n');
  expect(heading).toMatch(/^id +received +event +state +tries +error$/);
  expect(lines[0]).toMatch(/^second .* issue_comment +done +1/);
  expect(lines[1]).toMatch(/^first .* failed +1 +GitHub could not/);

  const failed = await sallyport('deliveries', 'list', '--failed', '--json');
  expect(JSON.parse(failed.stdout)).toMatchObject({
    schema: 1,
    ok: true,
    total: 1,
    deliveries: [{ id: 'first', event: 'issue_comment', state: 'failed', attempts: 1 }],
  });
});

test('show prints the payload, and nothing that a terminal would obey', async () => {
  const { stdout } = await sallyport('deliveries', 'show', 'first');
  expect(stdout).toContain('error: GitHub could not be asked');
  expect(stdout).toContain('"action": "created"');
  expect(stdout).not.toContain('\u001b');
  const json = await sallyport('deliveries', 'show', 'first', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ delivery: { payload: { action: 'created' } } });
});

test('replay makes a delivery due again, unless it is being acted on', async () => {
  expect((await sallyport('deliveries', 'replay', 'first')).code).toBe(0);
  const [item] = await store.inbox.lease({ most: 1, forMs: 60_000 });
  expect(item).toMatchObject({ id: 'first', attempts: 1 });
  const again = await sallyport('deliveries', 'replay', 'first');
  expect(again).toMatchObject({ code: 3, stderr: expect.stringContaining('at this moment') });
});

test.each(['show', 'replay'])('%s of an unknown delivery finds nothing', async (verb) => {
  const { code, stderr } = await sallyport('deliveries', verb, 'none');
  expect([code, stderr]).toEqual([4, expect.stringContaining('sallyport deliveries list')]);
});

test('looking makes no store', async () => {
  const { world, written } = fakeWorld();
  const code = await runProgram(['deliveries', 'list'], verbs, {
    ...world,
    env: { SALLYPORT_STATE: join(folder, 'none') },
  });
  expect([code, written.stderr]).toEqual([4, expect.stringContaining('No App has written')]);
});
