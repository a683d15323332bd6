import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../../src/adapters/store/open-store.ts';
import type { StorePlace } from '../../../src/ports/store.ts';
import { hasPostgres, startPostgres, type PostgresServer } from '../../support/postgres.ts';

const rounds = process.env['SALLYPORT_LONG'] === '1' ? 50 : 4;
const writer = join(import.meta.dirname, 'store-writer.ts');

/** Ids that the writer named before it was killed in the middle of its work. */
async function writeUntilKilled(place: StorePlace, round: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [writer, JSON.stringify(place), String(round)]);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (said.split('\n').length > 5 + round) child.kill('SIGKILL');
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  await once(child, 'close');
  expect(errors).toBe('');
  // The last line may be cut.
  return said.split('\n').slice(0, -1);
}

test(`kill -9, ${rounds} times: what was acknowledged is in the file`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sp-kill-'));
  const place: StorePlace = { kind: 'file', path: join(folder, 'app.sqlite') };
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    acknowledged.push(...(await writeUntilKilled(place, round)));
  }
  const store = await openStore(place);
  const { items } = await store.inbox.list({ state: null, most: 100_000 });
  await store.close();
  await rm(folder, { recursive: true });
  expect(acknowledged.length).toBeGreaterThan(rounds * 5);
  const kept = new Set(items.map(({ id }) => id));
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
});

describe.skipIf(!hasPostgres())('PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());

  test('what was acknowledged survives a crash of a server that would lose other commits', async () => {
    const place: StorePlace = { kind: 'postgres', url: server.url };
    const store = await openStore(place);
    for (const id of ['a', 'b', 'c']) {
      await store.inbox.put({ id, kind: 'push', lane: null, body: '' });
    }
    await server.crash();
    await expect(store.ping()).rejects.toMatchObject({ code: 'store_unreachable' });
    await server.start();
    expect((await store.inbox.list({ state: null, most: 5 })).total).toBe(3);
    await store.close();
  });
});
