import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../../src/adapters/store/open-store.ts';
import { systemClock } from '../../../src/adapters/clock/system.ts';
import { Worker } from '../../../src/app/worker.ts';
import { storeContract } from '../../contract/store.ts';
import { hasPostgres, startPostgres, type PostgresServer } from '../../support/postgres.ts';

const quiet = { info() {}, warn() {}, error() {} };

storeContract('SQLite in a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sp-store-'));
  return {
    open: () => openStore({ kind: 'file', path: join(folder, 'deep', 'app.sqlite') }),
    remove: () => rm(folder, { recursive: true }),
  };
});

test('only its owner reads what SQLite keeps, also in a folder that others may look into', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sp-store-'));
  await chmod(folder, 0o755);
  const store = await openStore({ kind: 'file', path: join(folder, 'app.sqlite') });
  await store.inbox.put({ id: 'a', kind: 'push', lane: null, body: 'private' });
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.lock'));
  const modes = await Promise.all(names.map((name) => stat(join(folder, name))));
  expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['600', '600', '600']);
  await store.close();
  await rm(folder, { recursive: true });
});

describe.skipIf(!hasPostgres())('with a server of its own', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());

  const open = () => openStore({ kind: 'postgres', url: server.url });
  storeContract('PostgreSQL', () => Promise.resolve({ open, remove: () => server.clear() }));

  test('its tables are made once, however many open it at the same time', async () => {
    const stores = await Promise.all([open(), open(), open()]);
    await Promise.all(stores.map((store) => store.claim()));
    for (const store of stores) await store.close();
    await server.clear();
  });

  test('two Apps share the work, and each delivery is acted on once', async () => {
    const stores = [await open(), await open()] as const;
    const acted: string[] = [];
    const ending = new AbortController();
    const workers = stores.map(({ inbox }, app) => {
      const act = async ({ id }: { readonly id: string }) => {
        await systemClock.sleep(5);
        acted.push(`${id} by ${app}`);
      };
      return new Worker({ queue: inbox, act, clock: systemClock, log: quiet });
    });
    const running = workers.map((worker) => worker.run(ending.signal));
    const ids = Array.from({ length: 60 }, (_, n) => `d${n}`);
    for (const [n, id] of ids.entries()) {
      const lane = n % 3 === 0 ? `lane ${n % 5}` : null;
      await stores[n % 2 ? 0 : 1].inbox.put({ id, kind: 'push', lane, body: '' });
      for (const worker of workers) worker.wake();
    }
    while ((await stores[0].inbox.list({ state: 'done', most: 1 })).total < ids.length) {
      await systemClock.sleep(20);
    }
    ending.abort();
    await Promise.all(running);
    expect(acted.map((line) => String(line.split(' ')[0])).toSorted()).toEqual(ids.toSorted());
    expect(new Set(acted.map((line) => line.split(' ')[2])).size).toBe(2);
    for (const store of stores) await store.close();
    await server.clear();
  });

  test('a password is not in what people read', async () => {
    const url = server.url.replace('sallyport@', 'nobody:hunter2@');
    const refused = await openStore({ kind: 'postgres', url }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'store_unreachable' });
    expect(String(refused)).not.toContain('hunter2');
  });
});

describe('one App at a time on a file', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sp-store-'));
    path = join(folder, 'app.sqlite');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('a second one is refused until the first is gone', async () => {
    const [first, second] = [
      await openStore({ kind: 'file', path }),
      await openStore({ kind: 'file', path }),
    ];
    await first.claim();
    await expect(second.claim()).rejects.toMatchObject({ code: 'store_in_use' });
    await first.close();
    await second.claim();
    await second.close();
  });

  test('what one that was killed had begun is due at once', async () => {
    const killed = await openStore({ kind: 'file', path });
    await killed.inbox.put({ id: 'a', kind: 'push', lane: null, body: '' });
    await killed.inbox.lease({ most: 1, forMs: 60_000 });
    await killed.close();
    const next = await openStore({ kind: 'file', path });
    await next.claim();
    expect(await next.inbox.lease({ most: 1, forMs: 60_000 })).toMatchObject([{ id: 'a' }]);
    await next.close();
  });

  test('a store of a newer Sallyport is left alone', async () => {
    await (await openStore({ kind: 'file', path })).close();
    const database = new DatabaseSync(path);
    database.exec('update sallyport_schema set version = 99');
    database.close();
    await expect(openStore({ kind: 'file', path })).rejects.toMatchObject({ code: 'store_newer' });
  });
});
